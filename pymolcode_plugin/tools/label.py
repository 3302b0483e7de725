"""Labels atoms and residues."""

from __future__ import annotations

from pydantic import Field

from ..core.errors import ArgumentsInvalid, SelectionEmpty
from ..core.ports import ScenePort
from ..core.scene import AtomRow, Call, CommandOutput
from ..core.tool import ToolArgs
from .atoms import all_atoms
from .command_tool import planned_tool
from .expressions import need_expression
from .words import Selection

_EXPRESSIONS = {"residue": "resn+resi", "name": "name", "b": '"%.1f"%b', "none": ""}
_MAX_RESIDUES = 100


class LabelArgs(ToolArgs):
    """Label residues (one label each), atoms, or clear labels."""

    selection: Selection
    text: str = Field(
        default="residue", max_length=500, description='residue|name|b|none, "quoted text" or an expression, e.g. resi'
    )


async def _plan(args: LabelArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.text != "residue":
        expression = _EXPRESSIONS.get(args.text)
        return (_label(args.selection, need_expression(args.text) if expression is None else expression),)
    # One atom a residue: CA or C4' of a polymer, the first atom of what has neither; water only where it is all.
    guides = f"(byres ({args.selection})) and guide"
    calls = [_label(guides, _EXPRESSIONS["residue"])] if (await scene.summarise(guides)).n_atoms else []
    others = f"({args.selection}) and not (byres guide)" + (" and not solvent" if calls else "")
    firsts = await _one_each(others, scene)
    if firsts:
        calls.append(_label(firsts, _EXPRESSIONS["residue"]))
    return tuple(calls)


async def _one_each(selection: str, scene: ScenePort) -> str:
    """A selection of one atom of every residue in `selection`; empty where that is empty."""
    try:
        rows = await all_atoms(scene, selection)
    except SelectionEmpty:
        return ""
    residues = list(dict.fromkeys(_residue(row) for row in rows))
    if len(residues) > _MAX_RESIDUES:
        raise ArgumentsInvalid(f"These are {len(residues):,} residues without a CA.", hint="Label fewer of them.")
    return " or ".join(f"(first (({selection}) and {residue}))" for residue in residues)


def _residue(row: AtomRow) -> str:
    chain = f"chain {row.chain}" if row.chain else "chain ''"
    return f"%{row.object} and {chain} and resi {row.resi} and resn {row.resn}"


def _label(selection: str, expression: str) -> Call:
    return Call(command="label", arguments={"selection": selection, "expression": expression, "quiet": 0})


async def _read_back(args: LabelArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    labelled = await scene.summarise(f"(byres ({args.selection})) and not label ''")
    return f"{labelled.n_atoms:,} labels on these residues now."


LABEL = planned_tool(
    "label",
    LabelArgs,
    _plan,
    lambda args: f"Clear labels of {args.selection}" if args.text == "none" else f"Label {args.selection}: {args.text}",
    selections=lambda args: (args.selection,),
    read_back=_read_back,
)
