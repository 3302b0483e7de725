"""Holds a provider's lock from a coroutine; whoever is stopped while it waits for another process holds nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from filelock import FileLock, Timeout

from ..core import tasks
from ..core.errors import AuthError
from .store import TokenStore

_LIMIT_S = 90.0  # the one that holds it may wait for a slow token endpoint
_EVERY_S = 0.05


@contextlib.asynccontextmanager
async def held(store: TokenStore, provider_id: str) -> AsyncIterator[None]:
    """Hold `store.lock(provider_id)`; what the store does may be called inside.

    Raises:
        AuthError: Another process holds it too long, or it cannot be made.
    """
    lock = await asyncio.to_thread(store.lock, provider_id)
    try:
        await _taken(lock, provider_id)
        yield
    finally:
        if lock.is_locked:
            await tasks.to_its_end(asyncio.to_thread(lock.release), name="auth.unlock")


async def _taken(lock: FileLock, provider_id: str) -> None:
    """Asked for again and again, because a thread that waits for a lock cannot be stopped, and would get it later."""
    end = time.monotonic() + _LIMIT_S
    while True:
        try:
            await tasks.to_its_end(asyncio.to_thread(lock.acquire, blocking=False), name="auth.lock")
        except Timeout:
            if time.monotonic() > end:
                raise AuthError(
                    f"Another pymolcode is busy with the sign-in of {provider_id} for longer than {_LIMIT_S:.0f} s.",
                    hint="Try again when it is done.",
                ) from None
        except OSError as error:
            raise AuthError(
                f"The sign-in of {provider_id} cannot be locked: {error.strerror or error}.",
                hint="Correct the rights of its folder.",
            ) from error
        else:
            return
        await _pause()


async def _pause() -> None:
    await asyncio.sleep(_EVERY_S)
