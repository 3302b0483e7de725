"""The hash of a state: the same for the same scene, in another process too; what PyMOL numbers anew does not count.

Unique ids, indices of texts, the order of lists that PyMOL keeps in hash tables, and extents that are computed when
something is drawn differ between two readings of one scene, so they are taken out before anything is hashed. Colours
that the user defined count with the number PyMOL gave them: two processes agree if they defined them in one order.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import numpy as np
from pymol import constants

from .leaf import Leaf, replaced
from .state import ALIGNMENT, MEASUREMENT, MOLECULE, RAMP, SELECTION, Part, State, is_named

# Written by PyMOL itself while it draws or runs; a change of these is nobody's doing.
# fmt: off
NOISY_SETTINGS = frozenset({
    "session_changed", "seq_view_current", "state", "frame", "defer_updates", "scene_current_name", "text",
    "internal_gui_width", "internal_feedback", "logging", "movie_panel", "button_mode", "button_mode_name",
    "scenes_changed", "last_frame", "defer_builds_mode", "cache_display", "session_file", "auto_zoom_done",
    "mouse_wheel_scale", "pse_binary_dump", "auto_color_next",
})
# fmt: on
_EXTENT = (4, 5, 6)  # of what every object begins with
OF_OBJECTS = 1 << constants.repres["cell"] | 1 << constants.repres["extent"]  # others are on atoms, and here only noise
_CURRENT = (11, 12, 13)  # of a molecule: the state shown, and counters
_LABELS, _MEASURED = 8, 9  # of a set of measurements: where its labels were dragged to, the unique ids it is about
_PLAYING = 3  # of the movie
_HAS_LOOK_UP, _LOOKED_UP = 4, 5  # of a colour


def scene_hash(state: State) -> str:
    """16 hex digits over everything but the view; in a worker thread, for large scenes take a while."""
    parts = [
        _alignment_digest(part) if part.kind == ALIGNMENT else part_digest(part)
        for part in state.parts
        if part.kind != SELECTION or is_named(part.name)
    ]
    texts = sorted((name, text) for name, text in state.texts.items() if name not in NOISY_SETTINGS)
    rest = [
        sorted(map(_color, state.rest.get("colors") or []), key=repr),
        movie(state),
        sorted((state.rest.get("view_dict") or {}).items()),
        list(stored_scenes(state).items()),
        atom_settings(state),
    ]
    return hashlib.blake2b(b"".join(parts) + dumped([texts, rest]), digest_size=8).hexdigest()


def part_digest(part: Part) -> bytes:
    """Of everything an object or a selection is, with its name; computed once."""
    if "all" not in part.digests:
        part.digests["all"] = _digest([part.frame[0], part.enabled and part.kind != SELECTION, part.group], part)
    return part.digests["all"]


def _alignment_digest(part: Part) -> bytes:
    """An alignment is a list of unique ids; here only which of them are the same one, by where they occur first."""
    head, _n_states, states = canonical(part)[:3]
    numbers: dict[int, int] = {0: 0}  # which ends a column
    columns = [
        [numbers.setdefault(unique, len(numbers)) for unique in item[0] or []] if item else None
        for item in states or []
    ]
    guides = [item[1] for item in states or [] if item]
    data = [part.frame[0], part.enabled, part.group, head, columns, guides]
    return hashlib.blake2b(dumped(data), digest_size=16).digest()


def content_digest(part: Part) -> bytes:
    """The same without its name, group and whether it is drawn, so that a renamed object can be recognised."""
    if "content" not in part.digests:
        part.digests["content"] = _digest([], part)
    return part.digests["content"]


def _digest(begin: list[Any], part: Part) -> bytes:
    atoms = part.atoms.canonical() if part.atoms else []
    data = [begin, part.kind, canonical(part), atoms]
    return hashlib.blake2b(dumped(data), digest_size=16).digest()


def canonical(part: Part) -> Any:
    """What an object or a selection holds beside its atoms, without what PyMOL numbers anew."""
    if part.kind == SELECTION:
        return sorted(part.frame[5] or [], key=itemgetter(0))  # in the order of the objects
    inside = [*part.frame[5]]
    if part.kind == RAMP and isinstance(inside[0][0], list):
        inside[0] = [_head(inside[0][0]), *inside[0][1:]]
    else:
        inside[0] = _head(inside[0])
    if part.kind == MOLECULE:
        inside[0][3] &= OF_OBJECTS
        for number in _CURRENT:
            inside[number] = None
        inside[6] = _bonds(part)
        inside[7] = None if part.atoms else inside[7]
    if part.kind == MEASUREMENT:
        inside[2] = [_measurements(item) if item else item for item in inside[2]]
    return inside


def _color(entry: list[Any]) -> list[Any]:
    """Without the colour that a look-up table would make of it where there is no such table: memory nobody wrote to.

    Source: ColorAsPyList in layer1/Color.cpp of PyMOL.
    """
    return entry if entry[_HAS_LOOK_UP] else _without(entry, (_LOOKED_UP,))


def movie(state: State) -> Any:
    """The movie but for whether it plays."""
    return _without(state.rest.get("movie") or [], (_PLAYING,))


def _measurements(items: list[Any]) -> list[Any]:
    """Without ids; drawing them gives each label a place of zeros, which says as much as none."""
    kept = _without(items, (_MEASURED,))
    if len(kept) > _LABELS and not any(any(place) for place in kept[_LABELS] or ()):
        kept[_LABELS] = None
    return kept


def _head(head: list[Any]) -> list[Any]:
    """Without the name, the extent, and whether it is drawn; settings in order."""
    kept = _without(head, (1, *_EXTENT, 9))
    if kept[8]:
        kept[8] = sorted(kept[8])
    return kept


def _without(items: list[Any], numbers: Iterable[int]) -> list[Any]:
    return [None if number in numbers else item for number, item in enumerate(items)]


def _bonds(part: Part) -> Any:
    """Bonds without the unique ids and flags that settings give them."""
    table = bond_table(part)
    return part.bonds if table is None else np.column_stack((table[:, :3], table[:, 4] & 0xFFFF)).tobytes()


def bond_table(part: Part) -> Any:
    """Five numbers a bond: two indices, an id, a unique id, the order with flags; None of a version not known."""
    version, data = part.bonds if isinstance(part.bonds, list) and len(part.bonds) == 2 else (0, b"")
    data = data.data if isinstance(data, Leaf) else data
    known = version == 181 and isinstance(data, bytes) and len(data) % 20 == 0
    return np.frombuffer(data, np.int32).reshape(-1, 5) if known else None


def stored_scenes(state: State) -> dict[str, Any]:
    """What scenes hold by name, in the user's order; of atoms without their unique ids, in the order of those.

    Source: MovieScenesAsPyList in layer3/MovieScene.cpp of PyMOL: the names, then names and scenes in turn.
    """
    order, flat = [*(state.rest.get("moviescenes") or []), None, None][:2]
    flat = flat or []
    inside = {str(name): scene for name, scene in zip(flat[::2], flat[1::2], strict=False)}
    return {str(name): _scene(inside.get(str(name))) for name in order or []}


def _scene(scene: Any) -> Any:
    if not (isinstance(scene, list) and len(scene) > 4):  # the atoms come fifth
        return scene
    of_atoms = sorted(zip(scene[4][::2], scene[4][1::2], strict=False), key=itemgetter(0))
    return [scene[:4], [value for _unique, value in of_atoms], scene[5:]]


def atom_settings(state: State) -> list[tuple[str, str, int, Any]]:
    """Settings of single atoms and bonds: (object, atom or bond, its number from 0, [[index, type, value], …])."""
    settings = {unique: sorted(values) for unique, values in state.rest.get("unique_settings") or []}
    if not settings:
        return []
    wanted = np.fromiter(settings, np.int64)
    found: list[tuple[str, str, int, Any]] = []
    for part in state.parts:
        for kind, ids in _unique_ids(part):
            for number in np.flatnonzero(np.isin(ids, wanted)).tolist():
                found.append((part.name, kind, number, settings[int(ids[number])]))
    return found


def _unique_ids(part: Part) -> list[tuple[str, Any]]:
    if part.kind != MOLECULE:
        return []
    bonds = bond_table(part)
    atoms = part.atoms.unique_ids() if part.atoms else None
    return [
        *([("atom", atoms)] if atoms is not None else []),
        *([("bond", bonds[:, 3])] if bonds is not None else []),
    ]


def dumped(value: Any) -> bytes:
    """Bytes that depend on a frozen value alone: version 2 of the format refers to no object by its identity."""
    return marshal.dumps(replaced(value, lambda leaf: leaf.digest), 2)
