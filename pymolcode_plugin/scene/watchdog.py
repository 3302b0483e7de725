"""Ends what runs too long, from a thread of its own: the thread that is stuck cannot."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Iterator
from typing import Any

import pymol

_AGAIN_S = 1.0


class Interrupted(BaseException):
    """Raised in the middle of Python code that does not return; not an Exception, so that no script swallows it."""


class Raiser:
    """Raises an exception in one thread, but only while that thread is inside `armed`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = 0

    @contextlib.contextmanager
    def armed(self) -> Iterator[None]:
        """Exceptions may come in this thread until the end of the block."""
        self._thread = threading.get_ident()
        try:
            yield
        finally:
            with contextlib.suppress(Interrupted):  # one that was already under way
                self._disarm()

    def raise_there(self) -> None:
        """Raise `Interrupted` there at its next step; does nothing once the block was left."""
        with self._lock:
            if self._thread:
                _raise_in(self._thread, Interrupted)

    def _disarm(self) -> None:
        with self._lock:
            thread, self._thread = self._thread, 0
            _raise_in(thread, None)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)


class Watch:
    """One command that is being watched; `fired` says that its time was up."""

    def __init__(self) -> None:
        self.fired = False


class Watchdog:
    """Interrupts PyMOL when a command takes longer than the limit; Python code that goes on is stopped as well.

    Args:
        cmd: The `pymol.cmd` module.
        limit_s: What a single command may take.
        grace_s: What PyMOL's own code may take to give up before an exception is raised in Python code.
    """

    def __init__(self, cmd: Any, limit_s: float, *, grace_s: float = 2.0) -> None:
        self._cmd = cmd
        self._limit_s = limit_s
        self._grace_s = grace_s

    @property
    def words(self) -> str:
        """What to say of a command that it ended."""
        return f"It was interrupted after {self._limit_s:g} s, the limit for a single command (command_limit_s)."

    @contextlib.contextmanager
    def watching(self, raiser: Raiser | None = None) -> Iterator[Watch]:
        """Watch this thread until the end of the block.

        Args:
            raiser: For those who want to stop the block as well.
        """
        watch, over = Watch(), threading.Event()
        raiser = raiser or Raiser()
        thread = threading.Thread(target=self._wait, args=(watch, over, raiser), name="pymolcode-watchdog", daemon=True)
        try:
            with raiser.armed():
                thread.start()
                yield watch
        except Interrupted:
            if not watch.fired:
                raise  # Stop's, not ours
        finally:
            over.set()
            thread.join()
            if watch.fired:
                pymol._cmd.interrupt(self._cmd._COb, 0)  # or it would interrupt the next command

    def _wait(self, watch: Watch, over: threading.Event, raiser: Raiser) -> None:
        if over.wait(self._limit_s):
            return
        watch.fired = True
        self._cmd.interrupt()
        if over.wait(self._grace_s):
            return
        while not over.is_set():
            self._cmd.interrupt()
            raiser.raise_there()
            over.wait(_AGAIN_S)
