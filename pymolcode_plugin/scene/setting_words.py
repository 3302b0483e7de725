"""Settings of a state in words: global ones, those of an object, those of single atoms and bonds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pymol import setting as pymol_setting

from ..core.counting import counted
from .scene_hash import NOISY_SETTINGS, atom_settings
from .state import Part, State

_MAX_SETTINGS = 12
_BOOLEAN, _FLOAT, _FLOAT3, _COLOR = 1, 3, 4, 5
_NAMES = {index: name for name, index in pymol_setting.index_dict.items()}
_SET = dict[int, Any]


def color_name(text: str) -> str:
    """PyMOL writes its default black as a number."""
    return {"0x000000": "black", "0xffffff": "white"}.get(text, text)


def global_lines(before: State, after: State) -> list[str]:
    """Settings of the whole scene."""
    if before.texts is after.texts:
        return []
    return [
        f"set {name} to {color_name(value) or 'nothing'} (was {color_name(before.texts[name]) or 'nothing'})"
        for name, value in after.texts.items()
        if name not in NOISY_SETTINGS and before.texts.get(name, value) != value
    ][:_MAX_SETTINGS]


def object_lines(before: State, after: State, old: Part, new: Part) -> list[str]:
    """Settings of one object."""
    one, other = _by_index(old.settings), _by_index(new.settings)
    if one == other:
        return []
    lines = []
    for index in sorted(one.keys() | other.keys()):
        was, now = one.get(index), other.get(index)
        if was == now:
            continue
        if now is None:
            lines.append(f"unset {_name(index)} of {new.name} (was {_text(before, was)})")
        else:
            known = f" (was {_text(before, was)})" if was is not None else ""
            lines.append(f"set {_name(index)} to {_text(after, now)} for {new.name}{known}")
    return lines


def atom_lines(before: State, after: State) -> list[str]:
    """Settings of single atoms and bonds, counted by object and value."""
    if before.rest.get("unique_settings") == after.rest.get("unique_settings"):
        return []
    one, other = _of_atoms(before), _of_atoms(after)
    names = after.objects().keys() & before.objects().keys()
    came: Counter[tuple[str, str, int, str]] = Counter()
    gone: Counter[tuple[str, str, int]] = Counter()
    for place, values in other.items():
        for index, value in values.items():
            if place[0] in names and one.get(place, {}).get(index) != value:
                came[(place[0], place[1], index, _text(after, value))] += 1
    for place, values in one.items():
        for index in values.keys() - other.get(place, {}).keys():
            if place[0] in names:
                gone[(place[0], place[1], index)] += 1
    lines = [
        f"set {_name(index)} to {text} for {counted(n, kind)} of {name}"
        for (name, kind, index, text), n in came.items()
    ]
    return lines + [f"unset {_name(index)} of {counted(n, kind)} of {name}" for (name, kind, index), n in gone.items()]


def _of_atoms(state: State) -> dict[tuple[str, str, int], _SET]:
    return {(name, kind, number): _by_index(values) for name, kind, number, values in atom_settings(state)}


def _by_index(settings: list[list[Any]]) -> _SET:
    return {item[0]: (item[1], item[2]) for item in settings}


def _name(index: int) -> str:
    return str(_NAMES.get(index, f"setting {index}"))


def _text(state: State, setting: Any) -> str:
    kind, value = setting
    if kind == _BOOLEAN:
        return "on" if value else "off"
    if kind == _FLOAT:
        return f"{value:.5g}"
    if kind == _FLOAT3:
        return f"[{', '.join(f'{item:.5g}' for item in value)}]"
    if kind == _COLOR:
        return color_of(state, value)
    return str(value) or "nothing"


def color_of(state: State, index: int) -> str:
    """The name of a colour by its index; PyMOL writes a colour without a name as 0xRRGGBB."""
    own = {item[1]: item[0] for item in state.rest.get("colors") or []}
    if index in own:
        return str(own[index])
    if index >= 0x40000000:  # PyMOL's mark of a colour given as a number
        return f"0x{index & 0xFFFFFF:06x}"
    return state.color_names.get(index, "default" if index < 0 else f"colour {index}")
