"""Reads all atoms of a selection, or refuses: a number of a part would be wrong without looking wrong."""

from __future__ import annotations

from ..core.errors import ToolFailed
from ..core.ports import ScenePort
from ..core.scene import AtomRow

MAX_ATOMS = 200_000


async def all_atoms(scene: ScenePort, selection: str) -> list[AtomRow]:
    """Every atom, in PyMOL's order.

    Raises:
        SelectionEmpty: It matches nothing.
        CommandFailed: PyMOL cannot read it.
        ToolFailed: There are more than `MAX_ATOMS`.
    """
    rows = await scene.atoms(selection, limit=MAX_ATOMS + 1)
    if len(rows) > MAX_ATOMS:
        raise ToolFailed(f"`{selection}` has more than {MAX_ATOMS:,} atoms.", hint="Select fewer, e.g. name CA.")
    return rows
