"""Measures distances, angles, areas and RMSD, and draws the measurement where that is asked for."""

from __future__ import annotations

import math
import re
from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid, ToolFailed
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Argument, AtomRow, Call
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import geometry
from .atoms import all_atoms
from .command_tool import run_calls
from .words import Name, Selection, need_free_name

What = Literal["distance", "angle", "dihedral", "area", "rmsd"]
_N_SELECTIONS: dict[str, int] = {"distance": 2, "angle": 3, "dihedral": 4, "area": 1, "rmsd": 2}
_DRAWN = ("distance", "angle", "dihedral")
_IN_ORDER = 4  # PyMOL's matchmaker: the atoms of both selections as they come
_MATCHED = re.compile(r"\((\d+) to (\d+) atoms\)")


class MeasureArgs(ToolArgs):
    """Measure distance (2 selections), angle (3), dihedral (4), area (1), rmsd without moving (2).

    Groups: the nearest pair and centroids.
    """

    what: What
    selections: list[Selection] = Field(min_length=1, max_length=4)
    draw: Name = Field(default="", description="Object to draw it as")


async def measure(args: MeasureArgs, context: Context) -> ToolResult:
    """Measure, then draw.

    Raises:
        ArgumentsInvalid: The number of selections does not fit, or this cannot be drawn.
        SelectionEmpty: A selection matches nothing.
        ToolFailed: There is no such angle or no atom in common.
    """
    await _check(args, context.scene)
    if args.what == "area":
        return ToolResult(text=await _area(args.selections[0], context.scene))
    if args.what == "rmsd":
        return ToolResult(text=await _rmsd(args, context.scene))
    groups = [await all_atoms(context.scene, text) for text in args.selections]
    text, points = _distance(groups) if args.what == "distance" else _angle(args.what, groups)
    if not args.draw:
        return ToolResult(text=text)
    if not points:
        raise ArgumentsInvalid(f"To draw, every selection must be one atom. Not drawn: {text}")
    result, _ = await run_calls(context.scene, (_drawing(args, points),))
    return result.model_copy(update={"text": f"{text} Drawn as {args.draw}." if result.ok else text})


def _distance(groups: list[list[AtomRow]]) -> tuple[str, list[str]]:
    """In words, and the two atoms between which it is drawn."""
    first, second = groups
    distance, one, other = geometry.nearest(first, second)
    points = [one.label, other.label]
    if len(first) == len(second) == 1:
        return f"{distance:.2f} Å from {one.label} to {other.label}.", points
    centroids = math.dist(geometry.centroid(first), geometry.centroid(second))
    nearest = f"{distance:.2f} Å between the nearest atoms, {one.label} to {other.label}"
    return f"{nearest}; {centroids:.2f} Å between the centroids.", points


def _angle(what: str, groups: list[list[AtomRow]]) -> tuple[str, list[str]]:
    """In words, and the atoms between which it is drawn; none where it is between centroids."""
    points = [geometry.centroid(rows) for rows in groups]
    degrees = geometry.angle_deg(*points) if what == "angle" else geometry.dihedral_deg(*points)
    counts = [len(rows) for rows in groups]
    if set(counts) == {1}:
        return f"{degrees:.1f}°.", [rows[0].label for rows in groups]
    return f"{degrees:.1f}° between the centroids of {', '.join(map(str, counts))} atoms.", []


async def _area(selection: str, scene: ScenePort) -> str:
    molecular = await scene.area(selection, solvent=False)
    accessible = await scene.area(selection, solvent=True)
    return f"Molecular surface {molecular:,.0f} Å², solvent-accessible surface {accessible:,.0f} Å²."


async def _rmsd(args: MeasureArgs, scene: ScenePort) -> str:
    """By the names of the atoms; in their order where none has the same name and there are as many."""
    output = await scene.call(_rms_cur(args.selections, 0))
    how = ""
    if not output.ok:
        counts = [(await scene.summarise(text)).n_atoms for text in args.selections]
        if counts[0] != counts[1]:
            raise ToolFailed(
                f"The selections ({counts[0]:,} and {counts[1]:,} atoms) have no atom in common.",
                hint="Select the same atoms of both, e.g. CA of the same residues, or use align.",
            )
        output, how = await scene.call(_rms_cur(args.selections, _IN_ORDER)), ", matched in their order"
    if not output.ok or not isinstance(output.value, float):
        raise ToolFailed(f"PyMOL gives no RMSD: {' '.join(output.errors)}")
    matched = _MATCHED.search("\n".join(output.lines))
    return f"RMSD {output.value:.3f} Å over {matched.group(1) if matched else '?'} atoms, nothing moved{how}."


def _rms_cur(selections: list[str], matchmaker: int) -> Call:
    arguments: dict[str, Argument] = {"mobile": selections[0], "target": selections[1], "matchmaker": matchmaker}
    return Call(command="rms_cur", arguments=arguments | {"quiet": 0})


def _drawing(args: MeasureArgs, points: list[str]) -> Call:
    chosen: dict[str, Argument] = {f"selection{number}": point for number, point in enumerate(points, 1)}
    return Call(command=args.what, arguments={"name": args.draw, **chosen, "quiet": 1})


async def _check(args: MeasureArgs, scene: ScenePort) -> None:
    wanted = _N_SELECTIONS[args.what]
    if len(args.selections) != wanted:
        raise ArgumentsInvalid(f"{args.what} needs {wanted} selections, not {len(args.selections)}.")
    if args.draw:
        if args.what not in _DRAWN:
            raise ArgumentsInvalid(f"Only {', '.join(_DRAWN)} can be drawn, not {args.what}.")
        await need_free_name(scene, args.draw)


async def _assess(args: MeasureArgs, scene: ScenePort) -> Assessment:
    await _check(args, scene)
    return await scene.assess((_drawing(args, args.selections),)) if args.draw else Assessment()


MEASURE = Tool(
    "measure",
    MeasureArgs,
    measure,
    _assess,
    lambda args: f"Measure {'RMSD' if args.what == 'rmsd' else args.what} of {', '.join(args.selections)}",
    selections=lambda args: tuple(args.selections),
)
