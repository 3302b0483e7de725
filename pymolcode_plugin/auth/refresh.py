"""One refresh of an expired token, however many ask for it, in this process and in others.

Rotating refresh tokens can be used once: whoever uses one a second time loses the sign-in, and so does who loses the
answer. So the one that refreshes holds a lock that every process waits for, and looks into the store again when it has
it; the new tokens are on the disk before anybody gets them; a refresh that asked runs to its end, though whoever wanted
it was stopped; and before the loop ends, `settled` waits for it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from .. import logs
from ..core.errors import NotSignedIn
from ..core.tasks import spawn
from . import locking
from .credentials import Credential
from .store import TokenStore

T = TypeVar("T")
Exchange = Callable[[Credential], Awaitable[Credential]]
SETTLE_LIMIT_S = 5.0
_LEEWAY_S = 60.0
_LEEWAY_SHARE = 0.2  # of the lifetime, so that a token that lives for seconds is not refreshed at every use
_log = logs.get("auth")


@dataclass(eq=False)
class _Refresh:
    """One that runs; `asking` from when the refresh token goes out until the new one is on the disk."""

    loop: asyncio.AbstractEventLoop
    task: asyncio.Task[Credential] | None = None
    asking: bool = False
    ended: Future[None] = field(default_factory=Future)  # for other loops than its own


_under_way: dict[tuple[asyncio.AbstractEventLoop, Path, str], _Refresh] = {}


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
        running = _Refresh(key[0])
        alone = _alone(running, store, provider_id, exchange, refused)
        running.task = spawn(alone, name="auth.refresh", on_error=_told_to_who_waits)
        _under_way[key] = running
        running.task.add_done_callback(lambda _done: _ended(key))
    assert running.task is not None  # noqa: S101  # set where it is made
    return await asyncio.shield(running.task)


async def settled(*, limit_s: float = SETTLE_LIMIT_S, everywhere: bool = False) -> bool:
    """Wait until no new token can be lost, because the loop or the process ends next; whether that came to be.

    A refresh of this loop that still waits for its turn has used nothing up: it is stopped.

    Args:
        limit_s: What is not done then is given up.
        everywhere: Of other threads' loops as well, because the process ends.
    """
    loop = asyncio.get_running_loop()
    ends: set[asyncio.Future[None]] = set()
    for running in list(_under_way.values()):
        here = running.loop is loop
        if here and not running.asking and running.task is not None:
            running.task.cancel()
        if here or (everywhere and running.asking):
            ends.add(asyncio.wrap_future(running.ended))
    _done, left = await asyncio.wait(ends, timeout=limit_s) if ends else (ends, set())
    if left:
        _log.warning("auth.refresh_unsettled", n_refreshes=len(left), limit_s=limit_s)
    return not left


async def settling(coroutine: Coroutine[Any, Any, T]) -> T:
    """What `coroutine` returns, after `settled`: for loops that are made for one thing and end with it."""
    try:
        return await coroutine
    finally:
        await settled()


def is_asking() -> bool:
    """Whether a token endpoint is being asked now, in any loop: who ends the process waits for `settled` then."""
    return any(running.asking for running in list(_under_way.values()))


def _ended(key: tuple[asyncio.AbstractEventLoop, Path, str]) -> None:
    running = _under_way.pop(key, None)
    if running is not None:
        running.ended.set_result(None)


async def _alone(
    running: _Refresh, store: TokenStore, provider_id: str, exchange: Exchange, refused: SecretStr | None
) -> Credential:
    async with locking.held(store, provider_id):
        found = await asyncio.to_thread(store.get, provider_id)
        if found is None:
            raise _not_signed_in(provider_id)
        if _usable(found, refused):
            return found  # somebody else refreshed it while this one waited
        if found.metadata.get("over"):
            raise NotSignedIn(str(found.metadata["over"]), hint=_again(provider_id))
        # Written before: on a full disk the old refresh token must not be used up for a new one that cannot be kept.
        await asyncio.to_thread(store.renew, found)
        running.asking = True
        return await _exchanged(store, found, exchange)


async def _exchanged(store: TokenStore, found: Credential, exchange: Exchange) -> Credential:
    try:
        new = await exchange(found)
    except NotSignedIn as error:
        if found.refresh_token is not None:
            over = found.model_copy(update={"metadata": {**found.metadata, "over": str(error)}})
            await asyncio.to_thread(store.renew, over)
        raise
    new = new.model_copy(update={"metadata": {**new.metadata, "obtained_at": time.time()}})
    return await _renewed(store, new)


async def _renewed(store: TokenStore, new: Credential) -> Credential:
    """Written by a thread of its own: a queue of worker threads drops what waits in it where its loop is cancelled.

    Nothing is awaited between the answer and the thread's start, and Python itself ends after such a thread.
    """
    written: Future[Credential] = Future()
    written.set_running_or_notify_cancel()  # from here on nobody can cancel it

    def write() -> None:
        try:
            written.set_result(store.renew(new))
        except BaseException as error:  # noqa: BLE001  # border: raised where it is waited for
            written.set_exception(error)

    threading.Thread(target=write, name="pymolcode-renew").start()
    writing, stopped = asyncio.wrap_future(written), None
    while not writing.done():  # the lock is held until it is written
        try:
            await asyncio.wait({writing})
        except asyncio.CancelledError as error:
            stopped = error
    if stopped is not None:
        raise stopped
    return writing.result()


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
