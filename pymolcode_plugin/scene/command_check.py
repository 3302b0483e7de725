"""The check of one command just before it runs: would it silently do nothing, or something else than was meant?"""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from ..core.errors import CommandFailed, SelectionEmpty
from . import hints, selection_check, selection_text
from .commands import Command

# Where doing nothing is the state that was wanted, an empty selection is only worth a word.
_TAKES_AWAY = {"hide", "remove", "disable", "delete", "deselect", "ungroup", "unmask", "deprotect", "unbond", "unset"}
_COUNTS = {"count_atoms", "count_states", "get_chains", "identify", "id_atom", "index"}  # nothing is their answer
# Arguments that name what there is, of commands that are silent about what there is not.
_BY_NAME = {
    "enable": ("name",), "disable": ("name",), "delete": ("name",), "ungroup": ("members",), "group": ("members",),
    "order": ("names",), "map_double": ("name",), "map_halve": ("name",), "map_trim": ("name",), "sort": ("object",),
    "matrix_copy": ("source_name", "target_name"), "set_title": ("object",), "symexp": ("object",),
    "set_name": ("old_name",),
}  # fmt: skip
_MAKES = {
    "create": "name", "extract": "name", "select": "name", "copy": "target",
    "pseudoatom": "object", "load": "object", "fetch": "name", "fragment": "object", "fab": "object",
    "distance": "name", "angle": "name", "dihedral": "name", "isomesh": "name", "isosurface": "name",
    "isodot": "name", "map_new": "name", "group": "name",
}  # fmt: skip
_ATOMS = "object:molecule"
_HAS_WORDS = re.compile(r"(?:^|[\s,])(?:enabled(?=$|[\s,])|not(?=$|[\s,])|!)")  # no names, though `delete` takes them


def before_command(cmd: Any, command: Command) -> tuple[list[str], list[str]]:
    """Errors that should keep the command from running, and warnings; call on PyMOL's thread.

    A selection that matches nothing is an error, because PyMOL would do nothing and report success; of commands
    that take something away it is a warning. `none` is nothing on purpose.
    """
    errors: list[str] = []
    warnings: list[str] = []
    if command.kind != "command" or not command.name:
        return errors, warnings
    for selection in dict.fromkeys(command.selections):
        _check_selection(cmd, command, selection, errors, warnings)
    _check_names(cmd, command, errors, warnings)
    _check_new_name(cmd, command, warnings)
    if silent := _SILENT.get(command.name):
        errors += silent(cmd, command)
    if state := _state_out_of_range(cmd, command):
        warnings.append(state)
    return errors, warnings


def _check_selection(cmd: Any, command: Command, selection: str, errors: list[str], warnings: list[str]) -> None:
    name = command.name
    if _is_nothing_on_purpose(selection) or _is_no_molecule(cmd, selection):
        return
    if selection.strip() in ("all", "*") and cmd.get_names("public_objects"):
        return
    try:
        warnings += selection_check.check(cmd, selection).warnings
    except SelectionEmpty as error:
        if name in _TAKES_AWAY:
            warnings.append(f"`{selection}` matched nothing, so `{name}` had nothing to do.")
        elif name not in _COUNTS:
            errors.append(f"{error.message} `{name}` was not run.")
    except CommandFailed as error:
        # The table knows more of the command, e.g. that selection and colour are the wrong way round.
        errors.append(f"{error.args[0]} {hints.hint(cmd, command.text, str(error)) or error.hint}".strip())


def _check_names(cmd: Any, command: Command, errors: list[str], warnings: list[str]) -> None:
    """`enable`, `delete` and others take names and patterns, and are silent about what does not exist."""
    names = [*cmd.get_names("all"), "_all"]
    if command.name == "delete" and _HAS_WORDS.search(command.arguments.get("name", "")):
        return  # `effects` says what would go
    given = [command.arguments.get(argument, "").strip() for argument in _BY_NAME.get(command.name, ())]
    listed = [
        item for text in given if text not in ("all", "same") and not text.startswith("(") for item in text.split()
    ]
    absent = [item for item in listed if not _matches(names, item)]
    if not absent:
        return
    text = f"There is nothing named {' or '.join(f'`{item}`' for item in absent)}"
    if command.name in _TAKES_AWAY:
        warnings.append(f"{text}, so `{command.name}` had nothing to do.")
    else:
        public = cmd.get_names("public")
        there = f"the objects and selections are {', '.join(public[:12])}" if public else "the scene is empty"
        errors.append(f"{text}; {there}.")


def _check_new_name(cmd: Any, command: Command, warnings: list[str]) -> None:
    name = command.arguments.get(_MAKES.get(command.name, ""), "").strip()
    if not name or " " in name:
        return
    if selection_text.keyword(name):
        warnings.append(f"`{name}` is a selection keyword: PyMOL names it `{name}_`.")
    elif name in cmd.get_names("public_selections") and command.name not in ("select", "group"):
        warnings.append(f"There is a selection `{name}` as well; from now on `{name}` means the object.")


def _unknown_color(cmd: Any, command: Command) -> list[str]:
    color = command.arguments.get("color", "black")
    if color.startswith(("[", "(", "0x", '"', "'")) or color.isdigit() or cmd.get_color_index(color) != -1:
        return []
    return [hints.explained(cmd, command.text, "Unknown color.")]


def _unknown_axis(_cmd: Any, command: Command) -> list[str]:
    axis = command.arguments.get("axis", "")
    return [] if axis[:1] in ("x", "y", "z", "") else [f"There is no axis `{axis}`: it is x, y or z, and comes first."]


def _replaced_name(cmd: Any, command: Command) -> list[str]:
    new, old = command.arguments.get("new_name", ""), command.arguments.get("old_name", "")
    if new == old or new not in cmd.get_names("all"):
        return []
    return [f"`{new}` exists and would be lost: choose another name, or delete it first."]


def _state_out_of_range(cmd: Any, command: Command) -> str:
    """PyMOL takes any state and frame, and shows nothing or the last one."""
    arguments = command.arguments
    if command.name in ("iterate_state", "alter_state"):
        state, last, word = arguments.get("state", ""), cmd.count_states("all"), "state"
    elif command.name == "set" and arguments.get("name") == "state":
        state, last, word = arguments.get("value", ""), cmd.count_states("all"), "state"
    elif command.name == "frame":
        state, last, word = arguments.get("frame", ""), cmd.count_frames(), "frame"
    else:
        return ""
    return f"There is no {word} {state}: the last one is {last}." if state.isdigit() and int(state) > last else ""


_SILENT = {
    "bg_color": _unknown_color, "bg_colour": _unknown_color, "turn": _unknown_axis, "move": _unknown_axis,
    "set_name": _replaced_name,
}  # fmt: skip


def _is_nothing_on_purpose(selection: str) -> bool:
    return selection.strip("() ").lower() in ("none", "")


def _is_no_molecule(cmd: Any, selection: str) -> bool:
    """Maps, meshes, distances and groups have no atoms, and can be coloured or shown all the same."""
    names = cmd.get_names("public_objects")
    others = [name for name in names if cmd.get_type(name) != _ATOMS]
    return (
        bool(others)
        and all(_matches(names, item) for item in selection.split())
        and any(_matches(others, item) for item in selection.split())
    )


def _matches(names: list[str], pattern: str) -> bool:
    pattern = pattern.strip("%?()").lower()
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for name in names)
