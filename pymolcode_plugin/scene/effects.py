"""What a command would do to the scene as it is now, in words and numbers for a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pymol

from ..core.risk import Risk
from . import expressions
from .commands import Command

Arguments = Mapping[str, str]
_MAX_NAMES = 5
_SESSIONS = (".pse", ".psw", ".pze", ".pzw", ".pse.gz", ".psw.gz")


def of(cmd: Any, command: Command, risk: Risk) -> tuple[str, ...]:
    """The effects of one command; none for what only looks.

    Args:
        cmd: The `pymol.cmd` module.
        command: As it was read.
        risk: Its class.
    """
    if risk is Risk.EXEC:
        return (_runs(command),)
    say = _SAID.get(command.name)
    text = say(cmd, command.arguments) if say else ""
    return (text,) if text else ()


def _runs(command: Command) -> str:
    if command.name == "system":
        return "runs a shell command"
    if command.kind == "script":
        return f"runs the script {_short(command.text.lstrip('@ '))}"
    path = command.arguments.get("filename", "").strip("\"'")
    if command.name in ("load", "loadall", "run", "spawn", "fork") and path:
        is_session = path.lower().endswith(_SESSIONS) or command.arguments.get("format") in ("pse", "psw")
        return f"replaces the session with {path}, which may hold code" if is_session else f"may run code of {path}"
    if command.kind == "python":
        return "runs Python code"
    return f"runs `{_short(command.text)}`, which can do anything"


def _short(text: str) -> str:
    line = text.split("\n")[0].strip()
    return line if len(line) <= 60 else f"{line[:60]}…"


def _atoms(cmd: Any, selection: str) -> int:
    """0 for what PyMOL cannot read: it will do nothing with it either."""
    try:
        return int(cmd.count_atoms(selection, quiet=1))
    except (pymol.CmdException, ValueError, TypeError):
        return 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _named(names: list[str]) -> str:
    more = f", … {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more


def _matching(cmd: Any, patterns: str) -> list[str]:
    """Objects and selections that `delete` would match: names, wildcards, groups with their members, and `all`."""
    public = list(cmd.get_names("all"))
    found: dict[str, None] = {}
    for pattern in re.split(r"[\s,]+", patterns):
        pattern = pattern.removeprefix("%")
        if pattern in ("all", "*"):
            return public
        expression = re.compile(re.escape(pattern).replace(r"\*", ".*"), re.IGNORECASE)
        for name in public:
            if expression.fullmatch(name):
                found[name] = None
                is_group = cmd.get_type(name) == "object:group"
                found |= dict.fromkeys(cmd.get_object_list(f"%{name}") or () if is_group else ())
    return list(found)


def _delete(cmd: Any, given: Arguments) -> str:
    names = _matching(cmd, given.get("name", ""))
    selections = set(cmd.get_names("selections"))
    objects = [name for name in names if name not in selections]
    gone = [name for name in names if name in selections]
    if not names:
        return "deletes nothing: no such name"
    said = []
    if objects:
        n_atoms = _atoms(cmd, " or ".join(f"%{name}" for name in objects))
        said.append(f"{_counted(len(objects), 'object')} ({_named(objects)}), {_counted(n_atoms, 'atom')}")
    if gone:
        said.append(f"{_counted(len(gone), 'selection')} ({_named(gone)})")
    return f"deletes {' and '.join(said)}"


def _remove(cmd: Any, given: Arguments) -> str:
    selection = given.get("selection", "")
    n_atoms = _atoms(cmd, selection)
    objects = cmd.get_object_list(selection) if n_atoms else []
    return f"removes {_counted(n_atoms, 'atom')}" + (f" of {_named(list(objects))}" if objects else "")


def _reinitialize(cmd: Any, given: Arguments) -> str:
    what = given.get("what", "everything")
    if not "everything".startswith(what):
        return f"resets {what.replace('_', ' ')}"
    n_objects = len(cmd.get_names("objects"))
    return f"clears the whole scene: {_counted(n_objects, 'object')}, {_counted(_atoms(cmd, 'all'), 'atom')}"


def _alter(cmd: Any, given: Arguments) -> str:
    names = expressions.assigned(given.get("expression", ""))
    n_atoms = _atoms(cmd, given.get("selection", ""))
    return f"alters {', '.join(names) or 'nothing'} of {_counted(n_atoms, 'atom')}"


def _overwrites(parameter: str) -> Callable[[Any, Arguments], str]:
    def said(cmd: Any, given: Arguments) -> str:
        name = given.get(parameter, "")
        return f"overwrites object {name}" if name and name in cmd.get_names("objects") else ""

    return said


def _fetch(_cmd: Any, given: Arguments) -> str:
    codes = ", ".join(given.get("code", "").split())
    return f"fetches {codes} from the network and loads it"


def _stored(cmd: Any, given: Arguments) -> str:
    if not given.get("action", "").startswith(("cl", "de")):
        return ""
    key = given.get("key", "")
    return f"deletes all {len(cmd.get_scene_list())} stored scenes" if key == "*" else f"deletes the stored {key}"


def _states(_cmd: Any, given: Arguments) -> str:
    return f"deletes states {given.get('states', '')} of {given.get('name', '')}"


def _group(_cmd: Any, given: Arguments) -> str:
    action = given.get("action", "")
    return f"{action}s the group {given.get('name', '')}" if action.startswith(("pu", "ex", "em")) else ""


_SAID: dict[str, Callable[[Any, Arguments], str]] = {
    "alter": _alter,
    "alter_state": _alter,
    "copy": _overwrites("target"),
    "create": _overwrites("name"),
    "delete": _delete,
    "delete_states": _states,
    "extract": _overwrites("name"),
    "fetch": _fetch,
    "group": _group,
    "quit": lambda _cmd, _given: "quits PyMOL",
    "redo": lambda _cmd, _given: "redoes PyMOL's own last step",
    "reinitialize": _reinitialize,
    "remove": _remove,
    "remove_picked": lambda _cmd, _given: "removes the picked atoms",
    "scene": _stored,
    "undo": lambda _cmd, _given: "undoes PyMOL's own last step",
    "view": _stored,
}
