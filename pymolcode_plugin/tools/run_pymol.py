"""Runs PyMOL commands, with what PyMOL printed and every error."""

from __future__ import annotations

from pydantic import Field

from ..core.counting import counted
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import command_words


class RunPymolArgs(ToolArgs):
    """Run PyMOL commands as typed, one a line, up to the first error; for what no tool above does."""

    commands: str = Field(min_length=1, max_length=20_000)


async def run_pymol(args: RunPymolArgs, context: Context) -> ToolResult:
    """Run the commands; the text is PyMOL's own output."""
    output = await context.scene.run_commands(args.commands)
    text = "\n".join(output.lines)
    if output.ok:
        return ToolResult(text=text, warnings=output.warnings)
    lines = [line for line in args.commands.splitlines() if line.strip()]
    failed = lines[min(output.completed, len(lines) - 1)].strip()
    n_skipped = max(0, len(lines) - output.completed - 1)
    skipped = f" {counted(n_skipped, 'line')} after it did not run." if n_skipped else ""
    return ToolResult(
        ok=False, text=text, warnings=output.warnings, error=f"`{failed}` failed: {' '.join(output.errors)}{skipped}"
    )


async def _assess(args: RunPymolArgs, scene: ScenePort) -> Assessment:
    return await scene.assess(args.commands)


RUN_PYMOL = Tool(
    "run_pymol",
    RunPymolArgs,
    run_pymol,
    _assess,
    lambda args: command_words.title(args.commands),
    editable="commands",
)
