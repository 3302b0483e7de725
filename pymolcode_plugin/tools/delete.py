"""Deletes objects and selections by name, or removes atoms."""

from __future__ import annotations

import fnmatch

from pydantic import Field

from ..core.errors import ArgumentsInvalid, ToolFailed
from ..core.ports import ScenePort
from ..core.scene import Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import planned_tool
from .words import Name


class DeleteArgs(ToolArgs):
    """Delete objects and selections by name, or remove the atoms of a selection."""

    names: list[Name] = Field(default=[], max_length=200, description="* is a wildcard")
    atoms: str = Field(default="", max_length=5000, description="Selection, instead of names")


async def _plan(args: DeleteArgs, scene: ScenePort) -> tuple[Call, ...]:
    if bool(args.names) == bool(args.atoms.strip()):
        raise ArgumentsInvalid("Give either names or atoms.")
    if args.atoms:
        return (Call(command="remove", arguments={"selection": args.atoms, "quiet": 0}),)
    there = list(await scene.names())
    found: dict[str, None] = {}
    for name in args.names:
        matches = there if name == "all" else [item for item in there if fnmatch.fnmatchcase(item, name)]
        if not matches:
            listed = ", ".join(there[:60]) or "nothing"
            raise ToolFailed(f"Nothing is named `{name}`; nothing was deleted.", hint=f"There is: {listed}.")
        found.update(dict.fromkeys(matches))
    return tuple(Call(command="delete", arguments={"name": name}) for name in found)


async def _read_back(_args: DeleteArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    left = ", ".join(await scene.names())
    return f"What is left: {left}." if left else "Nothing is left: the scene is empty."


DELETE = planned_tool(
    "delete",
    DeleteArgs,
    _plan,
    lambda args: f"Remove the atoms of {args.atoms}" if args.atoms else f"Delete {', '.join(args.names)}",
    selections=lambda args: (args.atoms,) if args.atoms.strip() else (),
    read_back=_read_back,
)
