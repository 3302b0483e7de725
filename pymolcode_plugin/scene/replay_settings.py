"""What differs in settings between two states, as the commands that set them so."""

from __future__ import annotations

from typing import Any

import numpy as np
from pymol import setting as pymol_setting

from ..core.scene import Call
from .beside import NOT_OF_A_PICTURE
from .replay_atoms import places
from .scene_hash import NOISY_SETTINGS, atom_settings, bond_table
from .setting_words import color_of
from .state import Part, State

_BOOLEAN, _FLOAT, _FLOAT3, _COLOR = 1, 3, 4, 5
_NAMES = {index: name for name, index in pymol_setting.index_dict.items()}
_MAX_BONDS = 60
_NEXT_COLOUR = "auto_color_next"  # noise, but the next object that is loaded is coloured by it
_OF_THE_MACHINE = frozenset(
    ("max_threads", "use_shaders")
)  # a PyMOL without a window has others; no picture shows them
LEFT_OUT = (NOISY_SETTINGS | NOT_OF_A_PICTURE | _OF_THE_MACHINE) - {_NEXT_COLOUR}


def global_calls(before: State, after: State) -> list[Call]:
    """Settings of the whole scene, but for those of a window."""
    if before.texts is after.texts:
        return []
    return [
        _set(name, text)
        for name, text in after.texts.items()
        if name not in LEFT_OUT and before.texts.get(name, text) != text
    ]


def object_calls(old: Part | None, new: Part, state: State) -> list[Call]:
    """Settings of one object."""
    one, other = _by_index(old.settings if old else []), _by_index(new.settings)
    if one == other:
        return []
    calls = []
    for index in sorted(one.keys() | other.keys()):
        if one.get(index) == other.get(index):
            continue
        name = str(_NAMES.get(index, index))
        if index in other:
            calls.append(_set(name, value_text(state, *other[index]), new.name))
        else:
            calls.append(Call(command="unset", arguments={"name": name, "selection": new.name}))
    return calls


def atom_calls(before: State, after: State, names: set[str]) -> list[Call] | None:
    """Settings of single atoms and bonds of objects that both states have; None where there are too many."""
    if before.rest.get("unique_settings") == after.rest.get("unique_settings"):
        return []
    one, other = _of_atoms(before, names), _of_atoms(after, names)
    came: dict[tuple[str, str, int, Any], list[int]] = {}
    gone: dict[tuple[str, str, int, Any], list[int]] = {}
    for place in sorted(one.keys() | other.keys()):
        was, now = one.get(place, {}), other.get(place, {})
        name, kind, number = place
        for index, value in now.items():
            if was.get(index) != value:
                came.setdefault((name, kind, index, _hashable(value)), []).append(number)
        for index in was.keys() - now.keys():
            gone.setdefault((name, kind, index, None), []).append(number)
    parts = {part.name: part for part in after.parts}
    calls: list[Call] = []
    for (name, kind, index, value), numbers in [*gone.items(), *came.items()]:
        said = _unique(after, parts[name], kind, str(_NAMES.get(index, index)), value, numbers)
        if said is None:
            return None
        calls += said
    return calls


def value_text(state: State, kind: int, value: Any) -> str:
    """A value as `set` reads it, exactly."""
    if kind == _BOOLEAN:
        return "on" if value else "off"
    if kind == _FLOAT:
        return repr(float(value))
    if kind == _FLOAT3:
        return f"[{', '.join(repr(float(item)) for item in value)}]"
    if kind == _COLOR:
        return color_of(state, value)
    return str(value)


def _unique(state: State, part: Part, kind: str, name: str, value: Any, numbers: list[int]) -> list[Call] | None:
    text = None if value is None else value_text(state, *value)
    if kind == "atom":
        where = places(part.name, np.array(numbers))
        unset = Call(command="unset", arguments={"name": name, "selection": where})
        return [unset if text is None else _set(name, text, where)]
    table = bond_table(part)
    if table is None or len(numbers) > _MAX_BONDS:
        return None
    command = "unset_bond" if text is None else "set_bond"
    given = {"name": name} if text is None else {"name": name, "value": text}
    ends = [[places(part.name, np.array([atom])) for atom in table[number][:2].tolist()] for number in numbers]
    return [Call(command=command, arguments={**given, "selection1": one, "selection2": two}) for one, two in ends]


def _set(name: str, text: str, selection: str = "") -> Call:
    where = {"selection": selection} if selection else {}
    return Call(command="set", arguments={"name": name, "value": text, **where})


def _of_atoms(state: State, names: set[str]) -> dict[tuple[str, str, int], dict[int, Any]]:
    found = atom_settings(state)
    return {(name, kind, number): _by_index(values) for name, kind, number, values in found if name in names}


def _by_index(settings: list[list[Any]]) -> dict[int, Any]:
    return {item[0]: (item[1], item[2]) for item in settings}


def _hashable(value: tuple[int, Any]) -> tuple[int, Any]:
    kind, inside = value
    return (kind, tuple(inside)) if isinstance(inside, list) else value
