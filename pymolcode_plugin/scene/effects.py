"""What a command would do to the scene as it is now, in words and numbers for a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import pymol
from pymol import creating

from ..core.counting import counted
from ..core.risk import Risk
from . import expressions
from .commands import Command

Arguments = Mapping[str, str]
_MAX_NAMES = 5
_MOLECULE, _GROUP = "object:molecule", "object:group"
_NEGATES = re.compile(r"(?:^|[\s,])(?:not(?=$|[\s,])|!)")
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


def _named(names: list[str]) -> str:
    more = f", … {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more


def _matching(cmd: Any, patterns: str) -> list[str]:
    """Objects and selections that names, wildcards and PyMOL's words for them match; of a negation everything."""
    public = list(cmd.get_names("all"))
    found: dict[str, None] = {}
    for word in re.split(r"[\s,]+", patterns):
        pattern = word.lstrip("%?")
        if pattern.lower() in ("all", "*") or _NEGATES.search(word):
            return public
        if pattern == "enabled":
            found |= dict.fromkeys(cmd.get_names("objects", enabled_only=1))
        expression = re.compile(re.escape(pattern).replace(r"\*", ".*"), re.IGNORECASE)
        found |= dict.fromkeys(name for name in public if expression.fullmatch(name))
    return list(found)


def _with_members(cmd: Any, names: Iterable[str]) -> dict[str, None]:
    """The names, and what is in the groups among them, groups in groups included."""
    found = dict.fromkeys(names)
    if not any(cmd.get_type(name) == _GROUP for name in found if name in set(cmd.get_names("objects"))):
        return found
    # Only a session says which group a map or a measurement is in.
    entries = cmd.get_session(partial=1, binary=1, cache=0, version=0)["names"]
    group_of = {entry[0]: entry[6] for entry in entries if entry and len(entry) > 6}
    left = list(found)
    while left:
        group = left.pop()
        inside = [name for name, other in group_of.items() if other == group and name not in found]
        found |= dict.fromkeys(inside)
        left += inside
    return found


def _objects(cmd: Any, names: Sequence[str]) -> str:
    """How many objects and atoms; of a map and the like only that it is there."""
    molecules = [f"%{name}" for name in names if cmd.get_type(name) == _MOLECULE]
    # One selection: each costs time for every atom of the scene.
    n_atoms = _atoms(cmd, " or ".join(molecules)) if molecules else 0
    return f"{counted(len(names), 'object')} ({_named(list(names))}), {counted(n_atoms, 'atom')}"


def _delete(cmd: Any, given: Arguments) -> str:
    patterns = given.get("name", "")
    names = list(_with_members(cmd, _matching(cmd, patterns)))
    selections = set(cmd.get_names("selections"))
    objects = [name for name in names if name not in selections]
    gone = [name for name in names if name in selections]
    if not names:
        return "deletes nothing: no such name"
    said = []
    if objects:
        said.append(_objects(cmd, objects))
    if gone:
        said.append(f"{counted(len(gone), 'selection')} ({_named(gone)})")
    verb = "deletes at most" if _NEGATES.search(patterns) else "deletes"  # PyMOL reads negations in ways of its own
    return f"{verb} {' and '.join(said)}"


def _remove(cmd: Any, given: Arguments) -> str:
    selection = given.get("selection", "")
    n_atoms = _atoms(cmd, selection)
    objects = cmd.get_object_list(selection) if n_atoms else []
    return f"removes {counted(n_atoms, 'atom')}" + (f" of {_named(list(objects))}" if objects else "")


def _reinitialize(cmd: Any, given: Arguments) -> str:
    what = given.get("what", "everything")
    if not "everything".startswith(what):
        return f"resets {what.replace('_', ' ')}"
    n_objects = len(cmd.get_names("objects"))
    return f"clears the whole scene: {counted(n_objects, 'object')}, {counted(_atoms(cmd, 'all'), 'atom')}"


def _alter(cmd: Any, given: Arguments) -> str:
    names = expressions.assigned(given.get("expression", ""))
    n_atoms = _atoms(cmd, given.get("selection", ""))
    return f"alters {', '.join(names) or 'nothing'} of {counted(n_atoms, 'atom')}"


def _overwrites(parameter: str) -> Callable[[Any, Arguments], str]:
    def said(cmd: Any, given: Arguments) -> str:
        name = given.get(parameter, "")
        is_molecule = name in cmd.get_names("objects") and cmd.get_type(name) == _MOLECULE
        return f"overwrites object {name}" if is_molecule else ""  # of others `replacing` says it

    return said


def _fetch(_cmd: Any, given: Arguments) -> str:
    codes = ", ".join(given.get("code", "").split())
    return f"fetches {codes} from the network and loads it"


def _stored(kind: Literal["scene", "view"]) -> Callable[[Any, Arguments], str]:
    def said(cmd: Any, given: Arguments) -> str:
        if not given.get("action", "").startswith(("cl", "de")):
            return ""
        key = given.get("key", "")
        names = cmd.get_scene_list() if kind == "scene" else list(cmd._pymol._view_dict)
        if key == "*":
            return f"deletes all {len(names)} stored {kind}s"
        if kind == "scene" and key in ("", "auto"):
            return "deletes the stored scene that is current"
        is_there = key in names or (kind == "view" and any(name.startswith(key) for name in names))
        return f"deletes the stored {kind} {key}" if is_there else f"deletes nothing: no stored {kind} {key}"

    return said


def _states(_cmd: Any, given: Arguments) -> str:
    return f"deletes states {given.get('states', '')} of {given.get('name', '')}"


def _group(cmd: Any, given: Arguments) -> str:
    action = str(creating.group_action_sc.interpret(given.get("action", "auto")))
    groups = [name for name in _matching(cmd, given.get("name", "")) if name in cmd.get_names("objects")]
    groups = [name for name in groups if cmd.get_type(name) == _GROUP]
    if action == "purge":
        inside = [name for name in _with_members(cmd, groups) if name not in groups]
        return f"deletes what is in {_named(groups)}: {_objects(cmd, inside)}" if inside else ""
    words = {"excise": "dissolves the group", "empty": "takes everything out of the group"}
    return f"{words[action]} {given.get('name', '')}" if action in words else ""


_SAID: dict[str, Callable[[Any, Arguments], str]] = {
    "alter": _alter,
    "alter_state": _alter,
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
    "scene": _stored("scene"),
    "undo": lambda _cmd, _given: "undoes PyMOL's own last step",
    "view": _stored("view"),
}
