"""Counts, names and numbers, read from PyMOL; never estimated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from pydantic import Field

from ..core.counting import counted
from ..core.errors import ArgumentsInvalid, SelectionEmpty
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.scene import AtomRow
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import geometry, sequence
from .assessments import read_only
from .atoms import all_atoms
from .words import Selection

What = Literal[
    "count", "atoms", "residues", "chains", "ligands", "sequence", "center", "contacts", "bfactor",
]  # fmt: skip
_MAX_LISTED = 40


class QueryAtomsArgs(ToolArgs):
    """Count or list atoms; sequence has numbering and gaps; contacts takes 2 selections."""

    what: What
    selections: list[Selection] = Field(min_length=1, max_length=2)
    cutoff_angstrom: float = Field(default=4.0, gt=0, le=50)


async def query_atoms(args: QueryAtomsArgs, context: Context) -> ToolResult:
    """Answer one question about atoms.

    Raises:
        ArgumentsInvalid: The number of selections does not fit `what`.
        SelectionEmpty: A selection matches nothing.
        CommandFailed: PyMOL cannot read a selection.
    """
    expected = 2 if args.what == "contacts" else 1
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
    rows = await all_atoms(scene, args.selections[0])
    return _listing(f"{len(rows):,} atoms", [f"{row.label} b={row.b:.1f}" for row in rows])


async def _residues(args: QueryAtomsArgs, scene: ScenePort) -> str:
    names = _residue_names(await all_atoms(scene, args.selections[0]))
    return _listing(counted(len(names), "residue"), names)


async def _chains(args: QueryAtomsArgs, scene: ScenePort) -> str:
    rows = await all_atoms(scene, args.selections[0])
    names = list(dict.fromkeys(f"{row.chain or '(blank)'} of {row.object}" for row in rows))
    return _listing(counted(len(names), "chain"), names)


async def _ligands(args: QueryAtomsArgs, scene: ScenePort) -> str:
    try:
        rows = await all_atoms(scene, f"({args.selections[0]}) and organic")
    except SelectionEmpty:
        return "No ligand."
    names = _residue_names(rows)
    return _listing(counted(len(names), "ligand"), names)


async def _sequence(args: QueryAtomsArgs, scene: ScenePort) -> str:
    try:
        rows = await all_atoms(scene, f"(byres ({args.selections[0]})) and polymer")
    except SelectionEmpty:
        return "No polymer in this selection."
    return sequence.describe(rows)


async def _center(args: QueryAtomsArgs, scene: ScenePort) -> str:
    x, y, z = geometry.centroid(await all_atoms(scene, args.selections[0]))
    return f"Centroid at ({x:.2f}, {y:.2f}, {z:.2f}) Å."


async def _contacts(args: QueryAtomsArgs, scene: ScenePort) -> str:
    one, other = args.selections
    cutoff = args.cutoff_angstrom
    near = f"byres (({one}) and not ({other}) within {cutoff:g} of ({other}))"
    if not (await scene.summarise(near)).n_atoms:
        return f"Nothing of the first selection is within {cutoff:g} Å of the second."
    names = _residue_names(await all_atoms(scene, near))
    return _listing(f"{counted(len(names), 'residue')} of {one} within {cutoff:g} Å of {other}", names)


async def _bfactor(args: QueryAtomsArgs, scene: ScenePort) -> str:
    values = [row.b for row in await all_atoms(scene, args.selections[0])]
    mean = sum(values) / len(values)
    return f"B-factors of {len(values):,} atoms: mean {mean:.1f}, from {min(values):.1f} to {max(values):.1f} Å²."


_ANSWERS: dict[str, Callable[[QueryAtomsArgs, ScenePort], Awaitable[str]]] = {
    "count": _count, "atoms": _list_atoms, "residues": _residues, "chains": _chains, "ligands": _ligands,
    "sequence": _sequence, "center": _center, "contacts": _contacts, "bfactor": _bfactor,
}  # fmt: skip


_TITLES: dict[What, str] = {
    "count": "Count", "atoms": "List atoms of", "residues": "List residues of", "chains": "List chains of",
    "ligands": "Find ligands in", "sequence": "Read the sequence of", "center": "Find the centre of",
    "contacts": "Find contacts of", "bfactor": "Read B-factors of",
}  # fmt: skip


def _residue_names(rows: Iterable[AtomRow]) -> list[str]:
    return list(dict.fromkeys(f"{row.resn} {row.chain}/{row.resi}" for row in rows))


def _listing(head: str, names: list[str]) -> str:
    left_out = len(names) - _MAX_LISTED
    tail = f" and {left_out:,} more" if left_out > 0 else ""
    return f"{head}: {', '.join(names[:_MAX_LISTED])}{tail}."


QUERY_ATOMS = Tool(
    "query_atoms",
    QueryAtomsArgs,
    query_atoms,
    read_only,
    lambda args: f"{_TITLES[args.what]} {' and '.join(args.selections)}",
    reveals=frozenset({Data.SEQUENCES, Data.COORDINATES}),
)
