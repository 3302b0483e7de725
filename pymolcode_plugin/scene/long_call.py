"""A call in several steps: some on PyMOL's thread, the long ones in a worker while PyMOL's window is held still."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Work:
    """What runs in the worker thread.

    Attributes:
        function: The work itself; it may use `cmd`, and nothing of Qt or OpenGL.
        stop: Called, perhaps more than once, when nobody waits for the work any more.
        can_interrupt: PyMOL may be interrupted in it; areas and dots crash where that comes too early.
    """

    function: Callable[[], Any]
    stop: Callable[[], None] | None = None
    can_interrupt: bool = True


Steps = Generator[Work, Any, T]


class Hold(Protocol):
    """Keeps PyMOL's own thread from waiting for a lock that the worker has."""

    def enter(self) -> None:
        """Hold the window still; on PyMOL's thread."""
        ...

    def leave(self) -> None:
        """Bring it back to life; on PyMOL's thread."""
        ...

    def interrupt(self) -> None:
        """Ask PyMOL to give up what it is doing; from any thread."""
        ...

    def clear(self) -> None:
        """Take an interrupt back that came too late; on PyMOL's thread."""
        ...


class LongCall(Generic[T]):
    """A generator that runs on PyMOL's thread; the work it yields runs in a worker, whose result is sent back.

    Args:
        steps: Makes the generator.
        hold: Of the window; None without one, where the work runs at once on the same thread.
        future: Receives what the generator returns.
        wake: Arranges that `go_on` is called soon on PyMOL's thread; from any thread.
    """

    def __init__(
        self, steps: Callable[[], Steps[T]], hold: Hold | None, future: Future[T], wake: Callable[[], None]
    ) -> None:
        self._make = steps
        self._steps: Steps[T] | None = None
        self._hold = hold
        self._future = future
        self._wake = wake
        self._work: Work | None = None
        self._outcome: tuple[Any, BaseException | None] = (None, None)
        self._back = threading.Event()
        self._held = False
        self._stopped = False
        self._back.set()

    def go_on(self) -> bool:
        """Run until the next work is under way or all is done; True when it is done."""
        while self._back.is_set():
            try:
                self._begin(self._next())
            except StopIteration as end:
                self._let_go()
                self._future.set_result(end.value)
                return True
            except BaseException as error:  # noqa: BLE001  # border: the failure belongs to whoever waits
                self._let_go()
                self._future.set_exception(error)
                return True
        return False

    def stop(self) -> None:
        """Give up the work that is under way and do no other; the generator sees a CancelledError."""
        self._stopped = True
        if self._back.is_set():
            return
        work = self._work
        if self._hold is not None and work is not None and work.can_interrupt:
            self._hold.interrupt()
        if work is not None and work.stop is not None:
            work.stop()

    def _next(self) -> Work:
        if self._steps is None:
            self._steps = self._make()
            return next(self._steps)
        if self._stopped:
            if self._hold is not None:
                self._hold.clear()
            return self._steps.throw(asyncio.CancelledError())
        value, error = self._outcome
        return self._steps.send(value) if error is None else self._steps.throw(error)

    def _begin(self, work: Work) -> None:
        self._work = work
        if self._hold is None:
            self._run(work)
            return
        if not self._held:
            self._held = True
            self._hold.enter()
        self._back.clear()
        threading.Thread(target=self._run_and_wake, args=(work,), name="pymolcode-work", daemon=True).start()

    def _run_and_wake(self, work: Work) -> None:
        self._run(work)
        self._back.set()
        self._wake()

    def _run(self, work: Work) -> None:
        try:
            self._outcome = work.function(), None
        except BaseException as error:  # noqa: BLE001  # border: thrown into the generator
            self._outcome = None, error

    def _let_go(self) -> None:
        if self._held and self._hold is not None:
            self._held = False
            self._hold.leave()
