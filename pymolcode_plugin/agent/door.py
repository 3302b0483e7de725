"""The one door for a tool call, whoever makes it: find, validate, classify, ask, checkpoint, run, diff, record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ..core.errors import ArgumentsInvalid, Denied, PymolcodeError, SceneError
from ..core.events import ApprovalAnswered, ApprovalAsked, Event, StepFinished, StepStarted
from ..core.ports import ApprovalPort, CheckpointPort, ScenePort
from ..core.risk import Risk
from ..core.scene import SceneDiff
from ..core.tool import Tool, ToolArgs, ToolResult

_MAX_SHOWN = 2000  # of arguments that are refused anyway
Record = Callable[[Event], None]
_QUESTIONS = {
    Risk.DESTROY: "Delete or replace things in the scene?",
    Risk.FILE: "Read or write files?",
    Risk.NET: "Fetch from the network?",
    Risk.EXEC: "Run code that can do anything on this computer?",
}


@dataclass(frozen=True)
class Turn:
    """What a call belongs to; its checkpoint is made before the first call that changes the scene."""

    turn_id: str
    record: Record


class Door:
    """Runs tool calls one at a time, in the order they came, and keeps one checkpoint a turn to undo it whole.

    A model may ask for several calls at once; side by side, one would see the other's changes as its own.

    Args:
        tools: All tools by name.
        scene: The scene door.
        checkpoints: Usually the same object.
        approval: Asks the person.
    """

    def __init__(
        self,
        tools: Mapping[str, Tool[Any]],
        scene: ScenePort,
        checkpoints: CheckpointPort,
        approval: ApprovalPort,
    ) -> None:
        self._tools = tools
        self._scene = scene
        self._checkpoints = checkpoints
        self._approval = approval
        self._before_turn: dict[str, int] = {}
        self._one_at_a_time = asyncio.Lock()

    async def call(self, turn: Turn, call_id: str, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Run one call; every failure but cancellation comes back as a result the model can read."""
        async with self._one_at_a_time:
            started = time.monotonic()
            try:
                result = await self._recorded_start(turn, call_id, name, arguments)
            except asyncio.CancelledError:
                stopped = ToolResult(ok=False, error="Stopped. Where it had run already, Undo turn takes it back.")
                turn.record(_finished(turn, call_id, stopped, time.monotonic() - started))
                raise
            turn.record(_finished(turn, call_id, result, time.monotonic() - started))
            return result

    async def undo(self, turn_id: str = "") -> SceneDiff:
        """Bring back the scene from before a turn, the last one that changed something by default.

        Raises:
            SceneError: There is nothing to undo.
        """
        async with self._one_at_a_time:
            turn_id = turn_id or next(reversed(self._before_turn), "")
            if turn_id not in self._before_turn:
                raise SceneError("There is nothing to undo.")
            diff = await self._checkpoints.restore(self._before_turn[turn_id])
            for later in list(self._before_turn)[list(self._before_turn).index(turn_id) :]:
                del self._before_turn[later]
            return diff

    async def _recorded_start(self, turn: Turn, call_id: str, name: str, arguments: Mapping[str, object]) -> ToolResult:
        try:
            tool, args = self._validated(name, arguments)
        except ArgumentsInvalid as error:
            turn.record(_started(turn, call_id, name, name, _cut(str(dict(arguments)))))
            return ToolResult(ok=False, error=error.message)
        turn.record(_started(turn, call_id, name, tool.title(args), _exact(name, args)))
        return await self._guarded(turn, call_id, tool, args)

    def _validated(self, name: str, arguments: Mapping[str, object]) -> tuple[Tool[Any], ToolArgs]:
        tool = self._tools.get(name)
        if tool is None:
            raise ArgumentsInvalid(f"There is no tool `{name}`.", hint=f"The tools are {', '.join(self._tools)}.")
        try:
            return tool, tool.args.model_validate(dict(arguments))
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
            raise ArgumentsInvalid(f"The arguments of `{name}` do not fit: {problems}.") from error

    async def _guarded(self, turn: Turn, call_id: str, tool: Tool[Any], args: ToolArgs) -> ToolResult:
        try:
            risk = await tool.risk(args, self._scene)
            await self._ask(turn, call_id, risk, _exact(tool.name, args))
            return await self._run(turn, tool, args, risk)
        except PymolcodeError as error:
            return ToolResult(ok=False, error=error.message)
        except Exception as error:  # noqa: BLE001  # border: a bug in a tool must not end the turn
            return ToolResult(ok=False, error=f"{tool.name} failed: {type(error).__name__}: {error}")

    async def _ask(self, turn: Turn, call_id: str, risk: Risk, command: str) -> None:
        question = _QUESTIONS.get(risk)
        if question is None:
            return
        turn.record(ApprovalAsked(call_id=call_id, question=question, command=command))
        allowed = await self._approval.ask(call_id=call_id, question=question, command=command)
        turn.record(ApprovalAnswered(call_id=call_id, allowed=allowed))
        if not allowed:
            raise Denied("The user did not allow this.", hint="Ask what they want instead, or take another way.")

    async def _run(self, turn: Turn, tool: Tool[Any], args: ToolArgs, risk: Risk) -> ToolResult:
        if risk is Risk.READ:
            result: ToolResult = await tool.run(args, self._scene)
            return result
        if turn.turn_id not in self._before_turn:
            self._before_turn[turn.turn_id] = await self._checkpoints.checkpoint(turn.turn_id)
        mark = await self._checkpoints.mark()
        result = await tool.run(args, self._scene)
        return result.model_copy(update={"diff": await self._checkpoints.changes_since(mark)})


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]} … ({len(text):,} characters)"


def _exact(name: str, args: ToolArgs) -> str:
    """PyMOL commands as they are; of other tools the name and the arguments."""
    commands = getattr(args, "commands", None)
    if isinstance(commands, str):
        return commands
    given = args.model_dump_json(exclude_defaults=True)
    return name if given == "{}" else f"{name} {given}"


def _finished(turn: Turn, call_id: str, result: ToolResult, duration_s: float) -> StepFinished:
    return StepFinished(
        turn_id=turn.turn_id,
        call_id=call_id,
        ok=result.ok,
        text=result.text,
        error=result.error,
        diff=result.diff.text,
        duration_s=duration_s,
        image_png=result.image_png,
    )


def _started(turn: Turn, call_id: str, name: str, title: str, arguments: str) -> StepStarted:
    return StepStarted(turn_id=turn.turn_id, call_id=call_id, tool=name, title=title, arguments=arguments)
