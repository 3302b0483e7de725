"""Steps that the person takes without the model: a click, code of an answer, a dropped file; through the same door."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from ..core.events import Event, StopReason, TurnFinished, TurnStarted
from ..core.risk import Risk
from ..core.tool import ToolResult
from .spending import Spending

PYTHON = ("python", "py", "python3")
_MAX_NOTE = 600  # characters of code and result each that the model is reminded of
_ENDED: dict[StopReason, str] = {
    "done": "",
    "failed": "That did not work.",
    "stopped": "Stopped. What was done until then stands; Undo turn brings the scene back.",
}


class OwnStep(NamedTuple):
    """A step of the person's own.

    Attributes:
        said: What the person did, in words, where it is shown as a turn of its own.
        did: The same for the model.
        granted: What needs no question then.
    """

    tool: str
    arguments: dict[str, Any]
    said: str = ""
    did: str = ""
    granted: frozenset[Risk] = frozenset()

    def note(self, result: ToolResult) -> str:
        """What the model is to know of it."""
        did = self.did or f"The user did this by hand: {self.said or self.tool}."
        return f"{did} {_cut(result.for_model)}"


def of_code(code: str, language: str) -> OwnStep:
    """Code of an answer; `python` runs it as Python, everything else as PyMOL commands."""
    did = f"The user ran code of your answer in PyMOL: {_cut(code)} -"
    if language in PYTHON:
        return OwnStep("run_python", {"code": code}, "Run this Python in PyMOL", did)
    return OwnStep("run_pymol", {"commands": code}, "Run these commands in PyMOL", did)


async def run_turn(
    turn_id: str,
    step: OwnStep,
    run: Callable[[], Awaitable[ToolResult]],
    tell: Callable[[Event], None],
    spending: Spending,
) -> ToolResult:
    """Run the step, told as a turn where it is to be shown as one.

    Args:
        turn_id: Of the turn that this is.
        step: What is run.
        run: Runs it, through the door.
        tell: Gets the events.
        spending: Of the chat; this costs nothing.
    """
    started = time.monotonic()
    stop_reason: StopReason = "failed"
    if step.said:
        tell(TurnStarted(turn_id=turn_id, text=step.said))
    try:
        result = await run()
        stop_reason = "done" if result.ok else "failed"
    except asyncio.CancelledError:
        stop_reason = "stopped"
        raise
    finally:
        if step.said:
            usage = spending.turn.model_copy(update={"seconds": time.monotonic() - started})
            message = _ENDED[stop_reason]
            tell(
                TurnFinished(
                    turn_id=turn_id, stop_reason=stop_reason, message=message, usage=usage, session=spending.session
                )
            )
    return result


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_NOTE else f"{text[:_MAX_NOTE]} …"
