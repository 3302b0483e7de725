"""Runs PyMOL commands, with what PyMOL printed and every error."""

from __future__ import annotations

from pydantic import Field

from ..core.ports import ScenePort
from ..core.risk import Risk
from ..core.tool import Tool, ToolArgs, ToolResult


class RunPymolArgs(ToolArgs):
    """Run PyMOL commands as typed at its prompt, one a line; stops at the first error and says which line failed."""

    commands: str = Field(
        min_length=1, max_length=20_000, description="e.g. `show sticks, organic`; several lines allowed."
    )


async def run_pymol(args: RunPymolArgs, scene: ScenePort) -> ToolResult:
    """Run the commands; the text is PyMOL's own output."""
    output = await scene.run_commands(args.commands)
    text = "\n".join(output.lines)
    if output.ok:
        return ToolResult(text=text)
    lines = [line for line in args.commands.splitlines() if line.strip()]
    failed = lines[min(output.completed, len(lines) - 1)].strip()
    n_skipped = max(0, len(lines) - output.completed - 1)
    skipped = f" The {n_skipped} lines after it did not run." if n_skipped else ""
    return ToolResult(ok=False, text=text, error=f"`{failed}` failed: {' '.join(output.errors)}{skipped}")


async def _risk(args: RunPymolArgs, scene: ScenePort) -> Risk:
    return await scene.classify(args.commands)


def _title(args: RunPymolArgs) -> str:
    lines = [line.strip() for line in args.commands.splitlines() if line.strip()]
    more = f" (+{len(lines) - 1} more)" if len(lines) > 1 else ""
    return f"{lines[0][:80]}{more}" if lines else "Nothing to run"


RUN_PYMOL = Tool("run_pymol", RunPymolArgs, run_pymol, _risk, _title)
