"""The one queue to PyMOL: first in, first out, drained on PyMOL's own thread, outside any coroutine.

A coroutine that called `cmd` itself could run a nested Qt loop (a dialog, `processEvents`) inside a task,
which loses other tasks for good; and a worker thread could interleave with the user's clicks. So everybody
submits, and only `drain` runs. Never PyMOL's MainThreadCaller: it loses wake-ups. A long call hands its work to a
worker thread; until that is back nothing else of the queue runs, so there is still one user of PyMOL at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from ..core.errors import GatewayClosed
from .long_call import Hold, LongCall, Steps

T = TypeVar("T")
_ASK_AGAIN_S = 0.05
_GIVE_UP_S = 10.0


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
        self._queue: deque[tuple[Future[Any], Callable[[], Any] | LongCall[Any]]] = deque()
        self._thread = threading.get_ident()
        self._draining = False
        self._closed = False
        self._long: LongCall[Any] | None = None

    @property
    def is_idle(self) -> bool:
        """Nothing runs, nothing waits."""
        return not (self._draining or self._queue or self._long is not None)

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Queue `function`; its future can be cancelled for as long as it is queued.

        Raises:
            GatewayClosed: PyMOL is quitting.
        """
        future: Future[T] = Future()
        self._put(future, function)
        return future

    async def call(self, function: Callable[[], T]) -> T:
        """Run `function` on PyMOL's thread and wait for it; cancelling removes it while it is queued."""
        return await asyncio.wrap_future(self.submit(function))

    async def call_long(self, steps: Callable[[], Steps[T]], hold: Hold | None) -> T:
        """Run a call in steps; cancelling removes it while it is queued, and interrupts its work.

        Args:
            steps: Makes the generator; see `long_call`.
            hold: Of PyMOL's window, or None without one.

        Raises:
            GatewayClosed: PyMOL is quitting.
        """
        future: Future[T] = Future()
        call = LongCall(steps, hold, future, lambda: self._wake(self))
        self._put(future, call)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if future.running():
                await _ended(call, future)
            raise

    def drain(self) -> None:
        """Run what is queued. A nested event loop inside a call comes back here and is turned away."""
        if threading.get_ident() != self._thread:
            raise WrongThread("PyMOL was about to be called from another thread than its own")
        if self._draining:
            return
        self._draining = True
        try:
            self._run_queue()
        finally:
            self._draining = False

    def close(self) -> None:
        """Refuse new calls, cancel the queued ones and interrupt a long one."""
        self._closed = True
        while self._queue:
            self._queue.popleft()[0].cancel()
        if self._long is not None:
            self._long.stop()

    def _put(self, future: Future[Any], call: Callable[[], Any] | LongCall[Any]) -> None:
        if self._closed:
            raise GatewayClosed("PyMOL is closing; nothing more can run in it.")
        self._queue.append((future, call))
        self._wake(self)

    def _run_queue(self) -> None:
        while True:
            if self._long is not None:
                if not self._long.go_on():
                    return  # its worker is still at it, and wakes us
                self._long = None
            if not self._queue:
                return
            future, call = self._queue.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            if isinstance(call, LongCall):
                self._long = call
            else:
                _run(future, call)


async def _ended(call: LongCall[Any], future: Future[Any]) -> None:
    """Ask until it has ended: one interrupt stops one computation, and the work may consist of several."""
    waiting = asyncio.wrap_future(future)
    for _ in range(round(_GIVE_UP_S / _ASK_AGAIN_S)):
        call.stop()
        await asyncio.wait({waiting}, timeout=_ASK_AGAIN_S)
        if waiting.done():
            with contextlib.suppress(BaseException):
                waiting.result()  # nobody else reads it, and asyncio would report that
            return


def _run(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        result = function()
    except BaseException as error:  # noqa: BLE001  # border: the failure belongs to whoever submitted the call
        future.set_exception(error)
    else:
        future.set_result(result)
