"""Lines of the journal as lines of a script, in PyMOL's command language and in Python; on PyMOL's thread."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.replaying import BESIDE, ScriptLine
from ..core.scene import Call
from . import commands, journal

Beside = Callable[[Path], str]  # the name of a file's copy beside the script; empty where there is none
_PYTHON_NAMES = {"as": "show_as"}  # a word that Python keeps for itself
_LOADS = ("load", "load_traj")


def to_lines(cmd: Any, texts: Sequence[str], beside: Beside) -> list[ScriptLine]:
    """What a journal holds, in order.

    Args:
        cmd: The `pymol.cmd` module, whose parser reads the lines.
        texts: As `journal.Journal.take` gives them.
        beside: For files that are loaded.
    """
    lines: list[ScriptLine] = []
    failed = False
    for text in texts:
        if text == journal.FAILED:
            failed = True
            lines.append(ScriptLine(pml=text, python=text))
            continue
        line = _line(cmd, text, beside)
        lines.append(ScriptLine(pml=line.pml, python=_tried(line.python)) if failed else line)
        failed = False
    return lines


def of_call(cmd: Any, call: Call) -> ScriptLine:
    """A call as a line of a script."""
    return ScriptLine(pml=journal.script_line(cmd, call), python=call.python[1:])


def load_beside(name: str, arguments: Mapping[str, Any] | None = None) -> ScriptLine:
    """Loading a file that lies beside the script, wherever that is."""
    more = "".join(f", {key}={value!r}" for key, value in (arguments or {}).items())
    code = f"cmd.load({BESIDE}({name!r}){more})"
    return ScriptLine(pml=f"/{code}", python=code)


def _line(cmd: Any, text: str, beside: Beside) -> ScriptLine:
    read = commands.parse(cmd, text)
    if len(read) != 1:
        return ScriptLine(pml=text, python=f"cmd.do({text!r})")
    loaded = _loaded(cmd, read[0], beside) if read[0].name in _LOADS else None
    return loaded or ScriptLine(pml=text, python=_python(cmd, read[0], text))


def _loaded(cmd: Any, command: commands.Command, beside: Beside) -> ScriptLine | None:
    """A file by its full path, or its copy; None where the line is good as it is."""
    name = command.arguments.get("filename", "")
    path = Path(cmd.exp_path(name))
    copy = beside(path)
    if copy:
        given = {key: value for key, value in command.arguments.items() if key != "filename"}
        return load_beside(copy, given)
    if not name or path.is_absolute() or not path.is_file():
        return None
    return of_call(cmd, Call(command=command.name, arguments={**command.arguments, "filename": str(path.absolute())}))


def _python(cmd: Any, command: commands.Command, text: str) -> str:
    if command.name == "python":
        return "\n".join(text.splitlines()[1:-1])
    if command.kind == "python":
        return text.strip().removeprefix("/").strip()
    called = _called(cmd, command) if command.kind == "command" else ""
    return called or f"cmd.do({text!r})"


def _called(cmd: Any, command: commands.Command) -> str:
    """The function of the command with what PyMOL's parser would pass to it; empty where that is another."""
    name = _PYTHON_NAMES.get(command.name, command.name)
    found = cmd
    for part in name.split("."):
        found = getattr(found, part, None)
    has_arguments = " " in command.text.strip()
    if found is None or found != cmd.keyword[command.name][0] or (has_arguments and not command.arguments):
        return ""
    if any(keyword.iskeyword(key) for key in command.arguments):
        return ""
    given = [repr(value) for key, value in command.arguments.items() if key.isdigit()]
    named = [(key, value) for key, value in command.arguments.items() if not key.isdigit()]
    if named and not given and next(iter(command.arguments)) == commands.first_parameter(cmd, command.name):
        given.append(repr(named.pop(0)[1]))
    return f"cmd.{name}({', '.join([*given, *(f'{key}={value!r}' for key, value in named)])})"


def _tried(code: str) -> str:
    """Code that is known to fail, so that what follows it runs all the same, as in PyMOL's command language."""
    return f"try:\n    exec({code!r})\nexcept Exception as error:\n    print(error)"
