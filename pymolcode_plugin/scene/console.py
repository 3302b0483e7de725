"""Runs Python code with `cmd` at hand, like a console: names are kept between calls, a last expression is the value.

With a window the code runs in a worker thread while the window is held still, so that the panel lives and Stop works.
Code that belongs on PyMOL's own thread (`threads`) runs there; only the watchdog ends that.
"""

from __future__ import annotations

import ast
import traceback
from dataclasses import dataclass
from types import CodeType
from typing import Any

import pymol

from ..core.scene import CommandOutput
from . import geometry, picture, threads
from .command_text import bounded
from .listening import Listener, plain
from .long_call import Steps, Work
from .watchdog import Interrupted, Raiser, Watchdog

_FILE = "<python>"
_MAX_VALUE = 4000


@dataclass
class _Result:
    value: str | None = None
    error: str = ""


class Console:
    """Python in PyMOL's process.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window; None without a GUI.
        watchdog: Ends what takes too long.
    """

    def __init__(self, cmd: Any, window: Any, watchdog: Watchdog) -> None:
        self._cmd = cmd
        self._window = window
        self._watchdog = watchdog
        self._listener = Listener(cmd, window)
        self._names: dict[str, Any] = {"__name__": "__console__", "cmd": cmd, "pymol": pymol, "stored": pymol.stored}

    def run(self, code: str) -> Steps[CommandOutput]:
        """The steps of one call; `value` is that of a last expression, as text."""
        try:
            body, last = _compiled(code)
        except (SyntaxError, ValueError) as error:
            return CommandOutput(errors=(_syntax(error),))
        raiser = Raiser()
        in_worker = self._window is not None and threads.runs_anywhere(code)
        size = self._cmd.get_viewport()

        def run() -> _Result:
            return self._run(code, body, last, raiser)

        with self._listener.listening() as heard:
            result = (
                (yield Work(run, raiser.raise_there, can_interrupt=not threads.counts_dots(code)))
                if in_worker
                else run()
            )
            picture.mend(self._cmd, self._window, size)
            if self._window is not None and geometry.is_pending(self._cmd, ""):
                yield geometry.build(self._cmd)
        reported = [plain(item) for item in heard.reported()] + heard.shown()
        return CommandOutput(
            lines=bounded(heard.lines()),
            errors=(result.error,) if result.error else (),
            warnings=tuple(dict.fromkeys(item for item in reported if item not in result.error)),
            completed=int(not result.error),
            value=result.value,
        )

    def _run(self, code: str, body: CodeType, last: CodeType | None, raiser: Raiser) -> _Result:
        result = _Result()
        with self._watchdog.watching(raiser) as watch:
            try:
                exec(body, self._names)  # noqa: S102  # what the door allowed
                if last is not None:
                    result.value = _shown(eval(last, self._names))  # noqa: S307  # as above
            except Interrupted:
                result.error = self._watchdog.words if watch.fired else "It was stopped."
            except SystemExit:
                result.error = "The code asked Python to exit, which would end PyMOL; it was only stopped."
            except Exception as error:  # noqa: BLE001  # border: the error is the code's, for the model to read
                result.error = self._watchdog.words if watch.fired else _told(error, code)
        if watch.fired and not result.error:
            result.error = self._watchdog.words
        return result


def _compiled(code: str) -> tuple[CodeType, CodeType | None]:
    """The statements, and the expression that the code ends with."""
    tree = ast.parse(code, _FILE)
    last: CodeType | None = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), _FILE, "eval")  # type: ignore[attr-defined]
    return compile(tree, _FILE, "exec"), last


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]} … ({len(text):,} characters)"


def _syntax(error: SyntaxError | ValueError) -> str:
    if not isinstance(error, SyntaxError):
        return str(error)
    return f"line {error.lineno}: {(error.text or '').strip()}\n{type(error).__name__}: {error.msg}"


def _told(error: Exception, code: str) -> str:
    """The lines of the code that led to it, and what it says; nothing of PyMOL's or our own frames."""
    lines = code.splitlines()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _FILE]
    trail = [f"line {frame.lineno}: {lines[(frame.lineno or 1) - 1].strip()}" for frame in frames]
    said = plain(str(error)) or "PyMOL gave no reason."
    return "\n".join([*trail, f"{type(error).__name__}: {said}"])
