"""Makes, copies, renames, groups, enables and disables objects; says the names PyMOL really gave."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Call
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .command_tool import run_calls
from .words import Name, need_free_name, need_new_name, need_object

_Action = Literal["create", "extract", "copy", "rename", "group", "ungroup", "enable", "disable"]
_FROM_SELECTION = ("create", "extract")
_FROM_OBJECT = ("copy", "rename")


class ObjectsArgs(ToolArgs):
    """Make and arrange objects."""

    action: _Action
    name: Name = Field(min_length=1, description="New, or of the object meant")
    source: str = Field(default="", max_length=5000, description="Selection, old name or members")


async def _planned(args: ObjectsArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.action in (*_FROM_SELECTION, *_FROM_OBJECT, "group") and not args.source.strip():
        raise ArgumentsInvalid(f"{args.action} needs a source.")
    if args.action in _FROM_SELECTION:
        await need_free_name(scene, args.name)
        return (Call(command=args.action, arguments={"name": args.name, "selection": args.source, "quiet": 1}),)
    if args.action in _FROM_OBJECT:
        return await _from_object(args, scene)
    if args.action == "group":
        return await _group(args, scene)
    await need_object(scene, args.name)
    return (Call(command=args.action, arguments={"members" if args.action == "ungroup" else "name": args.name}),)


async def _from_object(args: ObjectsArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.action == "copy" or args.source not in await scene.names():
        await need_object(scene, args.source)
    await need_free_name(scene, args.name)
    if args.action == "copy":
        return (Call(command="copy", arguments={"target": args.name, "source": args.source}),)
    return (Call(command="set_name", arguments={"old_name": args.source, "new_name": args.name}),)


async def _group(args: ObjectsArgs, scene: ScenePort) -> tuple[Call, ...]:
    members = args.source.replace(",", " ").split()
    for member in members:
        await need_object(scene, member)
    await need_new_name(scene, args.name)
    if (await scene.names()).get(args.name, "object:group") != "object:group":
        raise ArgumentsInvalid(f"`{args.name}` is no group.", hint="Use another name.")
    return (Call(command="group", arguments={"name": args.name, "members": " ".join(members), "action": "add"}),)


async def _objects(args: ObjectsArgs, context: Context) -> ToolResult:
    scene = context.scene
    calls = await _planned(args, scene)
    before = await scene.names()
    result, _ = await run_calls(scene, calls)
    if not result.ok:
        return result
    after = await scene.names()
    new = [await _described(name, kind, scene) for name, kind in after.items() if name not in before]
    gone = [name for name in before if name not in after]
    parts = [f"Now there is {', '.join(new)}" if new else "", f"no more {', '.join(gone)}" if gone else ""]
    text = "; ".join(part for part in parts if part) or f"{args.action.capitalize()}d {args.name}"
    if args.action in ("group", "ungroup"):
        text = f"{args.action.capitalize()}ed {args.source or args.name}" + (f"; {text}" if new else "")
    return result.model_copy(update={"text": f"{text}."})


async def _described(name: str, kind: str, scene: ScenePort) -> str:
    if kind != "object:molecule":
        return f"{name} ({kind.removeprefix('object:')})"
    return f"{name} ({(await scene.summarise(f'%{name}')).n_atoms:,} atoms)"


async def _assess(args: ObjectsArgs, scene: ScenePort) -> Assessment:
    return await scene.assess(await _planned(args, scene))


OBJECTS = Tool(
    "objects",
    ObjectsArgs,
    _objects,
    _assess,
    lambda args: f"{args.action.capitalize()} {args.name}" + (f" from {args.source}" if args.source else ""),
    selections=lambda args: (args.source,) if args.action in _FROM_SELECTION and args.source.strip() else (),
)
