"""Takes back the agent's own steps, or does them again."""

from __future__ import annotations

from pydantic import Field

from ..core.counting import counted
from ..core.ports import ScenePort
from ..core.risk import Assessment, Risk
from ..core.tool import Context, Tool, ToolArgs, ToolResult


class UndoArgs(ToolArgs):
    """Undo your last steps that changed the scene, or redo them."""

    steps: int = Field(default=1, ge=1, le=50)
    redo: bool = False


async def undo(args: UndoArgs, context: Context) -> ToolResult:
    """Restore the whole scene; the text is what that changed."""
    changed = await (context.undo.redo_steps if args.redo else context.undo.undo_steps)(args.steps)
    verb = "Redone" if args.redo else "Undone"
    return ToolResult(text=f"{verb}: {changed or 'the scene looks the same'}.")


async def _assess(_args: UndoArgs, _scene: ScenePort) -> Assessment:
    return Assessment(risks=frozenset({Risk.MODIFY}), commands=("undo steps",))


def _title(args: UndoArgs) -> str:
    return f"{'Redo' if args.redo else 'Undo'} {counted(args.steps, 'step')}"


UNDO = Tool("undo", UndoArgs, undo, _assess, _title, is_history=True)
