"""What differs between two states of the scene, in words and numbers; no `cmd`, so it runs in a worker thread."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.counting import counted
from ..core.scene import SceneDiff
from . import setting_words
from .molecule_diff import molecule_lines, representation_bits
from .scene_hash import OF_OBJECTS, content_digest, movie, part_digest, stored_scenes
from .state import GROUP, KINDS, MEASUREMENT, MOLECULE, Part, State

_MAX_LINES = 20
_MAX_CHARS = 300  # a line
_VIEW_DECIMALS = 3
_COLOR, _REPRESENTATIONS, _MATRIX = 2, 3, (7, 11)  # of what every object begins with
_MEASURED = ((0, 2), (3, 5), (5, 6))


def compare(before: State, after: State) -> SceneDiff:
    """What changed, one change a line, at most 20 and how many more."""
    old, new = before.objects(), after.objects()
    other_names = renamed(old, new)
    added = tuple(name for name in new if name not in old and name not in other_names.values())
    removed = tuple(name for name in old if name not in new and name not in other_names)
    lines = [f"added {_named(new[name])}" for name in added]
    lines += [f"removed {_named(old[name])}" for name in removed]
    lines += [f"renamed {one} to {other}" for one, other in other_names.items()]
    lines += _object_lines(before, after, other_names)
    lines += _selection_lines(before.selections(), after.selections())
    lines += setting_words.global_lines(before, after)
    lines += setting_words.atom_lines(before, after)
    lines += _stored_lines(before, after)
    lines += _order_lines(old, new, other_names)
    lines = [_one_line(line) for line in lines]
    view_moved = view_of(before) != view_of(after)
    lines += ["moved the view"] * view_moved
    if len(lines) > _MAX_LINES:
        lines = [*lines[:_MAX_LINES], f"and {len(lines) - _MAX_LINES} more changes"]
    return SceneDiff(added=added, removed=removed, lines=tuple(lines), view_moved=view_moved)


def _one_line(text: str) -> str:
    """Names of scenes, views, colours and objects of a session are anybody's text: no line of it may look like ours."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return plain if len(plain) <= _MAX_CHARS else f"{plain[:_MAX_CHARS]} …"


def renamed(old: dict[str, Part], new: dict[str, Part]) -> dict[str, str]:
    """Objects that are gone, by a new one that is the same in everything but its name."""
    gone = [name for name in old if name not in new]
    came = [name for name in new if name not in old]
    if not gone or not came:
        return {}
    contents: dict[bytes, list[str]] = {}
    for name in came:
        contents.setdefault(content_digest(new[name]), []).append(name)
    same = {name: contents.get(content_digest(old[name]), []) for name in gone}
    return {name: others.pop(0) for name, others in same.items() if others}


def _named(part: Part) -> str:
    if part.atoms is not None:
        return f"{part.name} ({counted(part.atoms.n_atoms, 'atom')})"
    kind = KINDS.get(part.kind, "object")
    if part.kind != MEASUREMENT:
        return f"{part.name} ({kind})"
    n = len(_measured(part))
    return f"{part.name} ({kind} of {counted(n, 'value') if n else 'nothing: no pair was found'})"


def _measured(part: Part) -> list[list[float]]:
    """The points of every distance, angle and dihedral that a measurement object draws, over all its states.

    Source: DistSetAsPyList in layer2/DistSet.cpp of PyMOL: two points a distance, five an angle, six a dihedral.
    """
    values = []
    for item in part.frame[5][2] or []:
        for at, n_points in _MEASURED if item else ():
            flat = (item[at + 1] or [])[: 3 * (item[at] or 0)]
            values += [flat[start : start + 3 * n_points] for start in range(0, len(flat), 3 * n_points)]
    return values


def _object_lines(before: State, after: State, renamed: dict[str, str]) -> list[str]:
    lines: list[str] = []
    switched: list[str] = []
    grouped: list[str] = []
    for old, new in _pairs(before.objects(), after.objects(), renamed):
        if old is new or part_digest(old) == part_digest(new):
            continue
        found = _part_lines(before, after, old, new)
        if not found and content_digest(old) != content_digest(new):
            found = [f"changed {_named(new)}"]
        lines += found
        if old.enabled != new.enabled:
            switched.append(f"{'enabled' if new.enabled else 'disabled'} {new.name}")
        if old.group != new.group:
            grouped.append(f"put {new.name} into {new.group}" if new.group else f"took {new.name} out of {old.group}")
    return [*lines, *grouped, *sorted(switched, key=lambda line: not line.startswith("enabled"))]


def _pairs(old: dict[str, Part], new: dict[str, Part], renamed: dict[str, str]) -> Iterator[tuple[Part, Part]]:
    was = {other: one for one, other in renamed.items()}
    for name, part in new.items():
        earlier = old.get(was.get(name, name))
        if earlier is not None:
            yield earlier, part


def _part_lines(before: State, after: State, old: Part, new: Part) -> list[str]:
    if old.kind != new.kind:
        return [f"replaced {_named(old)} by {_named(new)}"]
    lines = setting_words.object_lines(before, after, old, new)
    if new.kind == MOLECULE:
        lines = [*molecule_lines(old, new), *_shown_lines(old, new, OF_OBJECTS), *lines]
    elif new.kind != GROUP:
        lines = _head_lines(old, new) + lines
    if new.kind == MEASUREMENT:
        lines = _measurement_lines(old, new) + lines
    if any(old.head[number] != new.head[number] for number in _MATRIX):
        lines.append(f"moved {new.name} as a whole")
    return lines


def _head_lines(old: Part, new: Part) -> list[str]:
    lines = [f"recoloured {new.name}"] if old.head[_COLOR] != new.head[_COLOR] else []
    return lines + _shown_lines(old, new, -1)


def _shown_lines(old: Part, new: Part, relevant: int) -> list[str]:
    """Representations of the object itself."""
    one, other = old.head[_REPRESENTATIONS], new.head[_REPRESENTATIONS]
    return [
        f"{'showed' if other & mask else 'hid'} {representation} of {new.name}"
        for representation, mask in representation_bits().items()
        if (one ^ other) & mask & relevant
    ]


def _measurement_lines(old: Part, new: Part) -> list[str]:
    one, other = _measured(old), _measured(new)
    if len(one) != len(other):
        return [f"{new.name} measures {counted(len(other), 'value')} (was {len(one):,})"]
    n = sum(was != now for was, now in zip(one, other, strict=True))
    return [f"changed {counted(n, 'value')} of {new.name}"] if n else []


def _selection_lines(before: dict[str, Part], after: dict[str, Part]) -> list[str]:
    lines = []
    for name, part in after.items():
        old = before.get(name)
        if old is None or (old is not part and part_digest(old) != part_digest(part)):
            n, was = _n_selected(part), _n_selected(old) if old else None
            lines.append(f"selection {name}: {n:,} atoms" + (" (other ones)" if was == n else ""))
    return lines + [f"selection {name} is gone" for name in before if name not in after]


def _n_selected(part: Part) -> int:
    return sum(len(members[1]) for members in part.frame[5] or [])


def _movie_line(n_frames: int) -> str:
    return f"changed the movie: {counted(n_frames, 'frame')}" if n_frames else "removed the movie"


def _stored_lines(before: State, after: State) -> list[str]:
    """Scenes, views, the movie, colours: what is kept beside the objects."""
    old, new = stored_scenes(before), stored_scenes(after)
    lines = [f"stored scene {name}" for name in new if name not in old]
    lines += [f"scene {name} is gone" for name in old if name not in new]
    lines += [f"changed scene {name}" for name in new if name in old and new[name] != old[name]]
    if not lines and [*old] != [*new]:
        lines.append("changed the order of the scenes")
    views, were = after.rest.get("view_dict") or {}, before.rest.get("view_dict") or {}
    lines += [f"stored view {name}" for name in views if views[name] != were.get(name)]
    lines += [f"view {name} is gone" for name in were if name not in views]
    if movie(before) != movie(after):
        lines.append(_movie_line((after.rest.get("movie") or [0])[0]))
    return lines + _color_lines(before, after)


def _color_lines(before: State, after: State) -> list[str]:
    old = {item[0]: item[2] for item in before.rest.get("colors") or []}
    new = {item[0]: item[2] for item in after.rest.get("colors") or []}
    lines = [f"defined colour {name}" for name, rgb in new.items() if rgb != old.get(name)]
    return lines + [f"colour {name} is as it was" for name in old if name not in new]


def _order_lines(old: dict[str, Part], new: dict[str, Part], renamed: dict[str, str]) -> list[str]:
    was = [renamed.get(name, name) for name in old if renamed.get(name, name) in new]
    now = [name for name in new if name in set(was)]
    return [] if was == now else ["changed the order of the objects"]


def view_of(state: State) -> list[float]:
    """The camera as far as it counts."""
    return [round(value, _VIEW_DECIMALS) for value in state.rest.get("view") or []]
