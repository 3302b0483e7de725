"""The check of one command just before it runs: would it silently do nothing, or something else than was meant?"""

from __future__ import annotations

import fnmatch
from typing import Any

from ..core.errors import CommandFailed, SelectionEmpty
from . import hints, selection_check, selection_text
from .commands import Command

# Where doing nothing is the state that was wanted, an empty selection is only worth a word.
_TAKES_AWAY = {"hide", "remove", "disable", "delete", "deselect", "ungroup", "unmask", "deprotect", "unbond", "unset"}
_COUNTS = {"count_atoms", "count_states", "get_chains", "identify", "id_atom", "index"}  # nothing is their answer
_BY_NAME = {"enable": "name", "disable": "name", "delete": "name", "toggle": "object"}
_MAKES = {
    "create": "name", "extract": "name", "select": "name", "copy": "target", "set_name": "new_name",
    "pseudoatom": "object", "load": "object", "fetch": "name", "fragment": "object", "fab": "object",
    "distance": "name", "angle": "name", "dihedral": "name", "isomesh": "name", "isosurface": "name",
    "isodot": "name", "map_new": "name", "group": "name",
}  # fmt: skip
_ATOMS = "object:molecule"


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
    """`enable`, `disable` and `delete` take names and patterns, and are silent about what does not exist."""
    given = command.arguments.get(_BY_NAME.get(command.name, ""), "")
    if given.strip() in ("", "all", "same") or given.lstrip().startswith("("):
        return
    names = [*cmd.get_names("all"), "_all"]
    absent = [item for item in given.split() if not _matches(names, item)]
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
    elif name in cmd.get_names("public_selections") and command.name not in ("select", "group", "set_name"):
        warnings.append(f"There is a selection `{name}` as well; from now on `{name}` means the object.")


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
