"""A picture of the viewport, for models that see."""

from __future__ import annotations

from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only


class LookArgs(ToolArgs):
    """Look at the viewport: returns a picture of what the user sees now."""


async def look(_args: LookArgs, context: Context) -> ToolResult:
    """Take the picture."""
    png = await context.scene.image()
    return ToolResult(text=f"Picture of the viewport, {len(png) // 1024} kB PNG.", image_png=png)


LOOK = Tool("look", LookArgs, look, read_only, lambda _args: "Look at the viewport")
