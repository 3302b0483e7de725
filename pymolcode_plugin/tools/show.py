"""Shows and hides representations."""

from __future__ import annotations

from typing import Literal

from pydantic.json_schema import SkipJsonSchema

from ..core.ports import ScenePort
from ..core.scene import Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import command_tool
from .words import Name, Selection, color_value, need_color, need_word

# Those that atoms have; the rest (cell, extent, volume, ...) belong to whole objects.
_OF_ATOMS = {
    "lines", "sticks", "spheres", "surface", "labels", "nb_spheres", "cartoon", "ribbon", "mesh", "dots", "nonbonded",
    "ellipsoids",
}  # fmt: skip


class ShowArgs(ToolArgs):
    """Show, hide or show only (`as`) a representation: cartoon, sticks, surface, ..., everything."""

    selection: Selection
    representation: Name
    mode: Literal["show", "hide", "as"] = "show"
    color: SkipJsonSchema[Name] = ""  # only the older name of this tool has it


def _calls(args: ShowArgs) -> tuple[Call, ...]:
    shown = {"representation": args.representation, "selection": args.selection}
    colored = {"color": color_value(args.color), "selection": args.selection}
    calls = [Call(command=args.mode, arguments=dict(shown))]
    return (*calls, Call(command="color", arguments=dict(colored))) if args.color else tuple(calls)


async def _check(args: ShowArgs, scene: ScenePort) -> None:
    await need_word(scene, "representation", args.representation)
    if args.color:
        await need_color(scene, args.color)


async def _read_back(args: ShowArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    if args.representation not in _OF_ATOMS:
        return ""
    shown = await scene.summarise(f"({args.selection}) and rep {args.representation}")
    total = await scene.summarise(args.selection)
    unseen = "" if args.mode == "hide" else await _unseen(args, scene)
    return f"{args.representation} shown on {shown.n_atoms:,} of {total.n_atoms:,} atoms.{unseen}"


async def _unseen(args: ShowArgs, scene: ScenePort) -> str:
    """PyMOL switches any representation on for any atom, and draws nothing for some."""
    if args.representation in ("cartoon", "ribbon"):
        drawn = await scene.summarise(f"({args.selection}) and polymer")
        return "" if drawn.n_atoms else f" There is no polymer in it, so no {args.representation} to see."
    if args.representation in ("surface", "mesh") and await scene.setting("surface_mode") == "0":
        drawn = await scene.summarise(f"({args.selection}) and not flag 25")
        if not drawn.n_atoms:
            kind = args.representation
            return f" They are flagged `ignore`, so there is no {kind} to see; set surface_mode to 1."
    return ""


SHOW = command_tool(
    "show",
    ShowArgs,
    _calls,
    lambda args: f"{args.mode.capitalize()} {args.representation} of {args.selection}",
    selections=lambda args: (args.selection,),
    check=_check,
    read_back=_read_back,
)
