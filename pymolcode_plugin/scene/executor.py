"""The one queue to PyMOL: first in, first out, drained on PyMOL's own thread, outside any coroutine.

A coroutine that called `cmd` itself could run a nested Qt loop (a dialog, `processEvents`) inside a task,
which loses other tasks for good; and a worker thread could interleave with the user's clicks. So everybody
submits, and only `drain` runs. Never PyMOL's MainThreadCaller: it loses wake-ups.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from ..core.errors import GatewayClosed

T = TypeVar("T")


class WrongThread(AssertionError):
    """The queue was drained on a thread that is not PyMOL's; a bug, so never caught."""


class Executor:
    """A queue of calls for PyMOL's thread.

    Args:
        wake: Arranges that `drain` runs on PyMOL's thread soon, and returns at once; called from any thread.
            With Qt it emits a queued signal (`qt_drain`); headless it hands over to whoever drains.
    """

    def __init__(self, wake: Callable[[Executor], None]) -> None:
        self._wake = wake
        self._queue: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._thread = threading.get_ident()
        self._draining = False
        self._closed = False

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Queue `function`; its future can be cancelled for as long as it is queued.

        Raises:
            GatewayClosed: PyMOL is quitting.
        """
        if self._closed:
            raise GatewayClosed("PyMOL is closing; nothing more can run in it.")
        future: Future[T] = Future()
        self._queue.append((future, function))
        self._wake(self)
        return future

    async def call(self, function: Callable[[], T]) -> T:
        """Run `function` on PyMOL's thread and wait for it; cancelling removes it while it is queued."""
        return await asyncio.wrap_future(self.submit(function))

    def drain(self) -> None:
        """Run what is queued. A nested event loop inside a call comes back here and is turned away."""
        if threading.get_ident() != self._thread:
            raise WrongThread("PyMOL was about to be called from another thread than its own")
        if self._draining:
            return
        self._draining = True
        try:
            while self._queue:
                future, function = self._queue.popleft()
                if future.set_running_or_notify_cancel():
                    _run(future, function)
        finally:
            self._draining = False

    def close(self) -> None:
        """Refuse new calls and cancel the queued ones."""
        self._closed = True
        while self._queue:
            self._queue.popleft()[0].cancel()


def _run(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001  # border: the failure belongs to whoever submitted the call
        future.set_exception(error)
    else:
        future.set_result(result)
