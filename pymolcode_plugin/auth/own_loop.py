"""A loop that is made for one thing and ends with it; Ctrl-C cancels that, and it cleans up after itself first."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from .refresh import settling

T = TypeVar("T")


def stoppable(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it returns, run in a loop of its own, which ends when no renewed token can be lost any more.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM came to the main thread; it was cancelled and has ended.
    """

    async def run() -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None  # noqa: S101  # asyncio.run makes one
        if threading.current_thread() is threading.main_thread():  # signals come to no other
            for signum in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(NotImplementedError):  # Windows, where asyncio.run does it for Ctrl-C
                    loop.add_signal_handler(signum, task.cancel)
        return await settling(coroutine)

    try:
        return asyncio.run(run())  # noqa: TID251  # a command, or a worker thread, which have no loop of their own
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
