"""A state of the whole scene: PyMOL's own session as parts that states share, and what no session holds.

Nothing here touches `cmd`: `taking` reads the scene on PyMOL's thread, and a worker thread makes a `State` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.scene import LINKED
from .atom_records import Atoms, AtomsByHand, is_known, to_columns, to_records
from .leaf import Leaf, freeze, leaf, thaw

MOLECULE, MEASUREMENT, CALLBACK, RAMP, ALIGNMENT, GROUP, SELECTION = 1, 4, 5, 8, 11, 12, -1
_ATOMS, _COORDINATE_SETS, _BONDS = 7, 4, 6
KINDS = {
    1: "molecule", 2: "map", 3: "mesh", 4: "measurement", 5: "callback", 6: "cgo", 7: "surface", 8: "ramp",
    10: "slice", 11: "alignment", 12: "group", 13: "volume", 14: "curve",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Taken:
    """What was read on PyMOL's thread.

    Attributes:
        session: As `get_session` gives it, without its `session`; shares what is equal in the one taken before.
        texts: Every setting as text; some are in no session.
        color_names: Of the colours that always exist.
        movie_locked: Whether PyMOL refuses the commands of the movie.
        by_hand: Atoms by object, where this PyMOL's records are of a kind that `atom_records` does not know.
    """

    session: Mapping[str, Any]
    texts: Mapping[str, str]
    color_names: Mapping[int, str] = field(default_factory=dict)
    movie_locked: bool = False
    by_hand: Mapping[str, AtomsByHand] | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """One object or selection: its entry of a session's `names`, with atoms and large bytes taken out.

    `kind` is PyMOL's number for the type of an object, -1 for a selection.
    """

    frame: list[Any]
    atoms: Atoms | AtomsByHand | None = None
    digests: dict[str, bytes] = field(default_factory=dict)  # computed once, see scene_hash

    @property
    def name(self) -> str:
        """As PyMOL lists it."""
        return str(self.frame[0])

    @property
    def kind(self) -> int:
        """PyMOL's number for the type."""
        return int(self.frame[4])

    @property
    def enabled(self) -> bool:
        """Whether it is drawn."""
        return bool(self.frame[2])

    @property
    def group(self) -> str:
        """The group it is in, or an empty string."""
        return str(self.frame[6]) if len(self.frame) > 6 and self.frame[6] else ""

    @property
    def head(self) -> list[Any]:
        """What every object has: type, name, colour, representations, extent, settings, matrix; empty of selections."""
        if self.kind == SELECTION:
            return []
        head = self.frame[5][0]
        return list(head[0] if isinstance(head[0], list) else head)

    @property
    def settings(self) -> list[list[Any]]:
        """Settings of the object as [index, type, value]."""
        head = self.head
        return list(head[8] or []) if len(head) > 8 else []

    @property
    def n_atoms(self) -> int | None:
        """Of a molecule; None of anything else, and where PyMOL recorded them in a way that is not known."""
        return self.atoms.n_atoms if self.atoms is not None else None

    @property
    def coordinate_sets(self) -> list[Any]:
        """One a state; None where a state has no coordinates. Empty of what is no molecule."""
        return list(self.frame[5][_COORDINATE_SETS]) if self.kind == MOLECULE else []

    @property
    def bonds(self) -> Any:
        """[version, bytes] of a molecule."""
        return self.frame[5][_BONDS]

    def entry(self) -> list[Any]:
        """The entry as PyMOL gave it."""
        entry: list[Any] = thaw(self.frame)
        if isinstance(self.atoms, Atoms):
            entry[5][_ATOMS][1:] = [to_records(self.atoms.columns), self.atoms.lexicon.data]
        return entry


@dataclass(frozen=True, eq=False)
class State:
    """A state of the scene; parts that did not change are the same objects as in the state before."""

    parts: tuple[Part, ...]
    rest: Mapping[str, Any]
    texts: Mapping[str, str]
    color_names: Mapping[int, str] = field(default_factory=dict)
    movie_locked: bool = False

    def objects(self) -> dict[str, Part]:
        """By name, in PyMOL's order."""
        return {part.name: part for part in self.parts if part.kind != SELECTION}

    def selections(self) -> dict[str, Part]:
        """Those that are neither PyMOL's own nor the mouse's picks."""
        return {part.name: part for part in self.parts if part.kind == SELECTION and is_named(part.name)}

    def session(self) -> dict[str, Any]:
        """The session to restore it from; assembling large ones takes a while, so in a worker thread."""
        names: list[Any] = [None, *(part.entry() for part in self.parts)]
        return {**{key: thaw(value) for key, value in self.rest.items()}, "names": names}


def is_named(selection: str) -> bool:
    """Not one of those PyMOL makes for itself, for what is picked with the mouse, or for what a link points at."""
    return not selection.startswith(("_", "pk")) and selection != LINKED


def settle(taken: Taken, taken_before: Taken | None = None, before: State | None = None) -> State:
    """Make a state of what was taken, sharing every part with the state before that is equal."""
    known: dict[int, Part] = {}
    named: dict[tuple[str, int], Part] = {}
    rest: Mapping[str, Any] = {}
    if before is not None and taken_before is not None:
        entries = [entry for entry in taken_before.session["names"] if entry]
        known = {id(entry): part for entry, part in zip(entries, before.parts, strict=True)}
        named = {(part.name, part.kind): part for part in before.parts}
        rest = before.rest
    parts = []
    for entry in taken.session["names"]:
        if entry:
            old = named.get((entry[0], entry[4]))
            parts.append(known.get(id(entry)) or _part(entry, old, taken.by_hand))
    return State(
        parts=tuple(parts),
        rest={key: freeze(value, rest.get(key)) for key, value in taken.session.items() if key != "names"},
        texts=taken.texts,
        color_names=taken.color_names,
        movie_locked=taken.movie_locked,
    )


def _part(entry: list[Any], before: Part | None, by_hand: Mapping[str, AtomsByHand] | None) -> Part:
    old = before.frame if before else None
    if entry[4] != MOLECULE or by_hand is not None or not is_known(entry[5][_ATOMS]):
        return Part(frame=freeze(entry, old), atoms=by_hand.get(entry[0]) if by_hand else None)
    version, records, texts = entry[5][_ATOMS]
    inside = [*entry[5]]
    inside[_ATOMS] = [version, b"", b""]
    outside = [*entry]
    outside[5] = inside
    return Part(frame=freeze(outside, old), atoms=_atoms(records, texts, before))


def _atoms(records: bytes, texts: bytes, before: Part | None) -> Atoms:
    old = before.atoms if before and isinstance(before.atoms, Atoms) else None
    lexicon = leaf(texts, old.lexicon if old else None)
    columns = tuple(
        leaf(column, old.columns[number] if old else None) for number, column in enumerate(to_columns(records))
    )
    if old and lexicon is old.lexicon and all(one is other for one, other in zip(columns, old.columns, strict=True)):
        return old
    return Atoms(columns, lexicon)


def coordinates(coordinate_set: list[Any]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Coordinates of one state, shape (n, 3) in Angstrom, and the index of each one's atom in the object."""
    xyz, to_atom = coordinate_set[2], coordinate_set[3]
    return _numbers(xyz, np.float32).reshape(-1, 3), _numbers(to_atom, np.int32)


def _numbers(value: Any, kind: Any) -> NDArray[Any]:
    data = value.data if isinstance(value, Leaf) else value
    return np.frombuffer(data, kind) if isinstance(data, bytes) else np.asarray(data or [], kind)
