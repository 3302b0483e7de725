"""Names a selection."""

from __future__ import annotations

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.scene import Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import command_tool
from .words import Name, Selection, need_new_name


class SelectArgs(ToolArgs):
    """Name a selection, to use the name in later selections."""

    name: Name
    selection: Selection


def _calls(args: SelectArgs) -> tuple[Call, ...]:
    return (Call(command="select", arguments={"name": args.name, "selection": args.selection, "quiet": 1}),)


async def _check(args: SelectArgs, scene: ScenePort) -> None:
    await need_new_name(scene, args.name)
    taken = (await scene.names()).get(args.name, "selection")
    if taken != "selection":
        raise ArgumentsInvalid(f"`{args.name}` is the name of an object.", hint="Use another name.")


async def _read_back(args: SelectArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    found = await scene.summarise(f"%{args.name}")
    chains = ", ".join(chain or "(blank)" for chain in found.chains)
    where = f"chains {chains} of {', '.join(found.objects)}"
    return f"{args.name}: {found.n_atoms:,} atoms in {found.n_residues:,} residues ({where})."


SELECT = command_tool(
    "select",
    SelectArgs,
    _calls,
    lambda args: f"Select {args.selection} as {args.name}",
    selections=lambda args: (args.selection,),
    check=_check,
    read_back=_read_back,
)
