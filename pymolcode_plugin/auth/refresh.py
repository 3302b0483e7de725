"""One refresh of an expired token, however many ask for it, in this process and in others.

Rotating refresh tokens can be used once: whoever uses one a second time loses the sign-in. So the one that refreshes
holds a lock that every process waits for, and looks into the store again when it has it; the new tokens are on the
disk before anybody gets them; and a refresh that began runs to its end, though whoever asked for it was stopped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from filelock import Timeout
from pydantic import SecretStr

from ..core.errors import AuthError, NotSignedIn, SignInFailed
from ..core.tasks import spawn
from .credentials import Credential
from .store import TokenStore

Exchange = Callable[[Credential], Awaitable[Credential]]
_LEEWAY_S = 60.0
_LEEWAY_SHARE = 0.2  # of the lifetime, so that a token that lives for seconds is not refreshed at every use
_LOCK_LIMIT_S = 90.0
_under_way: dict[tuple[asyncio.AbstractEventLoop, Path, str], asyncio.Task[Credential]] = {}


async def refreshed(
    store: TokenStore, provider_id: str, *, exchange: Exchange, refused: SecretStr | None = None
) -> Credential:
    """The credential to use now.

    Args:
        store: Where it is kept.
        provider_id: Whose.
        exchange: Asks the token endpoint for new tokens; called by one at a time.
        refused: The access token that a request was refused with, which is then refreshed though it looks good.

    Raises:
        NotSignedIn: There is none, or it is over.
        AuthError: The store cannot be read or written, or the provider cannot be asked now.
    """
    found = await asyncio.to_thread(store.get, provider_id)
    if found is None:
        raise _not_signed_in(provider_id)
    if _usable(found, refused):
        return found
    key = (asyncio.get_running_loop(), store.path, provider_id)
    running = _under_way.get(key)
    if running is None:
        running = spawn(_alone(store, provider_id, exchange, refused), name="auth.refresh", on_error=_told_to_who_waits)
        _under_way[key] = running
        running.add_done_callback(lambda _done: _under_way.pop(key, None))
    return await asyncio.shield(running)


async def _alone(store: TokenStore, provider_id: str, exchange: Exchange, refused: SecretStr | None) -> Credential:
    lock = store.lock(provider_id)
    try:
        await asyncio.to_thread(lock.acquire, timeout=_LOCK_LIMIT_S)
    except Timeout:
        raise SignInFailed(
            f"Another pymolcode renews the sign-in of {provider_id} for too long.", hint="Send again."
        ) from None
    except OSError as error:
        raise AuthError(f"The sign-in of {provider_id} cannot be locked: {error.strerror or error}.") from error
    try:
        found = await asyncio.to_thread(store.get, provider_id)
        if found is None:
            raise _not_signed_in(provider_id)
        if _usable(found, refused):
            return found  # somebody else refreshed it while this one waited
        return await _exchanged(store, found, exchange)
    finally:
        await asyncio.to_thread(lock.release)


async def _exchanged(store: TokenStore, found: Credential, exchange: Exchange) -> Credential:
    if found.metadata.get("over"):
        raise NotSignedIn(str(found.metadata["over"]), hint=_again(found.provider_id))
    # Written before: on a full disk the old refresh token must not be used up for a new one that cannot be kept.
    await asyncio.to_thread(store.put, found)
    try:
        new = await exchange(found)
    except NotSignedIn as error:
        if found.refresh_token is not None:
            over = found.model_copy(update={"metadata": {**found.metadata, "over": str(error)}})
            await asyncio.to_thread(store.put, over)
        raise
    new = new.model_copy(update={"metadata": {**new.metadata, "obtained_at": time.time()}})
    await asyncio.to_thread(store.put, new)
    return new


def _usable(credential: Credential, refused: SecretStr | None) -> bool:
    if refused is not None and credential.access_token == refused:
        return False
    if credential.expires_at is None:
        return True
    return time.time() < credential.expires_at - _leeway_s(credential)


def _leeway_s(credential: Credential) -> float:
    obtained = credential.metadata.get("obtained_at")
    if not isinstance(obtained, (int, float)) or credential.expires_at is None:
        return _LEEWAY_S
    return min(_LEEWAY_S, _LEEWAY_SHARE * max(0.0, credential.expires_at - obtained))


def _not_signed_in(provider_id: str) -> NotSignedIn:
    return NotSignedIn(f"Nobody is signed in to {provider_id}.", hint=_again(provider_id))


def _again(provider_id: str) -> str:
    return f"Sign in: `pymolcode-auth login {provider_id}`, or Sign in… in the panel."


def _told_to_who_waits(_error: BaseException) -> None:
    """Every one that waits gets it raised."""
