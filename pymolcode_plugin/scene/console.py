"""Runs Python code with `cmd` at hand, like a console: names are kept between calls, a last expression is the value.

With a window the code runs in a worker thread while the window is held still, so that the panel lives and Stop works.
Code that belongs on PyMOL's own thread (`threads`) runs there; only the watchdog ends that. What draws all the same in
a worker, through a function that was defined before, is refused.
"""

from __future__ import annotations

import ast
import contextlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

import pymol

from ..core.scene import CommandOutput
from ..masking import mask
from . import geometry, threads
from .command_text import bounded
from .listening import Listener, cut, plain
from .long_call import Steps, Work
from .watchdog import Interrupted, Raiser, Watchdog

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
        self._codes: dict[str, list[str]] = {}
        self._names: dict[str, Any] = {"__name__": "__console__", "cmd": cmd, "pymol": pymol, "stored": pymol.stored}

    def run(self, code: str) -> Steps[CommandOutput]:
        """The steps of one call; `value` is that of a last expression, as text."""
        try:
            file = self._file_of(code)
            body, last = _compiled(code, file)
        except (SyntaxError, ValueError) as error:
            return CommandOutput(errors=(_syntax(error),))
        raiser = Raiser()
        in_worker = self._window is not None and threads.runs_anywhere(code)
        size = self._cmd.get_viewport()

        def run() -> _Result:
            with _without_drawing(self._cmd) if in_worker else contextlib.nullcontext():
                return self._run(body, last, raiser)

        with self._listener.listening() as heard:
            result = (
                (yield Work(run, raiser.raise_there, can_interrupt=not threads.counts_dots(code)))
                if in_worker
                else run()
            )
            yield from geometry.settle(self._cmd, self._window, "", size)
        reported = [plain(item) for item in heard.reported()] + heard.shown()
        return CommandOutput(
            lines=bounded(heard.lines()),
            errors=(result.error,) if result.error else (),
            warnings=tuple(dict.fromkeys(item for item in reported if item not in result.error)),
            completed=int(not result.error),
            value=result.value,
        )

    def _file_of(self, code: str) -> str:
        """A name for it in tracebacks; functions of earlier code may be called by later one."""
        name = f"<python {len(self._codes) + 1}>"
        self._codes[name] = code.splitlines()
        return name

    def _run(self, body: CodeType, last: CodeType | None, raiser: Raiser) -> _Result:
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
            except BaseException as error:  # noqa: BLE001  # border: whatever it is, it is the code's, not the loop's
                result.error = self._watchdog.words if watch.fired else self._told(error)
        if watch.fired and not result.error:
            result.error = self._watchdog.words
        return result

    def _told(self, error: BaseException) -> str:
        """The lines of the code that led to it, and what it says; nothing of PyMOL's or our own frames."""
        trail: list[str] = []
        for frame in traceback.extract_tb(error.__traceback__):
            lines = self._codes.get(frame.filename, [])
            if frame.lineno and frame.lineno <= len(lines):
                trail.append(f"line {frame.lineno}: {lines[frame.lineno - 1].strip()}")
        said = plain(str(error)) or "PyMOL gave no reason."
        return cut("\n".join([*trail, f"{type(error).__name__}: {said}"]))


@contextlib.contextmanager
def _without_drawing(cmd: Any) -> Iterator[None]:
    """The hook through which PyMOL hands drawing over to its own thread refuses to."""
    original = cmd._call_with_opengl_context

    def refuse(_function: Callable[[], Any]) -> None:
        raise pymol.CmdException("Code that draws must say so itself: call `cmd.png` or `cmd.draw` in it by name.")

    cmd._call_with_opengl_context = refuse
    try:
        yield
    finally:
        cmd._call_with_opengl_context = original


def _compiled(code: str, file: str) -> tuple[CodeType, CodeType | None]:
    """The statements, and the expression that the code ends with."""
    tree = ast.parse(code, file)
    last: CodeType | None = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), file, "eval")  # type: ignore[attr-defined]
    return compile(tree, file, "exec"), last


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    if len(text) <= _MAX_VALUE:
        return text
    return f"{mask(text)[:_MAX_VALUE]} … ({len(text):,} characters)"  # half a secret would not be known as one


def _syntax(error: SyntaxError | ValueError) -> str:
    if not isinstance(error, SyntaxError):
        return str(error)
    return f"line {error.lineno}: {(error.text or '').strip()}\n{type(error).__name__}: {error.msg}"
