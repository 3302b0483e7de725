"""A picture of the viewport, for models that see."""

from __future__ import annotations

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.outgoing import Data
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only

_RAY_PX = (1024, 768)


class LookArgs(ToolArgs):
    """See the viewport, or a selection close up; ray is slow."""

    selection: str = Field(default="", max_length=5000)
    ray: bool = False


async def look(args: LookArgs, context: Context) -> ToolResult:
    """Take the picture; the view stays as it was.

    Raises:
        ArgumentsInvalid: Ray-traced and close-up at once.
        CommandFailed: The picture could not be made.
    """
    if args.ray and args.selection:
        raise ArgumentsInvalid("A ray-traced picture shows the view as it is.", hint="Use view zoom first.")
    if args.ray:
        png = await context.scene.ray(width_px=_RAY_PX[0], height_px=_RAY_PX[1], opaque=True)
    elif args.selection:
        png = await context.scene.closeup(args.selection)
    else:
        png = await context.scene.image()
    of = f"of {args.selection}" if args.selection else "of the viewport"
    return ToolResult(
        text=f"{'Ray-traced picture' if args.ray else 'Picture'} {of}, {len(png) // 1024} kB PNG.", image_png=png
    )


LOOK = Tool(
    "look",
    LookArgs,
    look,
    read_only,
    lambda args: f"Look at {args.selection or 'the viewport'}",
    selections=lambda args: (args.selection,) if args.selection else (),
    reveals=frozenset({Data.IMAGES}),
)
