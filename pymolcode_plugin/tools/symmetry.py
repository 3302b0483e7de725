"""Crystal symmetry: mates around an object, and the unit cell."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ToolFailed
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Call, Value
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .command_tool import run_calls
from .words import Name, need_new_name, need_object

_N_CELL = 7  # three lengths, three angles, the space group


class SymmetryArgs(ToolArgs):
    """Make crystal symmetry mates within a cutoff, or show the unit cell."""

    action: Literal["mates", "cell"]
    object: Name
    cutoff_angstrom: float = Field(default=5.0, gt=0, le=100)


async def _planned(args: SymmetryArgs, scene: ScenePort) -> tuple[tuple[Call, ...], str]:
    """The calls, and the crystal in words."""
    await need_object(scene, args.object, "object:molecule", "object:map")
    crystal = _crystal((await scene.call(Call(command="get_symmetry", arguments={"selection": args.object}))).value)
    if not crystal:
        raise ToolFailed(
            f"{args.object} has no crystal symmetry: no unit cell or space group was loaded with it.",
            hint="Models from NMR, electron microscopy or prediction have none.",
        )
    if args.action == "cell":
        return (Call(command="show", arguments={"representation": "cell", "selection": args.object}),), crystal
    prefix = f"{args.object}_"
    await need_new_name(scene, prefix)
    mates = {"prefix": prefix, "object": args.object, "selection": args.object, "cutoff": args.cutoff_angstrom}
    return (Call(command="symexp", arguments=mates | {"quiet": 1}),), crystal


def _crystal(value: Value) -> str:
    if not isinstance(value, tuple) or len(value) != _N_CELL or not value[-1]:
        return ""
    lengths = " × ".join(f"{item:.1f}" for item in value[:3])
    angles = ", ".join(f"{item:.0f}" for item in value[3:6])
    return f"Space group {value[-1]}, cell {lengths} Å, angles {angles}°."


async def _symmetry(args: SymmetryArgs, context: Context) -> ToolResult:
    calls, crystal = await _planned(args, context.scene)
    before = await context.scene.names()
    result, _ = await run_calls(context.scene, calls)
    if not result.ok:
        return result
    if args.action == "cell":
        return result.model_copy(update={"text": f"The unit cell is shown. {crystal}"})
    mates = [name for name in await context.scene.names() if name not in before]
    named = f": {', '.join(mates)}" if mates else ""
    return result.model_copy(
        update={"text": f"{len(mates)} symmetry mates within {args.cutoff_angstrom:g} Å{named}. {crystal}"}
    )


async def _assess(args: SymmetryArgs, scene: ScenePort) -> Assessment:
    return await scene.assess((await _planned(args, scene))[0])


def _title(args: SymmetryArgs) -> str:
    if args.action == "cell":
        return f"Show the unit cell of {args.object}"
    return f"Symmetry mates of {args.object} within {args.cutoff_angstrom:g} Å"


SYMMETRY = Tool("symmetry", SymmetryArgs, _symmetry, _assess, _title)
