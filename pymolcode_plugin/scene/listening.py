"""Reads back every line and every error that PyMOL gives while something runs in it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pymol import colorprinting

from ..masking import mask

# PyMOL's C side has no exception for many failures, only a line such as " Selector-Error: Invalid selection".
_ERROR_LINE = re.compile(r"^\s*(?:(?:[\w.]+-)?Error(?:-\w+)?\s*[:\-]|ExecutiveAlign: invalid selections)")
_ERROR_PREFIX = re.compile(r"^\s*Error:\s*")
_MAX_LINE_CHARS = 10_000  # what is longer is cut anyway later, and patterns would look through it for minutes
_MAX_ERROR_LINES, _MAX_ERROR_CHARS = 40, 400
_ERROR_NUMBER = re.compile(r"\[(?:Errno|WinError) \d+\] ")


@dataclass
class Heard:
    """What PyMOL printed, and the errors that it reported as such; complete once the listening is over."""

    printed: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Without the echo of what was typed."""
        return [_short(item, _MAX_LINE_CHARS) for item in self.printed if not item.startswith("PyMOL>")]

    def reported(self) -> list[str]:
        """The errors of exceptions."""
        return [cut(item) for item in self.raised if item.strip()]

    def shown(self) -> list[str]:
        """The errors that are no more than a printed line."""
        seen = "\n".join(self.raised)
        shown = [plain(cut(item)) for item in self.printed if _ERROR_LINE.match(item[:_MAX_LINE_CHARS])]
        return [item for item in shown if item not in seen]


def plain(message: str) -> str:
    """An error without the word, and without the number that an operating system gives it."""
    return _ERROR_NUMBER.sub("", _ERROR_PREFIX.sub("", message)).strip()


def cut(message: str) -> str:
    """An error of a size that can be read: the beginnings of its last lines, which say what happened."""
    lines = message.splitlines()
    kept = [
        line if len(line) <= _MAX_ERROR_CHARS else f"{_short(line, _MAX_ERROR_CHARS)} … ({len(line):,} characters)"
        for line in lines[-_MAX_ERROR_LINES:]
    ]
    return "\n".join(kept if len(kept) == len(lines) else [_short(lines[0], _MAX_ERROR_CHARS), "…", *kept])


def _short(line: str, limit: int) -> str:
    """Cut where it is too long, without secrets: half of one would not be known as one."""
    return line if len(line) <= limit else mask(line)[:limit]


class Listener:
    """Listens on PyMOL's thread; between the beginning and the end a worker thread may use PyMOL.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window, whose log must keep showing every line; None without a GUI.
    """

    def __init__(self, cmd: Any, window: Any = None) -> None:
        self._cmd = cmd
        self._window = window

    @contextlib.contextmanager
    def listening(self) -> Iterator[Heard]:
        """Listen until the end of the block."""
        heard = Heard()
        capture = _standard_output if self._window is None else self._feedback_queue
        with _recorded_errors(heard.raised), capture(heard.printed):
            yield heard

    @contextlib.contextmanager
    def _feedback_queue(self, lines: list[str]) -> Iterator[None]:
        """Tee of the queue that PyMOL's log window reads, so the log still shows every line."""
        self._window.update_feedback()
        original = self._cmd._get_feedback

        def tee(*args: Any, **kwargs: Any) -> Any:
            batch = original(*args, **kwargs)
            lines.extend(part for item in batch or () for part in str(item).splitlines())
            return batch

        self._cmd._get_feedback = tee
        try:
            yield
        finally:
            try:
                self._window.update_feedback()
            finally:
                self._cmd._get_feedback = original


@contextlib.contextmanager
def _recorded_errors(raised: list[str]) -> Iterator[None]:
    original = colorprinting.error

    def error(*args: Any, **kwargs: Any) -> None:
        raised.append(" ".join(map(str, args)))
        original(*args, **kwargs)

    colorprinting.error = error
    try:
        yield
    finally:
        colorprinting.error = original


@contextlib.contextmanager
def _standard_output(lines: list[str]) -> Iterator[None]:
    """Without a GUI PyMOL's C code prints to file descriptor 1; Python's own prints may go elsewhere."""
    with tempfile.TemporaryFile() as file:
        _flush()
        saved = os.dup(1)
        os.dup2(file.fileno(), 1)
        try:
            with _as_text(file) as text, contextlib.redirect_stdout(text):
                yield
        finally:
            _flush()
            os.dup2(saved, 1)
            os.close(saved)
            file.seek(0)
            lines.extend(file.read().decode("utf-8", "replace").splitlines())


def _as_text(file: Any) -> Any:
    # Write-through and on the same descriptor, so Python's lines keep their order among C's.
    return os.fdopen(os.dup(file.fileno()), "w", encoding="utf-8", errors="replace", buffering=1)


def _flush() -> None:
    sys.stdout.flush()
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).fflush(None)
