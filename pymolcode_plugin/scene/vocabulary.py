"""The names and words the running PyMOL knows: objects, representations, colours, palettes, settings, scenes."""

from __future__ import annotations

from typing import Any

import pymol
from pymol import constants
from pymol import setting as pymol_setting

from ..core.errors import CommandFailed
from ..core.ports import Vocabulary

# Colours that PyMOL takes by rule, beside those in its table.
_COLOR_RULES = ("atomic", "auto", "current", "back", "front", "default")
_MAX_VALUES = 5


def names(cmd: Any) -> dict[str, str]:
    """Objects and named selections with their types; call on PyMOL's thread."""
    return {name: cmd.get_type(name) for name in cmd.get_names("public")}


def words(cmd: Any, kind: Vocabulary) -> tuple[str, ...]:
    """The words of a kind; call on PyMOL's thread."""
    if kind == "representation":
        return tuple(constants.repres)
    if kind == "color":
        ramps = [name for name, type_ in names(cmd).items() if type_ == "object:ramp"]
        return (*(name for name, _ in cmd.get_color_indices(all=1)), *_COLOR_RULES, *ramps)
    if kind == "palette":
        return tuple(cmd.palette_sc.keywords)
    if kind == "setting":
        return tuple(pymol_setting.index_dict)
    return tuple(cmd.get_scene_list())


def setting_text(cmd: Any, name: str, selection: str) -> str:
    """Value of a setting: global, of an object, or of atoms.

    PyMOL's own `get` reads no atoms, though `set` writes them; only `iterate` shows what was written.
    """
    if name not in pymol_setting.index_dict:
        raise CommandFailed(f"PyMOL has no setting `{name}`.")
    if not selection:
        return str(cmd.get_setting_text(name))
    if selection in cmd.get_names("objects"):
        return str(cmd.get_setting_text(name, selection))
    try:
        cmd.count_atoms(selection)  # iterate only prints that it cannot read a selection
        found = _of_bonds(cmd, name, selection) or _of_atoms(cmd, name, selection)
    except pymol.CmdException as error:
        raise CommandFailed(f"PyMOL cannot read the selection `{selection}`: {error}") from error
    colors = {index: color for color, index in cmd.get_color_indices(all=1)} if name.endswith("color") else {}
    values = list(dict.fromkeys(colors.get(value) or _text(value) for value in found))
    shown = values[:_MAX_VALUES]
    return ", ".join(shown) + (f" and {len(values) - len(shown)} more" if len(values) > len(shown) else "")


def _of_bonds(cmd: Any, name: str, selection: str) -> list[Any]:
    """Values written on bonds, which `iterate` does not show; empty where there is none."""
    by_model = cmd.get_bond(name, selection) or ()
    if all(value is None for _, bonds in by_model for *_, value in bonds):
        return []
    of_object = {model: cmd.get_setting_text(name, model) for model, _ in by_model}
    return [of_object[model] if value is None else value for model, bonds in by_model for *_, value in bonds]


def _of_atoms(cmd: Any, name: str, selection: str) -> list[Any]:
    found: list[Any] = []
    cmd.iterate(selection, "note(s[key])", space={"note": found.append, "key": name}, quiet=1)
    return found


def _text(value: Any) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
