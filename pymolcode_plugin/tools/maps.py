"""Contours of density maps that are loaded."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.scene import Argument, Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import planned_tool
from .words import Name, need_new_name, need_object

_KINDS = {"isomesh": "object:mesh", "isosurface": "object:surface", "volume": "object:volume"}


class MapArgs(ToolArgs):
    """List loaded maps, or contour one, everywhere or around atoms."""

    action: Literal["list", "isomesh", "isosurface", "volume"]
    map: Name = ""
    level: float = Field(default=1.0, description="σ")
    selection: str = Field(default="", max_length=5000)
    carve_angstrom: float = Field(default=2.0, gt=0, le=100, description="Around it")
    name: Name = ""


async def _plan(args: MapArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.action == "list":
        return ()
    await need_object(scene, args.map, "object:map")
    name = _name(args)
    await need_new_name(scene, name)
    kind = _KINDS[args.action]
    if (await scene.names()).get(name, kind) != kind:
        raise ArgumentsInvalid(f"There is already something else named `{name}`.", hint="Use another name.")
    arguments: dict[str, Argument] = {"name": name, "map": args.map}
    if args.action != "volume":  # a volume has a ramp of colours instead
        arguments["level"] = args.level
    if args.selection:
        around: dict[str, Argument] = {"selection": args.selection, "buffer": args.carve_angstrom}
        arguments |= around | {"carve": args.carve_angstrom}
    return (Call(command=args.action, arguments=arguments | {"quiet": 1}),)


def _name(args: MapArgs) -> str:
    return args.name or f"{args.map}_{args.action.removeprefix('iso')}"


async def _read_back(args: MapArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    names = await scene.names()
    if args.action == "list":
        maps = [name for name, kind in names.items() if kind == "object:map"]
        return f"Maps: {', '.join(maps)}." if maps else "No map is loaded."
    kind = names.get(_name(args), "nothing").removeprefix("object:")
    level = "" if args.action == "volume" else f" at level {args.level:g}"
    around = f", within {args.carve_angstrom:g} Å of {args.selection}" if args.selection else ""
    return f"{_name(args)} ({kind}) of {args.map}{level}{around}."


def _title(args: MapArgs) -> str:
    if args.action == "list":
        return "List maps"
    level = "" if args.action == "volume" else f" at {args.level:g} σ"
    return f"{args.action.capitalize()} of {args.map}{level}"


MAP = planned_tool(
    "map",
    MapArgs,
    _plan,
    _title,
    selections=lambda args: (args.selection,) if args.selection else (),
    read_back=_read_back,
)
