"""Counts, names and numbers, read from PyMOL; never estimated."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid, SelectionEmpty, ToolFailed
from ..core.ports import ScenePort
from ..core.scene import AtomRow
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only

What = Literal[
    "count", "atoms", "residues", "chains", "ligands", "sequence", "distance", "angle", "dihedral", "area", "center",
    "contacts", "bfactor",
]  # fmt: skip
_MAX_LISTED = 40
_MAX_ATOMS = 200_000
_SAME_ANGSTROM = 1e-4
_N_SELECTIONS: dict[str, int] = {"distance": 2, "contacts": 2, "angle": 3, "dihedral": 4}
Selection = Annotated[str, Field(max_length=5000)]
_Point = tuple[float, float, float]


class QueryAtomsArgs(ToolArgs):
    """Count, list or measure atoms. distance and contacts take 2 selections, angle 3, dihedral 4, the rest 1.

    A selection of several atoms counts as its centroid for distance (the nearest pair is given too), angle, dihedral.
    """

    what: What
    selections: list[Selection] = Field(min_length=1, max_length=4, description="PyMOL selection expressions.")
    cutoff_angstrom: float = Field(default=4.0, gt=0, le=50, description="For contacts.")


async def query_atoms(args: QueryAtomsArgs, context: Context) -> ToolResult:
    """Answer one question about atoms.

    Raises:
        ArgumentsInvalid: The number of selections does not fit `what`.
        SelectionEmpty: A selection matches nothing.
        CommandFailed: PyMOL cannot read a selection.
        ToolFailed: There is no such angle, because points fall together.
    """
    expected = _N_SELECTIONS.get(args.what, 1)
    if len(args.selections) != expected:
        raise ArgumentsInvalid(f"{args.what} needs {expected} selections, not {len(args.selections)}.")
    return ToolResult(text=await _ANSWERS[args.what](args, context.scene))


async def _count(args: QueryAtomsArgs, scene: ScenePort) -> str:
    summary = await scene.summarise(args.selections[0])
    if not summary.n_atoms:
        return "0 atoms."
    chains = ", ".join(chain or "(blank)" for chain in summary.chains)
    where = f"chain {chains}" if len(summary.chains) == 1 else f"chains {chains}"
    return f"{summary.n_atoms:,} atoms in {summary.n_residues:,} residues ({where} of {', '.join(summary.objects)})."


async def _list_atoms(args: QueryAtomsArgs, scene: ScenePort) -> str:
    rows = await scene.atoms(args.selections[0], limit=_MAX_ATOMS)
    return _listing(f"{len(rows):,} atoms", [f"{row.label} b={row.b:.1f}" for row in rows])


async def _residues(args: QueryAtomsArgs, scene: ScenePort) -> str:
    names = _residue_names(await scene.atoms(args.selections[0], limit=_MAX_ATOMS))
    return _listing(f"{len(names):,} residues", names)


async def _chains(args: QueryAtomsArgs, scene: ScenePort) -> str:
    rows = await scene.atoms(args.selections[0], limit=_MAX_ATOMS)
    names = list(dict.fromkeys(f"{row.chain or '(blank)'} of {row.object}" for row in rows))
    return _listing(f"{len(names)} chains", names)


async def _ligands(args: QueryAtomsArgs, scene: ScenePort) -> str:
    try:
        rows = await scene.atoms(f"({args.selections[0]}) and organic", limit=_MAX_ATOMS)
    except SelectionEmpty:
        return "No ligand."
    names = _residue_names(rows)
    return _listing(f"{len(names)} ligand{'' if len(names) == 1 else 's'}", names)


async def _sequence(args: QueryAtomsArgs, scene: ScenePort) -> str:
    return (await scene.sequence(args.selections[0])).strip() or "No polymer in this selection."


async def _distance(args: QueryAtomsArgs, scene: ScenePort) -> str:
    first, second = [await scene.atoms(text) for text in args.selections]
    if len(first) == len(second) == 1:
        return f"{math.dist(_xyz(first[0]), _xyz(second[0])):.2f} Å from {first[0].label} to {second[0].label}."
    near = min(((math.dist(_xyz(a), _xyz(b)), a, b) for a in first for b in second), key=lambda item: item[0])
    centroids = math.dist(_centroid(first), _centroid(second))
    nearest = f"{near[0]:.2f} Å between the nearest atoms, {near[1].label} to {near[2].label}"
    return f"{nearest}; {centroids:.2f} Å between the centroids."


async def _angle(args: QueryAtomsArgs, scene: ScenePort) -> str:
    groups = [await scene.atoms(text) for text in args.selections]
    a, b, c = map(_centroid, groups)
    first, second = _minus(a, b), _minus(c, b)
    _need_length(first, second)
    cosine = _dot(first, second) / (math.hypot(*first) * math.hypot(*second))
    return f"{math.degrees(math.acos(max(-1.0, min(1.0, cosine)))):.1f}°{_of_centroids(groups)}."


async def _dihedral(args: QueryAtomsArgs, scene: ScenePort) -> str:
    groups = [await scene.atoms(text) for text in args.selections]
    a, b, c, d = map(_centroid, groups)
    axis = _minus(c, b)
    first, second = _cross(_minus(b, a), axis), _cross(axis, _minus(d, c))
    _need_length(first, second)
    sine = _dot(_minus(b, a), second) * math.hypot(*axis)
    return f"{math.degrees(math.atan2(sine, _dot(first, second))):.1f}°{_of_centroids(groups)}."


def _of_centroids(groups: list[list[AtomRow]]) -> str:
    """Says so where a selection held more than the one atom that was probably meant."""
    counts = [len(rows) for rows in groups]
    return "" if set(counts) == {1} else f" between the centroids of {', '.join(map(str, counts))} atoms"


def _need_length(*vectors: _Point) -> None:
    if any(math.hypot(*vector) < _SAME_ANGSTROM for vector in vectors):
        raise ToolFailed("Two of these are the same point, or in one line: there is no such angle.")


async def _area(args: QueryAtomsArgs, scene: ScenePort) -> str:
    molecular = await scene.area(args.selections[0], solvent=False)
    accessible = await scene.area(args.selections[0], solvent=True)
    return f"Molecular surface {molecular:,.0f} Å², solvent-accessible surface {accessible:,.0f} Å²."


async def _center(args: QueryAtomsArgs, scene: ScenePort) -> str:
    x, y, z = _centroid(await scene.atoms(args.selections[0], limit=_MAX_ATOMS))
    return f"Centroid at ({x:.2f}, {y:.2f}, {z:.2f}) Å."


async def _contacts(args: QueryAtomsArgs, scene: ScenePort) -> str:
    one, other = args.selections
    cutoff = args.cutoff_angstrom
    near = f"byres (({one}) and not ({other}) within {cutoff:g} of ({other}))"
    if not (await scene.summarise(near)).n_atoms:
        return f"Nothing of the first selection is within {cutoff:g} Å of the second."
    names = _residue_names(await scene.atoms(near, limit=_MAX_ATOMS))
    return _listing(f"{len(names)} residues within {cutoff:g} Å", names)


async def _bfactor(args: QueryAtomsArgs, scene: ScenePort) -> str:
    values = [row.b for row in await scene.atoms(args.selections[0], limit=_MAX_ATOMS)]
    mean = sum(values) / len(values)
    return f"B-factors of {len(values):,} atoms: mean {mean:.1f}, from {min(values):.1f} to {max(values):.1f} Å²."


_ANSWERS: dict[str, Callable[[QueryAtomsArgs, ScenePort], Awaitable[str]]] = {
    "count": _count, "atoms": _list_atoms, "residues": _residues, "chains": _chains, "ligands": _ligands,
    "sequence": _sequence, "distance": _distance, "angle": _angle, "dihedral": _dihedral, "area": _area,
    "center": _center, "contacts": _contacts, "bfactor": _bfactor,
}  # fmt: skip


def _residue_names(rows: Iterable[AtomRow]) -> list[str]:
    return list(dict.fromkeys(f"{row.resn} {row.chain}/{row.resi}" for row in rows))


def _listing(head: str, names: list[str]) -> str:
    left_out = len(names) - _MAX_LISTED
    tail = f" and {left_out:,} more" if left_out > 0 else ""
    return f"{head}: {', '.join(names[:_MAX_LISTED])}{tail}."


def _xyz(row: AtomRow) -> _Point:
    return row.x, row.y, row.z


def _centroid(rows: list[AtomRow]) -> _Point:
    n = len(rows)
    return sum(row.x for row in rows) / n, sum(row.y for row in rows) / n, sum(row.z for row in rows) / n


def _minus(one: _Point, other: _Point) -> _Point:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _dot(one: _Point, other: _Point) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _cross(one: _Point, other: _Point) -> _Point:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


QUERY_ATOMS = Tool(
    "query_atoms",
    QueryAtomsArgs,
    query_atoms,
    read_only,
    lambda args: f"{args.what} of {', '.join(args.selections)}",
)
