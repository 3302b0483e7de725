"""The sign-in service: what the command line, the panel and requests to models ask for."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from .. import logs
from ..config.settings import Settings
from ..core import tasks
from ..core.errors import AuthError, SignInFailed
from . import chatgpt, device, discovery, endpoint, keys, locking, openrouter, pkce, providers
from .attempt import Attempt, Keep, Time
from .credentials import Credential, OAuthClient, SignedIn, SignedOut, SignInFront
from .own_clients import need_client, own_clients
from .providers import Method, OAuth, Provider
from .refresh import refreshed
from .renew import renew, same, signed_in_at
from .revoke import revoke
from .store import TokenStore

_REVOKE_LIMIT_S = 15.0
# What a new sign-in keeps of the one before.
_KEPT = ("model", "base_url")

_log = logs.get("auth")


class SignIn:
    """Signs in, out, and hands out what requests carry.

    Args:
        store: Where credentials are kept.
        clients: Client ids that the user configured (`auth:` in config.yaml), by provider.
        find: The entry of a provider.
        time: The clock; tests replace it.
    """

    def __init__(
        self,
        store: TokenStore,
        clients: Mapping[str, OAuthClient] | None = None,
        *,
        find: Callable[[str], Provider] = providers.find,
        time: Time | None = None,
    ) -> None:
        self._store = store
        self._clients = dict(clients or {})
        self._find = find
        self._time = time or Time()

    @classmethod
    def from_settings(cls, settings: Settings) -> SignIn:
        """The user's own: `~/.pymolcode/auth.json`, or the keyring, and the clients of config.yaml and the environment.

        Raises:
            ConfigError: `auth:` makes no sense.
        """
        store = TokenStore.users_own(keyring=settings.keyring)
        return cls(store, own_clients(settings.auth, settings.variables or os.environ, providers.providers()))

    async def sign_in(
        self,
        provider_id: str,
        method: Method,
        front: SignInFront | None = None,
        *,
        key: SecretStr | None = None,
        base_url: str = "",
    ) -> SignedIn:
        """Sign in and make it the provider in use; cancelling leaves nothing behind.

        Args:
            provider_id: Of `resources/providers.yaml`.
            method: `key` stores `key`, the others need a front.
            front: The terminal or dialog of a browser or device sign-in.
            key: Of the provider, for the method `key`.
            base_url: Where the provider is, stored beside the credential in one step, so that no request ever carries
                the new key to the old address; empty keeps what was there.

        Raises:
            SignInFailed: Refused, timed out, or the answer was not ours; says what to do.
            AuthError: What came cannot be stored.
        """
        provider = self._find(provider_id)
        if method == "key" and "key" in provider.methods:
            credential = keys.credential(provider, key)
            await self._keep(credential, base_url)
        else:
            credential = await self._by_oauth(provider, method, front, base_url)
        _log.info("auth.signed_in", provider=provider.id, method=method)
        preview = bool(provider.oauth and provider.oauth.preview and method != "key")
        return SignedIn(
            provider_id=provider.id,
            method=method,
            account=str(credential.metadata.get("account", "")),
            expires_at=credential.expires_at,
            note=f"This sign-in is a preview of {provider.title}'s and may change." if preview else "",
        )

    async def _by_oauth(
        self, provider: Provider, method: Method, front: SignInFront | None, base_url: str
    ) -> Credential:
        brought = self._clients.get(provider.id)
        oauth = provider.oauth or (OAuth(methods=("browser", "device")) if brought else None)
        if oauth is None or method not in oauth.methods:
            known = ", ".join(provider.methods) or "none is needed"
            raise SignInFailed(f"{provider.title} has no sign-in by {method}.", hint=f"Ways to sign in: {known}.")
        if front is None:
            raise SignInFailed(f"Signing in by {method} needs somebody to show it to.")
        client = need_client(provider, oauth, brought)
        before = await asyncio.to_thread(self._before, provider.id)
        kept: list[Credential] = []

        async def keep(credential: Credential) -> None:
            await self._keep(credential, base_url)
            kept.append(credential)

        try:
            async with await endpoint.client() as http:
                addresses = await discovery.addresses(http, oauth, client)
                attempt = Attempt(provider, oauth, client, addresses, front, http, self._time)
                await self._flow(attempt, method, keep, before)
        except BaseException:
            # Stopped when all was done but for the browser's page: whoever stops it wants it not to be.
            if kept:
                await tasks.to_its_end(self._put_back(kept[0], before), name="auth.put_back")
            raise
        return kept[0]

    async def _flow(self, attempt: Attempt, method: Method, keep: Keep, before: Credential | None) -> None:
        if method == "device":
            await device.sign_in(attempt, keep)
        elif attempt.oauth.kind == "openrouter":
            await openrouter.sign_in(attempt, keep)
        elif attempt.oauth.kind == "chatgpt":
            host_id = await asyncio.to_thread(chatgpt.host_id)
            await chatgpt.sign_in(chatgpt.again(attempt, before), keep, host_id=host_id)
        else:
            await pkce.sign_in(attempt, keep)

    def _before(self, provider_id: str) -> Credential | None:
        """What was stored, to be put back; without its secrets where a keyring that is broken has them.

        It must not stand in the way of a new sign-in, which is how one gets rid of it.
        """
        try:
            return self._store.get(provider_id)
        except AuthError:
            return self._store.entry(provider_id)

    async def _keep(self, credential: Credential, base_url: str) -> None:
        """Store it as the provider in use; where that is cancelled or fails, the store is as it was."""
        async with locking.held(self._store, credential.provider_id):
            before = await asyncio.to_thread(self._before, credential.provider_id)
            try:
                await tasks.to_its_end(asyncio.to_thread(self._put, credential, before, base_url), name="auth.keep")
            except BaseException:
                with contextlib.suppress(AuthError):  # what is raised then is why it is put back
                    await tasks.to_its_end(asyncio.to_thread(self._restore, credential, before), name="auth.put_back")
                raise

    def _put(self, credential: Credential, before: Credential | None, base_url: str) -> None:
        told = {name: before.metadata[name] for name in _KEPT if name in before.metadata} if before else {}
        told |= {"base_url": base_url} if base_url else {}
        self._store.put(credential.model_copy(update={"metadata": {**told, **credential.metadata}}))
        self._store.choose(credential.provider_id, str(told.get("model", "")))

    async def _put_back(self, credential: Credential, before: Credential | None) -> None:
        with contextlib.suppress(AuthError):  # as in `_keep`
            async with locking.held(self._store, credential.provider_id):
                await asyncio.to_thread(self._restore, credential, before)

    def _restore(self, credential: Credential, before: Credential | None) -> None:
        now = self._store.get(credential.provider_id)
        if now is None or now.access_token != credential.access_token:
            return  # it never got there, or somebody signed in meanwhile
        if before is None:
            self._store.remove(credential.provider_id)
        else:
            self._store.put(before)

    async def sign_out(self, provider_id: str) -> SignedOut:
        """Forget the credential, then revoke it where the provider offers that; forgotten also if that fails.

        Raises:
            AuthError: The store cannot be written.
        """
        provider = self._find(provider_id)
        # Forgotten first: a refresh that runs elsewhere ends before, and it is its token that is revoked.
        async with locking.held(self._store, provider.id):
            forgetting = asyncio.to_thread(self._store.remove, provider.id)
            held = await tasks.to_its_end(forgetting, name="auth.forget")
        if held is None:
            return SignedOut(provider_id=provider.id, revoked=None, note=f"Nobody was signed in to {provider.title}.")
        revoked, note = await self._revoked(provider, held)
        _log.info("auth.signed_out", provider=provider.id, revoked=revoked)
        return SignedOut(provider_id=provider.id, revoked=revoked, note=note)

    async def _revoked(self, provider: Provider, held: Credential) -> tuple[bool | None, str]:
        """Whether it was, and what the user should know."""
        client = self._client(provider)
        addresses = signed_in_at(provider, client, held)
        if held.token_type != "Bearer" or not addresses.revoke_url:  # noqa: S105  # a kind, no secret
            return None, _still_valid(provider, held)
        try:
            async with await endpoint.client() as http:
                revoking = revoke(http, addresses, same(client, held), held)
                await endpoint.within(_REVOKE_LIMIT_S, revoking, name="auth.revoke")
        except (SignInFailed, asyncio.TimeoutError) as error:
            why = error.args[0] if error.args else f"{provider.title} did not answer in time."
            return False, f"Forgotten here, but not revoked: {why} It ends by itself, or in your account there."
        return True, ""

    async def fresh(self, provider_id: str, *, refused: SecretStr | None = None) -> Credential:
        """The credential to use now, refreshed where it has expired or nearly; one refresh however many ask.

        Args:
            provider_id: Whose.
            refused: The access token that a request was refused with (401): refresh unless it was replaced meanwhile.

        Raises:
            NotSignedIn: There is none, or it expired and cannot be refreshed.
            SignInFailed: It expired, and cannot be refreshed now.
        """
        provider = self._find(provider_id)

        async def exchange(credential: Credential) -> Credential:
            async with await endpoint.client() as http:
                return await renew(http, provider, self._client(provider), credential, self._time)

        return await refreshed(self._store, provider.id, exchange=exchange, refused=refused)

    def _client(self, provider: Provider) -> OAuthClient:
        client = self._clients.get(provider.id, OAuthClient())
        usual = provider.oauth.client_id if provider.oauth else ""
        return client if client.client_id else client.model_copy(update={"client_id": usual})


def _still_valid(provider: Provider, held: Credential) -> str:
    """What a sign-out could not take back."""
    if held.metadata.get("method") == "key" or not held.access_token.get_secret_value():
        return ""
    where = f": {provider.key_page}" if provider.key_page else ""
    return f"Forgotten here. {provider.title} offers no revocation; end it in your account there{where}."
