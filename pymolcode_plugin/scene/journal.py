"""What ran and changed something, as a script that does the same says it; never runs anything itself."""

from __future__ import annotations

import itertools
from typing import Any

from ..core.scene import Call, CommandOutput, as_typed
from . import commands, policy

FAILED = "# What follows ended with an error, after a part of it had been done."


class Journal:
    """Lines of a script since they were last taken.

    Args:
        cmd: The `pymol.cmd` module, whose parser reads the script.
    """

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._lines: list[str] = []

    def take(self) -> tuple[str, ...]:
        """What was added since the last time."""
        taken, self._lines = tuple(self._lines), []
        return taken

    def add(self, text: str) -> None:
        """A line, or several, of a script."""
        self._lines.append(text)

    def ran(self, command: commands.Command, output: CommandOutput) -> None:
        """A command that was typed; of those that failed only code, which may have done something before."""
        is_code = command.kind == "script" or command.name in ("python", "run")
        self._note(command.name, command.text, output, is_code=is_code)

    def called(self, call: Call, output: CommandOutput) -> None:
        """A call; on PyMOL's thread."""
        self._note(call.command, script_line(self._cmd, call), output)

    def python(self, code: str, output: CommandOutput) -> None:
        """Code that ran, or failed while it ran."""
        self._note("python", _block(code), output, is_code=True)

    def _note(self, name: str, text: str, output: CommandOutput, *, is_code: bool = False) -> None:
        if policy.only_reads(name) or not (output.ok or is_code):
            return
        self._lines += [text] if output.ok else [FAILED, text]


def script_line(cmd: Any, call: Call) -> str:
    """The call as a person would type it, where PyMOL's parser reads that as the same call; as Python otherwise.

    Some commands take what follows literally (`label`, `alter`), and then a name of an argument is part of its value.
    """
    if any(value is None or isinstance(value, bool) for value in call.arguments.values()):
        return call.python
    wanted = {name: as_typed(value) for name, value in call.arguments.items()}
    read = commands.parse(cmd, call.text)
    is_same = len(read) == 1 and (read[0].name, read[0].arguments) == (call.command, wanted)
    return call.text if is_same else call.python


def _block(code: str) -> str:
    inside = {line.strip() for line in code.splitlines()}
    ends = itertools.chain(("python end",), (f"python end {number}" for number in itertools.count(2)))
    end = next(item for item in ends if item not in inside)
    return f"python{'' if end == 'python end' else f' {end}'}\n{code}\n{end}"
