"""Superposes structures with PyMOL's own methods and defaults, and gives the complete result."""

from __future__ import annotations

import re
from typing import Literal

from pydantic.json_schema import SkipJsonSchema

from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Argument, Call, CommandOutput
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .command_tool import run_calls
from .words import Name, Selection, need_free_name

_CEALIGN = re.compile(r"RMSD ([\d.]+) over (\d+) residues")


class AlignArgs(ToolArgs):
    """Superpose mobile onto target: align (similar sequences), super, cealign (distant folds)."""

    mobile: Selection
    target: Selection
    method: Literal["align", "super", "cealign"] = "align"
    object: Name = ""
    # Only the older name of this tool has them; PyMOL's defaults are better than what a model would make up.
    cutoff: SkipJsonSchema[float | None] = None
    cycles: SkipJsonSchema[int | None] = None


def _call(args: AlignArgs) -> Call:
    arguments: dict[str, Argument] = {"mobile": args.mobile, "target": args.target, "quiet": 0}
    if args.object:
        arguments["object"] = args.object
    if args.method != "cealign":
        extra = {"cutoff": args.cutoff, "cycles": args.cycles}
        arguments |= {key: value for key, value in extra.items() if value is not None}
    return Call(command=args.method, arguments=arguments)


async def _align(args: AlignArgs, context: Context) -> ToolResult:
    await _check(args, context.scene)
    result, outputs = await run_calls(context.scene, (_call(args),))
    if not result.ok:
        return result
    moved, onto = [", ".join((await context.scene.summarise(text)).objects) for text in (args.mobile, args.target)]
    alignment = f" Alignment object {args.object}." if args.object else ""
    return result.model_copy(
        update={"text": f"{args.method} moved {moved} onto {onto}: {_numbers(outputs[0])}.{alignment}"}
    )


def _numbers(output: CommandOutput) -> str:
    """From what `align` and `super` return, or from the line `cealign` prints."""
    if isinstance(output.value, tuple) and len(output.value) == 7:
        after, n_after, n_cycles, before, n_before, score, n_residues = output.value
        return (
            f"RMSD {after:.3f} Å over {n_after} atoms after {n_cycles} cycles of rejection"
            f" ({before:.3f} Å over {n_before} atoms before); raw score {score:.1f}; {n_residues} residues aligned"
        )
    match = _CEALIGN.search("\n".join(output.lines))
    if match:
        return f"RMSD {float(match.group(1)):.3f} Å over {match.group(2)} residues"
    return " ".join(output.lines) or "PyMOL gave no numbers"


async def _check(args: AlignArgs, scene: ScenePort) -> None:
    if args.object:
        await need_free_name(scene, args.object)


async def _assess(args: AlignArgs, scene: ScenePort) -> Assessment:
    await _check(args, scene)
    return await scene.assess((_call(args),))


ALIGN = Tool(
    "align",
    AlignArgs,
    _align,
    _assess,
    lambda args: f"{args.method.capitalize()} {args.mobile} onto {args.target}",
    selections=lambda args: (args.mobile, args.target),
)
