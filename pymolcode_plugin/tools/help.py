"""Documentation of the running PyMOL."""

from __future__ import annotations

from pydantic import Field

from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only


class HelpArgs(ToolArgs):
    """Read PyMOL's own documentation: of a command, of a setting with its current value, or found by a question."""

    topic: str = Field(
        min_length=1,
        max_length=200,
        description="A name, e.g. `spectrum` or `sphere_scale`, or a question in words, e.g. `thickness of sticks`.",
    )


async def find_help(args: HelpArgs, context: Context) -> ToolResult:
    """Look it up: the best answer in full and others by name."""
    return ToolResult(text=await context.scene.help(args.topic))


HELP = Tool("help", HelpArgs, find_help, read_only, lambda args: f"Look up {args.topic}")
