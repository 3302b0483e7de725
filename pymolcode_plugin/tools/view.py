"""Moves the camera, and stores and recalls PyMOL's named scenes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.scene import Argument, Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import planned_tool
from .words import Name, Selection, need_word

_Action = Literal["zoom", "orient", "center", "turn", "clip", "reset", "store", "recall", "delete", "list"]
_OF_SELECTION = ("zoom", "orient", "center", "clip")
_MAX_LISTED, _MAX_CHARS = 60, 80
_OF_SCENE = ("store", "recall", "delete")


class ViewArgs(ToolArgs):
    """Move the camera, or store, recall, delete, list named scenes."""

    action: _Action
    selection: Selection = "all"
    axis: Literal["x", "y", "z"] = "y"
    amount: float | None = Field(default=None, description="Degrees to turn, Å around zoom, Å of slab")
    scene: Name = ""


async def _plan(args: ViewArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.action == "list":
        return ()
    if args.action in _OF_SCENE:
        return (_scene(args.action, await _scene_name(args, scene)),)
    return (Call(command=args.action, arguments=_arguments(args)),)


def _arguments(args: ViewArgs) -> dict[str, Argument]:
    if args.action == "reset":
        return {}
    if args.action == "turn":
        if args.amount is None:
            raise ArgumentsInvalid("turn needs an amount in degrees.")
        return {"axis": args.axis, "angle": args.amount}
    if args.action == "clip":
        if args.amount is None or args.amount <= 0:
            raise ArgumentsInvalid("clip needs an amount above 0: the thickness of the slab in Å.")
        return {"mode": "slab", "distance": args.amount, "selection": args.selection}
    buffer: dict[str, Argument] = {"buffer": args.amount or 0.0} if args.action == "zoom" else {}
    return {"selection": args.selection, **buffer}


async def _scene_name(args: ViewArgs, scene: ScenePort) -> str:
    if not args.scene:
        raise ArgumentsInvalid(f"{args.action} needs the name of a scene.")
    return args.scene if args.action == "store" else await need_word(scene, "scene", args.scene)


def _scene(action: str, name: str) -> Call:
    arguments: dict[str, Argument] = {"key": name, "action": action, "quiet": 1}
    return Call(command="scene", arguments=arguments | ({"animate": 0} if action == "recall" else {}))


async def _read_back(args: ViewArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    if args.action in (*_OF_SCENE, "list"):
        names = await scene.vocabulary("scene")
        more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
        # A session's scenes have any names, line breaks included.
        listed = ", ".join(" ".join(name.split())[:_MAX_CHARS] for name in names[:_MAX_LISTED])
        return f"Scenes: {listed}{more}." if names else "No scene is stored."
    if args.action in _OF_SELECTION:
        return f"The view is on {(await scene.summarise(args.selection)).n_atoms:,} atoms."
    return f"Turned {args.amount:g}° about {args.axis}." if args.action == "turn" else "The view shows everything."


def _title(args: ViewArgs) -> str:
    if args.action == "list":
        return "List scenes"
    if args.action in _OF_SCENE:
        return f"{args.action.capitalize()} scene {args.scene}"
    if args.action == "turn":
        return f"Turn {args.amount or 0:g}° about {args.axis}"
    return "Reset the view" if args.action == "reset" else f"{args.action.capitalize()} on {args.selection}"


VIEW = planned_tool(
    "view",
    ViewArgs,
    _plan,
    _title,
    selections=lambda args: (args.selection,) if args.action in _OF_SELECTION else (),
    read_back=_read_back,
)
