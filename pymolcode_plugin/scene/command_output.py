"""Runs command text as if typed, and reads back every line and every error PyMOL gave for it."""

from __future__ import annotations

import contextlib
import ctypes
import difflib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from pymol import colorprinting

from ..core.scene import Call, CommandOutput, Value
from .command_text import bounded

# PyMOL's C side has no exception for many failures, only a line such as " Selector-Error: Invalid selection".
_ERROR_LINE = re.compile(r"^\s*(?:[\w.]+-)?Error(?:-\w+)?\s*[:\-]")
_ERROR_PREFIX = re.compile(r"^\s*Error:\s*")
_SCALARS = (str, int, float, bool, type(None))


class CommandRunner:
    """Feeds commands to PyMOL's own parser, on PyMOL's thread only.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window, whose log must keep showing every line; None without a GUI.
    """

    def __init__(self, cmd: Any, window: Any = None) -> None:
        self._cmd = cmd
        self._window = window

    def run(self, text: str) -> CommandOutput:
        """Run one command (a whole block or continued line included); `completed` counts its lines."""
        lines: list[str] = []
        failures: list[str] = []
        parts = [line for line in text.splitlines() if line.strip()]
        for line in parts:
            printed, failures = self._run_line(line)
            lines += [item for item in printed if not item.startswith("PyMOL>")]
            if failures:
                break
        unfinished = self._abandon_block()
        if unfinished and not failures:
            failures = [f"The block was never closed: `{unfinished}` is missing, nothing of it ran."]
        return CommandOutput(lines=tuple(lines), errors=tuple(failures), completed=0 if failures else len(parts))

    def call(self, call: Call) -> CommandOutput:
        """Run one command by its keyword arguments."""
        function = self._cmd.keyword[call.command][0]
        arguments = {name: list(value) if isinstance(value, tuple) else value for name, value in call.arguments.items()}
        raised: list[str] = []
        value: Any = None
        with _recorded_errors(raised), self._printed() as printed:
            try:
                value = function(**arguments)
            except Exception as error:  # noqa: BLE001  # border: whatever a command raises is its error
                raised.append(str(error) or type(error).__name__)
        failures = [_ERROR_PREFIX.sub("", item).strip() for item in raised if item.strip()]
        failures += [_ERROR_PREFIX.sub("", item).strip() for item in printed if _ERROR_LINE.match(item)]
        return CommandOutput(
            lines=bounded(printed),
            errors=tuple(dict.fromkeys(failures)),
            completed=int(not failures),
            value=_plain(value),
        )

    def run_python(self, code: str) -> CommandOutput:
        """Run Python with `cmd` at hand; the value of a last expression comes back as text."""
        raise NotImplementedError

    def _run_line(self, line: str) -> tuple[list[str], list[str]]:
        raised: list[str] = []
        with _recorded_errors(raised), self._printed() as printed:
            self._cmd.do(line, 1, 1)
        failures = [self._explained(line, item) for item in raised if item.strip()]
        seen = "\n".join(raised)
        shown = [_ERROR_PREFIX.sub("", item).strip() for item in printed if _ERROR_LINE.match(item)]
        failures += [item for item in shown if item not in seen]
        return printed, failures

    def _explained(self, line: str, message: str) -> str:
        """PyMOL hands a word it does not know to Python, whose SyntaxError would only confuse."""
        word = line.strip().split(" ")[0].split(",")[0]
        is_python_error = "SyntaxError" in message or "NameError" in message
        if not is_python_error or word in self._cmd.keyword or not word.isidentifier():
            return _ERROR_PREFIX.sub("", message).strip()
        close = difflib.get_close_matches(word, list(self._cmd.keyword), n=3)
        meant = f" Did you mean {' or '.join(close)}?" if close else ""
        return f"`{word}` is not a PyMOL command.{meant}"

    @contextlib.contextmanager
    def _printed(self) -> Iterator[list[str]]:
        lines: list[str] = []
        capture = self._feedback_queue(lines) if self._window is not None else _standard_output(lines)
        with capture:
            yield lines

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
            self._window.update_feedback()
        finally:
            self._cmd._get_feedback = original

    def _abandon_block(self) -> str:
        """Forget a `python`/`skip` block left open; the next command of the user would vanish in it."""
        sentinel = ""
        for layer in self._cmd._parser.layer.values():
            sentinel = layer.embed_sentinel or sentinel
            layer.embed_sentinel = None
            layer.cont = ""
        return sentinel


def _plain(value: Any) -> Value:
    if isinstance(value, (list, tuple)):
        return tuple(item if isinstance(item, _SCALARS) else str(item) for item in value)
    return value if isinstance(value, _SCALARS) else str(value)


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
