"""What differs between two states of the scene, as the calls that lead from one to the other; no `cmd`.

Objects that no call makes are named, so that a copy of them is kept beside the script; what neither says is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.scene import Argument, Call
from .diff import renamed, view_of
from .replay_atoms import molecule_calls, places
from .replay_settings import atom_calls, global_calls, object_calls
from .scene_hash import canonical, dumped, movie, part_digest, stored_scenes
from .setting_words import color_of
from .state import GROUP, MOLECULE, RAMP, Part, State

_COLOR, _SETTINGS = 2, 8  # of what every object begins with


@dataclass
class Said:
    """What leads from one state to another.

    Attributes:
        before: Calls that make room: what goes away, what is renamed, what colours are defined.
        copies: Objects of the later state that are loaded from a copy then, in its order.
        after: Calls that follow.
        not_said: Whether something is left that only the whole scene says.
    """

    before: list[Call] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    after: list[Call] = field(default_factory=list)
    not_said: bool = False

    def __bool__(self) -> bool:
        return bool(self.before or self.copies or self.after or self.not_said)


def said(before: State, after: State) -> Said:
    """The calls, in the order in which they work."""
    found = Said()
    old, new = before.objects(), after.objects()
    names = renamed(old, new)
    found.before += _colors(before, after)
    found.before += [_call("set_name", old_name=one, new_name=other) for one, other in names.items()]
    was = {names.get(name, name): part for name, part in old.items()}
    gone = [name for name in was if name not in new]
    for name, part in new.items():
        earlier = was.get(name)
        if earlier is None:
            _add(found, part)
        elif _differ(earlier, part) and not _change(found, earlier, part, after):
            gone.append(name)
            found.copies.append(name)
    found.before += [_call("delete", name=name) for name in gone]
    same = {name for name in new if name in was and name not in found.copies}
    of_atoms = atom_calls(before, after, same)
    found.not_said |= of_atoms is None
    found.after += [*(of_atoms or ()), *_groups(was, new, found.copies), *global_calls(before, after)]
    found.after += _order(was, new, gone)
    found.after += [
        _call("enable" if part.enabled else "disable", name=name)
        for name, part in new.items()
        if name not in was or name in found.copies or was[name].enabled != part.enabled
    ]
    found.after += _selections(before, after, gone=set(gone))
    found.not_said |= _stored(before) != _stored(after)
    found.after += _views(before, after)
    return found


def view_call(state: State) -> Call:
    """The camera of a state."""
    return _call("set_view", view=_view(state.rest["view"]))


def _call(command: str, **arguments: Argument) -> Call:
    return Call(command=command, arguments=arguments)


def _differ(one: Part, other: Part) -> bool:
    return one is not other and part_digest(one) != part_digest(other)


def _add(found: Said, part: Part) -> None:
    if part.kind == GROUP:
        found.after.append(_call("group", name=part.name))
    else:
        found.copies.append(part.name)


def _change(found: Said, old: Part, new: Part, state: State) -> bool:
    """Add the calls for one object; False where only a copy of it will do."""
    if old.kind != new.kind or not _is_same_beside(old, new):
        return False
    calls = molecule_calls(old, new, state) if new.kind == MOLECULE else []
    if calls is None:
        return False
    if old.head[_COLOR] != new.head[_COLOR]:
        color = color_of(state, new.head[_COLOR])
        if " " in color or color == "default":
            return False
        # Atoms have their own; a selection would colour those and leave the object.
        calls.append(_call("set_object_color", name=new.name, color=color))
    found.after += [*calls, *object_calls(old, new, state)]
    return True


def _is_same_beside(old: Part, new: Part) -> bool:
    """Everything but atoms, colour and settings; where atoms are gone, that is not for us to know."""
    if old.kind == RAMP:
        return False
    n_before, n_after = (part.atoms.n_atoms if part.atoms else 0 for part in (old, new))
    return n_after < n_before or _rest(old) == _rest(new)


def _rest(part: Part) -> bytes:
    inside = canonical(part)
    inside[0] = [None if at in (_COLOR, _SETTINGS) else item for at, item in enumerate(inside[0])]
    return dumped(inside)


def _colors(before: State, after: State) -> list[Call]:
    old = {item[0]: item[2] for item in before.rest.get("colors") or []}
    new = {item[0]: item[2] for item in after.rest.get("colors") or []}
    return [_call("set_color", name=name, rgb=tuple(rgb)) for name, rgb in new.items() if rgb != old.get(name)]


def _groups(old: dict[str, Part], new: dict[str, Part], copies: list[str]) -> list[Call]:
    calls = []
    for name, part in new.items():
        was = old[name].group if name in old and name not in copies else ""
        if was != part.group and part.group:
            calls.append(_call("group", name=part.group, members=name))
        elif was != part.group:
            calls.append(_call("ungroup", members=name))
    return calls


def _order(old: dict[str, Part], new: dict[str, Part], gone: list[str]) -> list[Call]:
    """Names in a line, where what comes last would not stand where it should."""
    stay = [name for name in old if name in new and name not in gone]
    would = [*stay, *(name for name in new if name not in stay)]
    return [] if would == [*new] else [_call("order", names=" ".join(new))]


def _selections(before: State, after: State, *, gone: set[str]) -> list[Call]:
    old, new = before.selections(), after.selections()
    calls = [_call("delete", name=name) for name in old if name not in new]
    for name, part in new.items():
        was = old.get(name)
        members = {entry[0] for entry in part.frame[5] or []}
        if was is not None and not (members & gone) and not _differ(was, part):
            continue
        where = [f"({places(entry[0], np.sort(entry[1]))})" for entry in part.frame[5] or [] if len(entry[1])]
        calls.append(
            _call("select", name=name, selection=" or ".join(where) or "none", enable=1 if part.enabled else 0)
        )
    return calls


def _stored(state: State) -> bytes:
    """What a script cannot store again: scenes hold more than the moment they are stored at shows later."""
    return dumped([list(stored_scenes(state).items()), movie(state)])


def _views(before: State, after: State) -> list[Call]:
    """The camera, and cameras that were stored under a name."""
    old, new = before.rest.get("view_dict") or {}, after.rest.get("view_dict") or {}
    calls = [_call("view", key=name, action="clear") for name in old if name not in new]
    for name, view in new.items():
        if view != old.get(name):
            calls += [_call("set_view", view=_view(view)), _call("view", key=name, action="store")]
    if calls or view_of(before) != view_of(after):
        calls.append(view_call(after))
    return calls


def _view(values: Any) -> tuple[float, ...]:
    """The 18 numbers of `get_view`, of the 25 of a session: its matrix has four rows of four."""
    numbers = tuple(float(value) for value in values)
    return numbers if len(numbers) == 18 else (*numbers[0:3], *numbers[4:7], *numbers[8:11], *numbers[16:25])
