"""Ctrl-C while `pymolcode-auth` waits: what runs cleans up after itself before the command ends."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..auth.refresh import settling

T = TypeVar("T")


class Stopped(KeyboardInterrupt):
    """Stopped by the user; says what that left behind."""


def stoppable(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it returns, run in a loop of its own, which ends when no renewed token can be lost any more.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM came; it was cancelled and has ended.
    """

    async def run() -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None  # noqa: S101  # asyncio.run makes one
        for signum in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows, where asyncio.run does it for Ctrl-C
                loop.add_signal_handler(signum, task.cancel)
        return await settling(coroutine)

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
