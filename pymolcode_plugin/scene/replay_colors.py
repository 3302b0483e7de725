"""Colours of a state under the numbers that another state gives them: a PyMOL numbers new colours as they come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .atom_records import Atoms, word_column
from .leaf import Leaf
from .state import MOLECULE, Part, State


def numbered_alike(wanted: State, state: State) -> State:
    """`state` with the numbers of `wanted` for the colours of the same names; itself where they are the same.

    Colours of atoms only: what else has one is compared by the words of `diff`.
    """
    ours, theirs = _numbers(state), _numbers(wanted)
    other = {number: theirs[name] for name, number in ours.items() if name in theirs and theirs[name] != number}
    if not other:
        return state
    colors = [[item[0], other.get(item[1], item[1]), *item[2:]] for item in state.rest["colors"]]
    parts = tuple(_renumbered(part, other) for part in state.parts)
    return replace(state, parts=parts, rest={**state.rest, "colors": colors})


def _numbers(state: State) -> dict[str, int]:
    return {item[0]: item[1] for item in state.rest.get("colors") or []}


def _renumbered(part: Part, other: dict[int, int]) -> Part:
    if part.kind != MOLECULE or not isinstance(part.atoms, Atoms):
        return part
    column = word_column("color")
    colors = np.frombuffer(part.atoms.columns[column].data, np.int32).copy()
    for old, new in other.items():
        colors[part.atoms.array("color") == old] = new
    columns = [*part.atoms.columns]
    columns[column] = Leaf(colors.tobytes())
    return Part(part.frame, Atoms(tuple(columns), part.atoms.lexicon))
