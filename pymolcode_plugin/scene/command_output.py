"""Runs one command, typed or called, and tells every line and every error PyMOL gave for it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

from pymol import colorprinting

from ..core.scene import Call, CommandOutput, Value
from . import geometry, hints, threads
from .command_check import before_command
from .command_text import bounded, typed_lines
from .commands import Command
from .listening import Listener, plain
from .long_call import Steps, Work
from .watchdog import Raiser, Watchdog

# Long, and without OpenGL: in a worker they leave the window alive, as was measured for each. Not cealign, which keeps
# Python's own lock, nor isosurface and isomesh, which do nothing before PyMOL draws (see `geometry`).
_HEAVY = frozenset(
    ("get_area", "get_sasa_relative", "h_add", "h_fill", "map_new", "map_double", "symexp", "align", "super",
     "sculpt_iterate", "create", "find_pairs")
)  # fmt: skip
_SCALARS = (str, int, float, bool, type(None))


class CommandRunner:
    """Makes the steps of a call in the executor's queue.

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

    def typed(self, command: Command) -> Steps[CommandOutput]:
        """Run one command as if typed, if its selections make sense; its lines are not cut."""
        errors, warnings = before_command(self._cmd, command)
        if errors:
            return CommandOutput(errors=tuple(errors), warnings=tuple(warnings))
        self._forget_rest()
        size = self._cmd.get_viewport()
        with self._listener.listening() as heard:
            overdue = yield from self._run_typed(command)
            yield from geometry.settle(self._cmd, self._window, command.name, size)
        failures = [self._explained(command.text, item) for item in heard.reported()] + heard.shown()
        unfinished = self._abandon_block()
        if unfinished and not failures:
            failures = [f"The block was never closed: `{unfinished}` is missing, nothing of it ran."]
        failures = [hints.explained(self._cmd, command.text, item) for item in failures]
        warnings += hints.warnings(self._cmd, command.text, heard.lines())
        return _output(heard.lines(), failures, overdue).model_copy(update={"warnings": tuple(warnings)})

    def called(self, call: Call) -> Steps[CommandOutput]:
        """Run one command by its keyword arguments."""
        function = self._cmd.keyword[call.command][0]
        arguments = {name: list(value) if isinstance(value, tuple) else value for name, value in call.arguments.items()}
        value: Any = None
        overdue = None
        size = self._cmd.get_viewport()
        with self._listener.listening() as heard:
            try:
                value, overdue = yield from self._run_call(call.command, lambda: function(**arguments))
                yield from geometry.settle(self._cmd, self._window, call.command, size)
            except Exception as error:  # noqa: BLE001  # border: whatever a command raises is its error
                heard.raised.append(str(error) or type(error).__name__)
        failures = [plain(item) for item in heard.reported()] + heard.shown()
        failures = [hints.explained(self._cmd, call.text, item) for item in failures]
        return _output(bounded(heard.lines()), failures, overdue, value)

    def _run_typed(self, command: Command) -> Steps[str | None]:
        """Words when it took too long."""
        lines = typed_lines(command)
        code = command.text if command.kind == "python" else ""
        if self._window is not None and (command.name in _HEAVY or (code and threads.runs_anywhere(code))):
            colorprinting.parrot(f"PyMOL>{lines[0]}")  # what `do` would have shown
            try:
                _, overdue = yield from self._in_worker(lambda: [self._cmd._parser.parse(line) for line in lines], code)
            except BaseException:
                self._abandon_block()  # stopped before its last line
                raise
            return overdue
        overdue = None
        for line in lines:
            _, overdue = self._watched(lambda line=line: self._cmd.do(line, 1, 1))  # type: ignore[misc]
        return overdue

    def _run_call(self, name: str, function: Callable[[], Any]) -> Steps[tuple[Any, str | None]]:
        if self._window is not None and name in _HEAVY:
            return (yield from self._in_worker(function))
        return self._watched(function)

    def _watched(self, function: Callable[[], Any], raiser: Raiser | None = None) -> tuple[Any, str | None]:
        """Run it here; with what it returned, and words when it took too long."""
        value = None
        with self._watchdog.watching(raiser) as watch:
            value = function()
        return value, self._watchdog.words if watch.fired else None

    def _in_worker(self, function: Callable[[], Any], code: str = "") -> Steps[tuple[Any, str | None]]:
        """The same in a worker; Python that Stop ends goes no further."""
        raiser = Raiser()
        stop = raiser.raise_there if code else None
        can_interrupt = bool(code) and not threads.counts_dots(code)
        ran: tuple[Any, str | None] = yield Work(lambda: self._watched(function, raiser), stop, can_interrupt)
        return ran

    def _explained(self, text: str, message: str) -> str:
        """PyMOL hands a word it does not know to Python, whose SyntaxError would only confuse."""
        word = text.strip().split(" ")[0].split(",")[0]
        is_python_error = "SyntaxError" in message or "NameError" in message
        if not is_python_error or word in self._cmd.keyword or not word.isidentifier():
            return plain(message)
        close = difflib.get_close_matches(word, list(self._cmd.keyword), n=3)
        meant = f" Did you mean {' or '.join(close)}?" if close else ""
        return f"`{word}` is not a PyMOL command.{meant}"

    def _abandon_block(self) -> str:
        """Forget a `python`/`skip` block left open; the next command of the user would vanish in it."""
        sentinel = ""
        for layer in self._cmd._parser.layer.values():
            sentinel = layer.embed_sentinel or sentinel
            layer.embed_sentinel = None
            layer.cont = ""
        self._forget_rest()
        return sentinel

    def _forget_rest(self) -> None:
        """PyMOL keeps what follows a failed command after its `;`, and runs it after the next one, whatever that is."""
        for layer in self._cmd._parser.layer.values():
            layer.next = []


def _output(lines: Sequence[str], failures: list[str], overdue: str | None, value: Any = None) -> CommandOutput:
    errors = (overdue,) if overdue else tuple(dict.fromkeys(failures))
    return CommandOutput(lines=tuple(lines), errors=errors, completed=int(not errors), value=_plain(value))


def _plain(value: Any) -> Value:
    if isinstance(value, (list, tuple)):
        return tuple(item if isinstance(item, _SCALARS) else str(item) for item in value)
    return value if isinstance(value, _SCALARS) else str(value)
