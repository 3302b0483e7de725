"""Code of an answer that the person runs: a turn without a model, through the same door as a step of the model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ..core.events import Event, StopReason, TurnFinished, TurnStarted, Usage
from ..core.tool import ToolResult
from .spending import Spending

PYTHON = ("python", "py", "python3")
_MAX_NOTE = 600  # characters of code and result each that the model is reminded of
Call = Callable[[str, str, dict[str, Any]], Awaitable[ToolResult]]


async def run_turn(
    turn_id: str, code: str, language: str, call: Call, tell: Callable[[Event], None], spending: Spending
) -> tuple[TurnFinished, str]:
    """Run the code as one step.

    Args:
        turn_id: Of the turn that this is.
        code: As it stands in the answer.
        language: `python` runs it as Python, everything else as PyMOL commands.
        call: Makes a tool call through the door.
        tell: Gets every event.
        spending: Of the chat; this costs nothing.

    Returns:
        How it ended, and what the model is to know of it.
    """
    is_python = language in PYTHON
    tool, argument = ("run_python", "code") if is_python else ("run_pymol", "commands")
    started = time.monotonic()
    tell(TurnStarted(turn_id=turn_id, text="Run this Python in PyMOL" if is_python else "Run these commands in PyMOL"))

    def finish(stop_reason: StopReason, message: str = "") -> TurnFinished:
        usage = Usage(seconds=time.monotonic() - started)
        end = TurnFinished(
            turn_id=turn_id, stop_reason=stop_reason, message=message, usage=usage, session=spending.session
        )
        tell(end)
        return end

    try:
        result = await call(f"{turn_id}.run", tool, {argument: code})
    except asyncio.CancelledError:
        finish("stopped", "Stopped. What was done until then stands; Undo turn brings the scene back.")
        raise
    return finish("done"), _note(code, result)


def _note(code: str, result: ToolResult) -> str:
    return f"The user ran code of your answer in PyMOL: {_cut(code)} - {_cut(result.for_model)}"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_NOTE else f"{text[:_MAX_NOTE]} …"
