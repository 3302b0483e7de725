"""Who is signed in to what: `auth.json`, and the system's keyring where the user wants secrets to be there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock
from pydantic import SecretStr

from ..config import paths
from ..core.errors import AuthError
from ..masking import hide
from . import entries
from .credentials import Credential
from .store_file import StoreFile
from .vault import SystemKeyring, Vault

# What the user chooses, also while a token is being renewed.
_OF_THE_USER = frozenset({"chosen_at", "model", "base_url"})
_OF_THE_KEYRING = frozenset({"keyring", "renewable"})


class TokenStore:
    """Read anew at every use, so that a sign-in elsewhere counts at the next request. Blocking: use a worker thread.

    A keyring may ask the user for a password, so it is asked only where a secret is needed: by `get`, and by what
    changes an entry.

    Args:
        path: The file; `~/.pymolcode/auth.json` by default.
        vault: Keeps the secrets of what is stored from now on; None keeps them in the file.
    """

    def __init__(self, path: Path | None = None, *, vault: Vault | None = None) -> None:
        self.path = path or paths.auth_file()
        self._file = StoreFile(self.path)
        self._vault = vault

    @classmethod
    def users_own(cls, *, keyring: bool) -> TokenStore:
        """`~/.pymolcode/auth.json`; with secrets in the system's keyring from now on, where the user wants that."""
        return cls(paths.auth_file(), vault=SystemKeyring() if keyring else None)

    @property
    def set_aside(self) -> Path | None:
        """Where a corrupt file was put, by any store of this process; to be said to the user."""
        return self._file.set_aside

    def damaged(self) -> tuple[Path, ...]:
        """Corrupt files that were put aside, now or earlier, and are still there."""
        return self._file.all_set_aside()

    @property
    def keeps_in(self) -> str:
        """Where secrets go, for people."""
        return "the system's keyring" if self._vault else str(self.path)

    def all(self) -> dict[str, Credential]:
        """Every entry by provider, without what a keyring keeps; empty where there is no file.

        Entries that make no sense are left out, and kept.

        Raises:
            AuthError: It cannot be read (rights, disk).
        """
        found = {provider_id: entries.credential(provider_id, raw) for provider_id, raw in self._file.read().items()}
        # All of them, though one may be wanted: what reads the file can show any of it.
        return {provider_id: _hidden(item) for provider_id, item in found.items() if item is not None}

    def unreadable(self) -> tuple[str, ...]:
        """The providers whose entries make no sense: of another version, or changed by hand; raises as `all` does."""
        return tuple(name for name, raw in self._file.read().items() if entries.credential(name, raw) is None)

    def entry(self, provider_id: str) -> Credential | None:
        """The entry of a provider, without what a keyring keeps; raises as `all` does."""
        return self.all().get(provider_id)

    def get(self, provider_id: str) -> Credential | None:
        """The entry of a provider with its secrets.

        Raises:
            AuthError: The store cannot be read, or the keyring does not give the secret.
        """
        found = self.entry(provider_id)
        return self._whole(found) if found else None

    def put(self, credential: Credential) -> None:
        """Add or replace an entry, all others as they are.

        Raises:
            AuthError: It cannot be written; the file is as it was.
        """
        bare = self._without_secrets(credential)  # before: a keyring may wait for the user, a lock must not
        with self._file.writing() as content:
            old = content.get(credential.provider_id)
            content[credential.provider_id] = entries.merged(old, bare)

    def renew(self, credential: Credential) -> Credential:
        """Put what a refresh brought: as `put`, but what the user chose meanwhile stays; what is stored now.

        Raises:
            AuthError: It cannot be written.
        """
        bare = self._without_secrets(credential)
        with self._file.writing() as content:
            old = content.get(credential.provider_id)
            now = entries.credential(credential.provider_id, old)
            if now is not None:
                chosen = {name: value for name, value in now.metadata.items() if name in _OF_THE_USER}
                said = {name: value for name, value in bare.metadata.items() if name not in _OF_THE_USER}
                bare = bare.model_copy(update={"metadata": {**said, **chosen}})
            content[credential.provider_id] = entries.merged(old, bare)
        secrets = {"access_token": credential.access_token, "refresh_token": credential.refresh_token}
        return bare.model_copy(update=secrets)

    def remove(self, provider_id: str) -> Credential | None:
        """Take an entry out; what it was.

        Raises:
            AuthError: The store cannot be read or written, or the keyring does not give its secret back.
        """
        with self._file.writing() as content:
            found = entries.credential(provider_id, content.pop(provider_id, None))
        if found is None or not found.in_keyring:
            return found
        try:
            whole = self._whole(found)
            (self._vault or SystemKeyring()).remove(provider_id)
        except AuthError as error:
            raise AuthError(
                f"{provider_id} was forgotten, but its secret may still be in the keyring. {error.args[0]}",
                hint="Remove `pymolcode` from the keyring by hand, and end the sign-in in your account there.",
            ) from None
        return whole

    def choose(self, provider_id: str, model: str = "") -> None:
        """This is the provider to use from now on (`metadata.chosen_at`); makes an entry where there is none.

        Raises:
            AuthError: The store cannot be read or written, or its entry makes no sense and would be lost.
        """
        with self._file.writing() as content:
            old = content.get(provider_id)
            found = entries.credential(provider_id, old)
            if found is None and old is not None:
                raise AuthError(
                    f"The entry of {provider_id} in {self.path} makes no sense; it was left as it is.",
                    hint=f"Correct it, or sign in anew: `pymolcode-auth login {provider_id}`.",
                )
            found = found or Credential(provider_id=provider_id, token_type="none")  # noqa: S106  # a kind
            metadata = {name: value for name, value in found.metadata.items() if name != "model"}
            metadata |= {"chosen_at": time.time()} | ({"model": model} if model else {})
            content[provider_id] = entries.merged(old, found.model_copy(update={"metadata": metadata}))

    def chosen(self) -> Credential | None:
        """The entry with the newest `metadata.chosen_at`, as `all` has it.

        Raises:
            AuthError: The store cannot be read.
        """
        return newest_choice(self.all().values())

    def lock(self, provider_id: str) -> FileLock:
        """What refreshes and sign-ins of one provider wait for, across processes; `locking.held` holds it.

        Raises:
            AuthError: Its folder cannot be made.
        """
        self._file.make_folder()
        return self._file.lock(f"{self.path.stem}-{entries.file_name(provider_id)}.lock")

    def _whole(self, credential: Credential) -> Credential:
        """With its secrets, wherever they are."""
        if not credential.in_keyring:
            return credential
        vault = self._vault or SystemKeyring()
        return _hidden(entries.with_secrets(credential, vault.get(credential.provider_id)))

    def _without_secrets(self, credential: Credential) -> Credential:
        """As the file keeps it."""
        _hidden(credential)
        if not credential.access_token.get_secret_value():
            return credential  # nothing to keep; what a keyring has of it stays there
        metadata = {name: value for name, value in credential.metadata.items() if name not in _OF_THE_KEYRING}
        if self._vault is None:
            return credential.model_copy(update={"metadata": metadata})
        self._vault.put(credential.provider_id, entries.secrets(credential))
        metadata |= {"keyring": True, "renewable": credential.refresh_token is not None}
        empty = {"access_token": SecretStr(""), "refresh_token": None, "metadata": metadata}
        return credential.model_copy(update=empty)


def _hidden(credential: Credential) -> Credential:
    """The same, whose secrets `mask` knows from now on."""
    hide(credential.access_token, credential.refresh_token)
    return credential


def newest_choice(credentials: Iterable[Credential]) -> Credential | None:
    """The one with the newest `metadata.chosen_at`."""
    return max(filter(_chosen_at, credentials), key=_chosen_at, default=None)


def _chosen_at(credential: Credential) -> float:
    found = credential.metadata.get("chosen_at", 0.0)
    return float(found) if isinstance(found, (int, float)) else 0.0
