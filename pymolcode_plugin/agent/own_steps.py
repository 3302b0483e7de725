"""Steps that the person takes without the model: a click, code of an answer, a dropped file; through the same door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from ..core.events import StopReason
from ..core.risk import Risk
from ..core.tool import ToolResult
from .told_turn import ToldTurn, stopped

PYTHON = ("python", "py", "python3")
_MAX_NOTE = 600  # characters of code and result each that the model is reminded of
_FAILED = "That did not work."


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
    step: OwnStep, turn: ToldTurn, run: Callable[[], Awaitable[ToolResult]], can_undo: Callable[[], bool]
) -> ToolResult:
    """Run the step, told as a turn where it is to be shown as one.

    Args:
        step: What is run.
        turn: The turn that this is.
        run: Runs it, through the door.
        can_undo: Whether what it did until now can be undone.
    """
    stop_reason: StopReason = "failed"
    message = _FAILED
    if step.said:
        turn.begin(step.said)
    try:
        result = await run()
        if result.ok:
            stop_reason, message = "done", ""
    except asyncio.CancelledError:
        stop_reason, message = "stopped", stopped(undoable=can_undo())
        raise
    finally:
        if step.said:
            turn.end(stop_reason, message)
    return result


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_NOTE else f"{text[:_MAX_NOTE]} …"
