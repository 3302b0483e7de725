"""What differs between two states of one molecule: atoms, colours, representations, labels, properties, coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymol import constants

from ..core.counting import counted
from .atom_records import Atoms, AtomsByHand
from .state import Part, coordinates

_NOT_REPRESENTATIONS = {"everything", "wire", "licorice"}
# Said as `alter` names them.
_PROPERTIES = {
    "segi": "segi", "chain": "chain", "resn": "resn", "resv": "resi", "ins_code": "resi", "name": "name",
    "alt": "alt", "b": "b", "q": "q", "ss": "ss", "elem": "elem", "vdw": "vdw", "partial_charge": "partial_charge",
    "formal_charge": "formal_charge", "hetatm": "type", "id": "ID", "custom": "custom", "text_type": "text_type",
    "cartoon": "cartoon", "flags": "flags",
}  # fmt: skip
_IDENTITY = ("segi", "chain", "resv", "ins_code", "name", "alt", "id")
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Common:
    """The atoms that both states have, by their indices in each; None where that is all of them."""

    before: Part
    after: Part
    old: NDArray[np.intp] | None = None
    new: NDArray[np.intp] | None = None

    def differ(self, name: str) -> _Mask | None:
        """Which atoms have another value of a property; None where none has."""
        one, other = self.before.atoms, self.after.atoms
        if one is other or one is None or other is None:
            return None
        if isinstance(one, Atoms) and isinstance(other, Atoms) and self.old is None and one.is_same(other, name):
            return None
        mask: _Mask = self.first(one.array(name)) != self.second(other.array(name))
        return mask if mask.any() else None

    def first(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the state before, of the common atoms."""
        return values if self.old is None else values[self.old]

    def second(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the state after, of the common atoms."""
        return values if self.new is None else values[self.new]


def common_atoms(before: Part, after: Part) -> Common | None:
    """The atoms that both states of a molecule have; None where they cannot be told apart."""
    return _atom_lines(before, after)[1]


def molecule_lines(before: Part, after: Part) -> list[str]:
    """One change a line; nothing where only its place, name, settings or group changed."""
    name = after.name
    lines, common = _atom_lines(before, after)
    if common is not None:
        lines += _color_lines(common, name)
        lines += _representation_lines(common, name)
        lines += _label_lines(common, name)
        lines += _property_lines(common, name)
        lines += _coordinate_lines(common, name)
    lines += _state_lines(before, after)
    if before.atoms and after.atoms and before.atoms.n_atoms == after.atoms.n_atoms:
        lines += _bond_lines(before, after)
    return lines


def _atom_lines(before: Part, after: Part) -> tuple[list[str], Common | None]:
    """Atoms that came or went, and those that both states have; None where they cannot be told apart."""
    if before.atoms is None or after.atoms is None:
        return [], None
    n_before, n_after = before.atoms.n_atoms, after.atoms.n_atoms
    if n_before == n_after:
        return [], Common(before, after, *_moved_places(before.atoms, after.atoms))
    word = "gained" if n_after > n_before else "lost"
    lines = [f"{after.name} {word} {counted(abs(n_after - n_before), 'atom')}"]
    one, other = _keys(before.atoms), _keys(after.atoms)
    if len(np.unique(one)) != n_before or len(np.unique(other)) != n_after:
        return lines, None
    shared, old, new = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    return lines, Common(before, after, old, new) if len(shared) == min(n_before, n_after) else None


def _moved_places(
    before: Atoms | AtomsByHand, after: Atoms | AtomsByHand
) -> tuple[NDArray[np.intp] | None, NDArray[np.intp] | None]:
    """Indices in each of the same atoms, where these were sorted anew; none where every one is in its place."""
    one, other = before.array("id"), after.array("id")
    if (one == other).all():
        return None, None
    old, new = np.argsort(one), np.argsort(other)
    ids = one[old]
    is_known = (ids == other[new]).all() and (ids[1:] != ids[:-1]).all()
    return (old, new) if is_known else (None, None)


def _keys(atoms: Atoms | AtomsByHand) -> NDArray[np.uint64]:
    """A number an atom that says which one it is."""
    keys = np.zeros(atoms.n_atoms, np.uint64)
    for name in _IDENTITY:
        values = atoms.array(name)
        if values.dtype.kind == "S":
            values = np.frombuffer(values.astype("S8").tobytes(), np.uint64)
        keys = keys * np.uint64(0x9E3779B97F4A7C15) + values.astype(np.uint64) + np.uint64(1)
    return keys


def _color_lines(common: Common, name: str) -> list[str]:
    mask = common.differ("color")
    return [] if mask is None else [f"recoloured {_atoms(mask)} of {name}"]


def _representation_lines(common: Common, name: str) -> list[str]:
    if common.differ("reps") is None or common.before.atoms is None or common.after.atoms is None:
        return []
    old = common.first(common.before.atoms.array("reps")).astype(np.int64)
    new = common.second(common.after.atoms.array("reps")).astype(np.int64)
    lines = []
    for representation, mask in representation_bits().items():
        shown = (old & mask == 0) & (new & mask != 0)
        hidden = (old & mask != 0) & (new & mask == 0)
        if shown.any():
            lines.append(f"showed {representation} on {_atoms(shown)} of {name}")
        if hidden.any():
            lines.append(f"hid {representation} on {_atoms(hidden)} of {name}")
    return lines


def representation_bits() -> dict[str, int]:
    """The bit of every representation, each once."""
    names: dict[int, str] = {}
    for name, index in constants.repres.items():
        if name not in _NOT_REPRESENTATIONS and 0 <= index <= 20:  # PyMOL's last one
            names.setdefault(index, name)
    return {name: 1 << index for index, name in names.items()}


def _label_lines(common: Common, name: str) -> list[str]:
    mask = common.differ("label")
    if mask is None:
        return []
    n = int(mask.sum())
    return [f"changed {counted(n, 'label')} of {name}"]


def _property_lines(common: Common, name: str) -> list[str]:
    by_atoms: dict[bytes, tuple[_Mask, list[str]]] = {}
    for key, word in _PROPERTIES.items():
        mask = common.differ(key)
        if mask is not None:
            words = by_atoms.setdefault(mask.tobytes(), (mask, []))[1]
            if word not in words:
                words.append(word)
    return [f"altered {_listed(words)} of {_atoms(mask)} of {name}" for mask, words in by_atoms.values()]


def _coordinate_lines(common: Common, name: str) -> list[str]:
    if common.before.atoms is None or common.after.atoms is None:
        return []
    moved = np.zeros(len(common.first(np.zeros(common.before.atoms.n_atoms))), bool)
    sets = list(zip(common.before.coordinate_sets, common.after.coordinate_sets, strict=False))
    n_states = 0
    for one, other in sets:
        if not one or not other or (common.old is None and one[2] is other[2] and one[3] is other[3]):
            continue
        old = common.first(_by_atom(one, common.before.atoms.n_atoms))
        new = common.second(_by_atom(other, common.after.atoms.n_atoms))
        differ = ((old != new) & ~(np.isnan(old) & np.isnan(new))).any(axis=1)
        n_states += bool(differ.any())
        moved |= differ
    if not moved.any():
        return []
    states = f" in {n_states:,} states" if len(sets) > 1 and n_states > 1 else ""
    return [f"moved the coordinates of {name}: {_atoms(moved)}{states}"]


def _by_atom(coordinate_set: list[Any], n_atoms: int) -> NDArray[np.float32]:
    xyz, to_atom = coordinates(coordinate_set)
    values = np.full((n_atoms, 3), np.nan, np.float32)
    values[to_atom[: len(xyz)]] = xyz
    return values


def _state_lines(before: Part, after: Part) -> list[str]:
    n_before, n_after = len(before.coordinate_sets), len(after.coordinate_sets)
    if n_before == n_after:
        return []
    n = counted(abs(n_after - n_before), "state")
    return [f"{after.name} {'gained' if n_after > n_before else 'lost'} {n}"]


def _bond_lines(before: Part, after: Part) -> list[str]:
    one, other = before.frame[5][2], after.frame[5][2]
    if one != other:
        return [f"{after.name} {'gained' if other > one else 'lost'} {abs(other - one):,} bonds"]
    return []


def _atoms(mask: _Mask) -> str:
    return counted(int(mask.sum()), "atom")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
