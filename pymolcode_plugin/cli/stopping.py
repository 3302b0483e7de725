"""Ctrl-C and SIGTERM while PyMOL is at work: the turn is cancelled, and what does not end by itself is ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

from ..auth import refresh

_GRACE_S = 2.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Cancels a task at the first signal; at the second, or where the task does not end in time, ends the process.

    A handler of Python's runs between two steps of Python only, and PyMOL computes for minutes; so the interpreter
    is asked to write the signal's number to a socket, which a thread reads. Where the event loop needs that for
    itself (Windows), the handler has to do.

    Args:
        task: Of the loop that runs now.
        at_once: Called before the process is ended.
    """

    def __init__(self, task: asyncio.Task[int], at_once: Callable[[], None]) -> None:
        self._loop = task.get_loop()
        self._task = task
        self._at_once = at_once
        self._second = threading.Event()
        self._ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._theirs = theirs
        self.signum = 0
        threading.Thread(target=self._read, name="pymolcode-signals", daemon=True).start()

    @property
    def exit_code(self) -> int:
        """As a shell tells which signal ended a program."""
        return 128 + (self.signum or signal.SIGINT)

    def listen(self) -> None:
        """Take the signals; again after PyMOL was imported, which takes them for itself."""
        for signum in _SIGNALS:
            signal.signal(signum, self._on_signal)
        if sys.platform != "win32":
            signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._theirs.send(bytes([signum]))

    def _read(self) -> None:
        while received := self._ours.recv(1):
            if received[0] not in _SIGNALS:
                continue
            if self.signum:
                self._second.set()
                return
            self.signum = received[0]
            self._loop.call_soon_threadsafe(self._task.cancel)
            threading.Thread(target=self._end, name="pymolcode-end", daemon=True).start()

    def _end(self) -> None:
        """Whatever is left ends with this process: children see that their standard input is closed."""
        if not self._second.wait(_GRACE_S) and refresh.is_asking():
            self._second.wait(refresh.SETTLE_LIMIT_S)
        self._at_once()
        os._exit(self.exit_code)
