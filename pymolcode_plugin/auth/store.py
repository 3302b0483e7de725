"""`auth.json`: 0600 from its first byte, replaced as a whole, one writer at a time, never overwritten when corrupt.

On Windows modes mean nothing; there the rights of the user's own folder decide who may read it.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import SecretStr

from .. import whole_files
from ..config import paths
from ..core.errors import AuthError
from ..masking import hide
from . import entries
from .credentials import Credential
from .vault import SystemKeyring, Vault

_WRITE_LIMIT_S = 10.0
_RENEW_LIMIT_S = 90.0  # the one that holds the lock may wait for a slow token endpoint
_Raw = dict[str, Any]


class TokenStore:
    """Read anew at every use, so that a sign-in elsewhere counts at the next request. Blocking: use a worker thread.

    Args:
        path: The file; `~/.pymolcode/auth.json` by default.
        vault: Keeps the secrets of what is stored from now on; None keeps them in the file.
    """

    def __init__(self, path: Path | None = None, *, vault: Vault | None = None) -> None:
        self.path = path or paths.auth_file()
        self._vault = vault
        self._set_aside: Path | None = None

    @classmethod
    def users_own(cls, *, keyring: bool) -> TokenStore:
        """`~/.pymolcode/auth.json`; with secrets in the system's keyring from now on, where the user wants that."""
        return cls(paths.auth_file(), vault=SystemKeyring() if keyring else None)

    @property
    def set_aside(self) -> Path | None:
        """Where a corrupt file was put, when this store found one; to be said to the user."""
        return self._set_aside

    @property
    def keeps_in(self) -> str:
        """Where secrets go, for people."""
        return "the system's keyring" if self._vault else str(self.path)

    def all(self) -> dict[str, Credential]:
        """Every entry by provider; empty where there is no file. Entries that make no sense are left out, and kept.

        Raises:
            AuthError: It cannot be read (rights, disk).
        """
        found = {provider_id: entries.credential(provider_id, raw) for provider_id, raw in self._read().items()}
        return {provider_id: self._whole(item) for provider_id, item in found.items() if item is not None}

    def get(self, provider_id: str) -> Credential | None:
        """The entry of a provider.

        Raises:
            AuthError: The store cannot be read.
        """
        found = entries.credential(provider_id, self._read().get(provider_id))
        return self._whole(found) if found else None

    def put(self, credential: Credential) -> None:
        """Add or replace an entry, all others as they are.

        Raises:
            AuthError: It cannot be written; the file is as it was.
        """
        hide(credential.access_token, credential.refresh_token)
        with self._writing() as content:
            old = content.get(credential.provider_id)
            content[credential.provider_id] = entries.merged(old, self._without_secrets(credential))

    def remove(self, provider_id: str) -> Credential | None:
        """Take an entry out; what it was.

        Raises:
            AuthError: The store cannot be read or written.
        """
        with self._writing() as content:
            found = entries.credential(provider_id, content.pop(provider_id, None))
        if found is None or not found.metadata.get("keyring"):
            return found
        whole = self._whole(found)
        (self._vault or SystemKeyring()).remove(provider_id)
        return whole

    def choose(self, provider_id: str, model: str = "") -> None:
        """This is the provider to use from now on (`metadata.chosen_at`); makes an entry where there is none.

        Raises:
            AuthError: The store cannot be read or written.
        """
        with self._writing() as content:
            old = content.get(provider_id)
            found = entries.credential(provider_id, old) or Credential(provider_id=provider_id, token_type="none")  # noqa: S106  # a kind
            metadata = {name: value for name, value in found.metadata.items() if name != "model"}
            metadata |= {"chosen_at": time.time()} | ({"model": model} if model else {})
            content[provider_id] = entries.merged(old, found.model_copy(update={"metadata": metadata}))

    def chosen(self) -> Credential | None:
        """The entry with the newest `metadata.chosen_at`.

        Raises:
            AuthError: The store cannot be read.
        """
        return newest_choice(self.all().values())

    def lock(self, provider_id: str) -> FileLock:
        """What refreshes and sign-ins of one provider wait for, across threads and processes."""
        self._make_folder()
        return self._lock(f"{self.path.stem}-{entries.file_name(provider_id)}.lock")

    @contextlib.contextmanager
    def locked(self, provider_id: str) -> Iterator[None]:
        """Hold `lock`; `put` may be called inside.

        Raises:
            AuthError: Somebody else holds it too long.
        """
        with _held(self.lock(provider_id), _RENEW_LIMIT_S, f"the sign-in of {provider_id}"):
            yield

    def _whole(self, credential: Credential) -> Credential:
        """With its secrets, wherever they are."""
        if credential.metadata.get("keyring"):
            vault = self._vault or SystemKeyring()
            credential = entries.with_secrets(credential, vault.get(credential.provider_id))
        hide(credential.access_token, credential.refresh_token)
        return credential

    def _without_secrets(self, credential: Credential) -> Credential:
        """As the file keeps it."""
        metadata = {name: value for name, value in credential.metadata.items() if name != "keyring"}
        if self._vault is None or not credential.access_token.get_secret_value():
            return credential.model_copy(update={"metadata": metadata})
        self._vault.put(credential.provider_id, entries.secrets(credential))
        empty = {"access_token": SecretStr(""), "refresh_token": None, "metadata": metadata | {"keyring": True}}
        return credential.model_copy(update=empty)

    def _read(self) -> _Raw:
        content = self._content()
        if content is None:
            with self._write_lock():
                content = self._content()
                if content is None:
                    self._put_aside()
        return content or {}

    def _content(self) -> _Raw | None:
        """What the file holds; None where that makes no sense."""
        try:
            self._narrow()
            text = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise AuthError(
                f"{self.path} cannot be read: {error.strerror or error}.", hint="Correct its owner and its rights."
            ) from error
        try:
            content = json.loads(text.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) else None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[_Raw]:
        """The content, to be changed; written when the block ends."""
        self._make_folder()
        with self._write_lock():
            content = self._content()
            if content is None:
                self._put_aside()
            changed: _Raw = content or {}
            yield changed
            self._write(changed)

    def _write(self, content: Mapping[str, object]) -> None:
        try:
            whole_files.discard_left(self.path)
            data = json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")
            whole_files.write(self.path, data, private=True)
        except OSError as error:
            raise AuthError(
                f"{self.path} cannot be written: {error.strerror or error}. It is as it was.",
                hint="Make room on the disk, or correct the rights of its folder, and try again.",
            ) from error

    def _put_aside(self) -> None:
        """Keep what cannot be read; somebody may still get their sign-ins out of it."""
        stamp = datetime.datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
        names = (f"{self.path.name}.damaged-{stamp}{f'_{number}' if number else ''}" for number in range(1000))
        aside = next(path for path in map(self.path.with_name, names) if not path.exists())
        try:
            self.path.resolve().rename(aside)
            aside.chmod(0o600)
        except OSError as error:
            raise AuthError(
                f"{self.path} is damaged and cannot be moved away: {error.strerror or error}.",
                hint="Move it away by hand, then sign in again.",
            ) from error
        self._set_aside = aside

    def _narrow(self) -> None:
        """Nobody else reads it, whoever made it; where it is not ours to change, it stays."""
        for path, mode in ((self.path, 0o600), (self.path.parent, 0o700)):
            with contextlib.suppress(PermissionError):
                if os.name != "nt" and path.stat().st_mode & 0o077:
                    path.chmod(mode)

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise AuthError(f"{self.path.parent} cannot be made: {error.strerror or error}.") from error

    def _write_lock(self) -> contextlib.AbstractContextManager[None]:
        return _held(self._lock(f"{self.path.name}.lock"), _WRITE_LIMIT_S, str(self.path))

    def _lock(self, name: str) -> FileLock:
        # Not of a thread: what one worker thread takes, another gives back.
        return FileLock(self.path.with_name(name), mode=0o600, thread_local=False)


@contextlib.contextmanager
def _held(lock: FileLock, limit_s: float, what: str) -> Iterator[None]:
    try:
        lock.acquire(timeout=limit_s)
    except Timeout:
        raise AuthError(
            f"Another pymolcode holds {what} for longer than {limit_s:.0f} s.", hint="Try again when it is done."
        ) from None
    except OSError as error:
        raise AuthError(
            f"{what} cannot be locked: {error.strerror or error}.", hint="Correct the rights of its folder."
        ) from error
    try:
        yield
    finally:
        lock.release()


def newest_choice(credentials: Iterable[Credential]) -> Credential | None:
    """The one with the newest `metadata.chosen_at`."""
    return max(filter(_chosen_at, credentials), key=_chosen_at, default=None)


def _chosen_at(credential: Credential) -> float:
    found = credential.metadata.get("chosen_at", 0.0)
    return float(found) if isinstance(found, (int, float)) else 0.0
