"""What differs between two states of one molecule, as the commands that make it so; what none says exactly is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.scene import Argument, Call
from .atom_records import Atoms
from .molecule_diff import Common, common_atoms, representation_bits
from .setting_words import color_of
from .state import Part, State

_MAX_GROUPS = 40  # of atoms with a value each; above, a file says it better
_LABELS = "labels"
# What `alter` sets without the atoms being sorted anew, and what of a value it is given.
_ALTERED: dict[str, Callable[[Any], Any]] = {
    "b": float, "q": float, "vdw": float, "partial_charge": float, "formal_charge": int, "cartoon": int, "flags": int,
    "ss": lambda value: value.decode(errors="replace").rstrip("\0"),
}  # fmt: skip
_OTHERS = (
    "segi", "chain", "resn", "resv", "ins_code", "name", "alt", "elem", "hetatm", "id", "custom", "text_type",
    "elec_radius", "protons",
)  # fmt: skip
_Mask = NDArray[np.bool_]


def molecule_calls(before: Part, after: Part, state: State) -> list[Call] | None:
    """Calls that make the atoms of `before` those of `after`; None where only a copy of the object does.

    Args:
        before: The molecule as it was.
        after: As it is to be, under the same name.
        state: That `after` is of, for the names of its colours.
    """
    if not isinstance(before.atoms, Atoms) or not isinstance(after.atoms, Atoms):
        return None
    common = _common(before, after)
    if common is None or not _is_same_beside(common):
        return None
    removed = _removed(before, common)
    calls: list[Call] = []
    for part in (_colors(common, state), _labels_and_representations(common), _altered(common)):
        if part is None:
            return None
        calls += part
    return [*removed, *calls]


def places(name: str, numbers: NDArray[Any]) -> str:
    """A selection of atoms of an object by their numbers from 0, rising."""
    ends = np.flatnonzero(np.diff(numbers) != 1)
    starts = [0, *(ends + 1).tolist()]
    stops = [*ends.tolist(), len(numbers) - 1]
    ranges = (
        f"{numbers[one] + 1}" if one == other else f"{numbers[one] + 1}-{numbers[other] + 1}"
        for one, other in zip(starts, stops, strict=True)
    )
    return f"%{name} and index {'+'.join(ranges)}"


def groups(values: NDArray[Any], mask: _Mask) -> Iterator[tuple[Any, NDArray[Any]]]:
    """Each value that atoms of the mask have, with the numbers of those atoms."""
    for value in np.unique(values[mask]):
        yield value, np.flatnonzero(mask & (values == value))


def _common(before: Part, after: Part) -> Common | None:
    """The atoms of `after`, all of which `before` has; in one order."""
    common = common_atoms(before, after)
    if common is None or after.atoms is None:
        return None
    if common.old is None or common.new is None:
        return common
    in_order = np.argsort(common.new)
    old, new = common.old[in_order], common.new[in_order]
    is_whole = len(new) == after.atoms.n_atoms and bool((np.diff(old) > 0).all())
    return Common(before, after, old, new) if is_whole else None


def _removed(before: Part, common: Common) -> list[Call]:
    if common.old is None or before.atoms is None:
        return []
    gone = np.setdiff1d(np.arange(before.atoms.n_atoms), common.old)
    return [Call(command="remove", arguments={"selection": places(before.name, gone)})] if len(gone) else []


def _is_same_beside(common: Common) -> bool:
    """Whether what makes an atom the one it is stayed."""
    return all(common.differ(name) is None for name in _OTHERS)


def _colors(common: Common, state: State) -> list[Call] | None:
    mask = common.differ("color")
    if mask is None or common.after.atoms is None:
        return []
    found = list(groups(common.second(common.after.atoms.array("color")), mask))
    named = [(color_of(state, int(value)), numbers) for value, numbers in found]
    if len(found) > _MAX_GROUPS or any(" " in color or color == "default" for color, _ in named):
        return None
    return [
        Call(command="color", arguments={"color": color, "selection": places(common.after.name, numbers)})
        for color, numbers in named
    ]


def _labels_and_representations(common: Common) -> list[Call] | None:
    atoms, name = common.after.atoms, common.after.name
    assert isinstance(atoms, Atoms)  # noqa: S101  # `molecule_calls` saw to it
    labelled = common.differ("label")
    calls: list[Call] = []
    if labelled is not None:
        for index, numbers in groups(common.second(atoms.indices("label")), labelled):
            arguments: dict[str, Argument] = {
                "selection": places(name, numbers),
                "expression": repr(atoms.texts.get(int(index), "")),
            }
            calls.append(Call(command="label", arguments=arguments))
        if len(calls) > _MAX_GROUPS:
            return None
    assert common.before.atoms is not None  # noqa: S101  # as above
    old = common.first(common.before.atoms.array("reps")).astype(np.int64)
    new = common.second(atoms.array("reps")).astype(np.int64)
    for representation, bit in representation_bits().items():
        changed = (old ^ new) & bit != 0
        if representation == _LABELS and labelled is not None:
            changed |= labelled  # writing a label shows it
        for command, mask in (("show", changed & (new & bit != 0)), ("hide", changed & (new & bit == 0))):
            if mask.any():
                where: Argument = places(name, np.flatnonzero(mask))
                arguments = {"representation": representation, "selection": where}
                calls.append(Call(command=command, arguments=arguments))
    return calls


def _altered(common: Common) -> list[Call] | None:
    calls: list[Call] = []
    assert common.after.atoms is not None  # noqa: S101  # as above
    for name, plain in _ALTERED.items():
        mask = common.differ(name)
        if mask is None:
            continue
        found = list(groups(common.second(common.after.atoms.array(name)), mask))
        if len(found) > _MAX_GROUPS:
            return None
        for value, numbers in found:
            expression = f"{name}={plain(value)!r}"
            where = places(common.after.name, numbers)
            calls.append(Call(command="alter", arguments={"selection": where, "expression": expression}))
    return [*calls, Call(command="rebuild")] if calls else []
