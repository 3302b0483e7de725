"""The one door for a tool call, whoever makes it; `Door._pass` is the whole way, line by line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..core.errors import ArgumentsInvalid, NotAllowed, PymolcodeError, ToolFailed
from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    StepFinished,
    StepStarted,
)
from ..core.ports import HistoryPort, PersonPort, ScenePort
from ..core.replaying import KeptStep
from ..core.risk import Assessment, Risk
from ..core.scene import SceneDiff, SceneMark
from ..core.tasks import to_its_end
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from ..masking import mask
from .approvals import Policy, Rule, offered_rules, question
from .past import ForTool, Past
from .repetition import Repetition

_MAX_SHOWN = 2000  # of arguments that are refused anyway, and of a single warning
_MAX_TEXT, _MAX_WARNINGS = 50_000, 20  # of a result; every request sends it again, and tools stay far below
Record = Callable[[Event], None]
Find = Callable[[str, Mapping[str, object]], "tuple[Tool[Any], Mapping[str, object]] | None"]


@dataclass(frozen=True)
class Turn:
    """What a call belongs to.

    Attributes:
        granted: What needs no question, because the user did it themselves, as the dropping of a file.
    """

    turn_id: str
    record: Record
    granted: frozenset[Risk] = frozenset()


class Door:
    """Runs tool calls one at a time, in the order they came, and keeps the states around each that changes the scene.

    A model may ask for several calls at once; side by side, one would see the other's changes as its own.

    Args:
        find: From the name and arguments of a call to the tool and its own arguments; None for an unknown name.
        tool_names: Said to a model that calls an unknown one.
        scene: The scene door.
        history: Usually the same object.
        person: Asked where the policy says so.
        policy: What may run without a question.
        working_folder: The folder that rules and files are about.
    """

    def __init__(
        self,
        find: Find,
        tool_names: Sequence[str],
        scene: ScenePort,
        history: HistoryPort,
        person: PersonPort,
        policy: Policy,
        *,
        working_folder: Callable[[], str],
    ) -> None:
        self._find = find
        self._tool_names = tool_names
        self._scene = scene
        self._person = person
        self._working_folder = working_folder
        self._past = Past(history, person)
        self._repetition = Repetition()
        self._one_at_a_time = asyncio.Lock()
        self.policy = policy

    async def call(
        self, turn: Turn, call_id: str, name: str, arguments: Mapping[str, object], *, expect: str = ""
    ) -> ToolResult:
        """Run one call; every failure but cancellation comes back as a result the model can read.

        Args:
            turn: What it belongs to.
            call_id: Unique in the conversation.
            name: Of the tool, or one of its older names.
            arguments: As the model gave them.
            expect: Hash of the scene the call was planned on; by default the scene the model saw last.
        """
        async with self._one_at_a_time:
            started = time.monotonic()
            try:
                result = await self._pass(turn, call_id, name, arguments, expect)
            except BaseException as error:  # border: whatever ends it, what it did until then is recorded
                done = error.result if isinstance(error, _Stopped) else ToolResult(ok=False, error="Stopped.")
                turn.record(self._finished(turn, call_id, done, time.monotonic() - started))
                raise
            turn.record(self._finished(turn, call_id, result, time.monotonic() - started))
            return result

    async def look_again(self) -> SceneDiff:
        """The model is about to be told how the scene is; returns what others changed since it last saw it."""
        async with self._one_at_a_time:
            return await self._past.look_again()

    async def _pass(
        self, turn: Turn, call_id: str, name: str, arguments: Mapping[str, object], expect: str
    ) -> ToolResult:
        """Find, validate, check the selections, classify, ask, then run guarded."""
        tool: Tool[Any] | None = None
        try:
            tool, args = self._validated(name, arguments)
            turn.record(_started(turn, call_id, tool.name, tool.title(args), _exact(tool, args)))
            self._repetition.begin(turn.turn_id, name, arguments)
            warnings = await self._check_selections(tool, args)
            assessment = await tool.assess(args, self._scene)
            args, assessment = await self._allowed(turn, call_id, tool, args, assessment)
            result = await self._run(turn, call_id, tool, args, assessment, expect)
            result = result.model_copy(update={"warnings": (*warnings, *result.warnings)})
        except PymolcodeError as error:
            if tool is None:
                turn.record(_started(turn, call_id, _cut(name), _cut(name), _cut(str(dict(arguments)))))
            result = ToolResult(ok=False, error=error.message, denied=isinstance(error, NotAllowed))
        except Exception as error:  # noqa: BLE001  # border: a bug in a tool must not end the turn
            result = ToolResult(ok=False, error=_bug(name, error))
        self._repetition.note(name, arguments, ok=result.ok)
        return _bounded(result)

    def _validated(self, name: str, arguments: Mapping[str, object]) -> tuple[Tool[Any], ToolArgs]:
        found = self._find(name, arguments)
        if found is None:
            raise ArgumentsInvalid(
                f"There is no tool `{_cut(name)}`.", hint=f"The tools are {', '.join(self._tool_names)}."
            )
        tool, arguments = found
        try:
            return tool, tool.args.model_validate(dict(arguments))
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
            raise ArgumentsInvalid(f"The arguments of `{name}` do not fit: {problems}.") from error

    async def _check_selections(self, tool: Tool[Any], args: ToolArgs) -> tuple[str, ...]:
        warnings: list[str] = []
        for selection in tool.selections(args):
            warnings += (await self._scene.check(selection)).warnings
        return tuple(dict.fromkeys(warnings))

    async def _allowed(
        self, turn: Turn, call_id: str, tool: Tool[Any], args: ToolArgs, assessment: Assessment
    ) -> tuple[ToolArgs, Assessment]:
        """The arguments that may run, as they are or as the person edited them, and what they would do.

        Raises:
            Denied: By the mode or by the person.
        """
        folder = self._working_folder()
        asks = self.policy.to_ask(assessment, folder) - turn.granted
        if not asks:
            return args, assessment
        rules = offered_rules(assessment, asks, folder)
        asked = ApprovalAsked(
            call_id=call_id,
            question=question(asks),
            command=_exact(tool, args),
            effects=assessment.effects,
            editable=bool(tool.editable),
            always=f"{', '.join(assessment.commands)} in {folder}" if rules else "",
        )
        edited = await self._asked(turn, asked, rules)
        if edited is not None:
            args = tool.args.model_validate(args.model_dump() | {tool.editable: edited})
        now = await tool.assess(args, self._scene)
        self.policy.to_ask(now, folder)  # not to ask again: the mode or the lock may have been changed meanwhile
        if edited is None and now != assessment:
            raise ToolFailed(
                f"Nothing was done: while the user was asked, what this would do changed: {'; '.join(now.effects)}.",
                hint="Look again; where it is still wanted, make the call again, which asks again.",
            )
        return args, now

    async def _asked(self, turn: Turn, asked: ApprovalAsked, rules: tuple[Rule, ...]) -> str | None:
        """Ask and record the answer; the command as it was edited, None where it was not."""
        turn.record(asked)
        answer = await self._person.ask(asked)
        edited = answer.command if answer.allowed and asked.editable and answer.command != asked.command else None
        always = answer.allowed and answer.always and bool(rules)
        turn.record(
            ApprovalAnswered(
                call_id=asked.call_id,
                allowed=answer.allowed,
                reason=answer.reason,
                command=edited or "",
                always=always,
            )
        )
        if not answer.allowed:
            why = f"The user did not allow this: {answer.reason}" if answer.reason else "The user did not allow this."
            raise NotAllowed(why, hint="Ask what they want instead, or take another way.")
        if always:
            self.policy.rules.add(rules)
        return edited

    async def _run(
        self, turn: Turn, call_id: str, tool: Tool[Any], args: ToolArgs, assessment: Assessment, expect: str
    ) -> ToolResult:
        """Check the expected hash, keep the state, run, diff, record."""
        context = Context(self._scene, _Recorded(self._person, turn.record), ForTool(self._past, turn.record), call_id)
        if tool.is_history:
            result: ToolResult = await tool.run(args, context)
            return result
        if assessment.risk is Risk.READ:
            result = await tool.run(args, context)
            if tool.shows_scene:
                result = result.model_copy(update={"scene_hash": (await self._past.saw_it()).hash})
            return result
        before = await self._past.refuse_stale(expect)
        self._scene.take_journal()
        started = time.time()
        stopped = False
        try:
            result = await tool.run(args, context)
        except asyncio.CancelledError:
            stopped, result = True, ToolResult(ok=False, error="Stopped.")
        except PymolcodeError as error:  # border: what it did before it failed is told as well
            result = ToolResult(ok=False, error=error.message)
        except Exception as error:  # noqa: BLE001  # border: a bug in a tool must not end the turn
            result = ToolResult(ok=False, error=_bug(tool.name, error))
        # Also when it is stopped half-way: what it did until then must be seen and undone.
        kept = to_its_end(self._kept(turn, call_id, tool.title(args), before, result), name="keep")
        try:
            result = await kept
        except asyncio.CancelledError:
            stopped, result = True, result.model_copy(update={"ok": False, "error": "Stopped."})
        ran = self._scene.take_journal()
        result = result.model_copy(
            update={
                "commands": ran if result.ok or self._is_step(call_id) else (),
                "files": tuple(dict.fromkeys((*result.files, *_written(assessment.writes, started)))),
            }
        )
        if stopped:
            raise _Stopped(result)
        return result

    async def _kept(self, turn: Turn, call_id: str, title: str, before: SceneMark, result: ToolResult) -> ToolResult:
        """The result with what the call changed; that it ran stays true where this cannot be read."""
        try:
            diff, after = await self._past.keep_step(turn.turn_id, call_id, title, before)
        except Exception as error:  # noqa: BLE001  # border: PyMOL is quitting, the memory is full
            said = f"What this changed could not be read, and Undo does not know it: {error}"
            return result.model_copy(update={"warnings": (*result.warnings, said)})
        return result.model_copy(update={"diff": diff, "scene_hash": after.hash})

    async def bring_back(self, mark: SceneMark, title: str) -> SceneDiff:
        """Restore a state that a crash left; undo takes that back like a step."""
        async with self._one_at_a_time:
            return await self._past.bring_back(mark, title)

    async def undo(self, record: Record, *, turn_id: str = "", call_id: str = "") -> SceneDiff:
        """Bring back the scene from before a turn or a step (the last turn that changed it by default).

        Raises:
            SceneError: There is nothing to undo.
            Denied: It would also revert what the person did by hand, and they did not want that.
        """
        async with self._one_at_a_time:
            timeline = self._past.timeline
            return await self._past.undo(
                record, timeline.from_call(call_id) if call_id else timeline.from_turn(turn_id)
            )

    async def redo(self, record: Record, *, n_steps: int = 0) -> SceneDiff:
        """Do again what was undone last: the whole turn, or some steps of it.

        Raises:
            SceneError: There is nothing to do again.
            Denied: See `undo`.
        """
        async with self._one_at_a_time:
            return await self._past.redo(record, self._past.timeline.to_redo(n_steps))

    @property
    def last_step(self) -> str:
        """Call id of the last step that changed the scene and was not undone; empty where there is none."""
        steps = self._past.timeline.steps
        return steps[-1].call_id if steps else ""

    def can_undo(self, turn_id: str) -> bool:
        """Whether a turn changed the scene in a step that was not undone."""
        return any(step.turn_id == turn_id for step in self._past.timeline.steps)

    @property
    def kept_steps(self) -> tuple[KeptStep, ...]:
        """The steps that changed the scene and were not undone, with the states around each."""
        steps = self._past.timeline.steps
        return tuple(KeptStep(call_id=step.call_id, before=step.before, after=step.after) for step in steps)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return bool(self._past.timeline.undone)

    def _is_step(self, call_id: str) -> bool:
        """Whether the call that ran last changed the scene."""
        return bool(call_id) and self.last_step == call_id

    def _finished(self, turn: Turn, call_id: str, result: ToolResult, duration_s: float) -> StepFinished:
        is_step = self._is_step(call_id)
        diff = self._past.timeline.steps[-1].diff if is_step else result.diff
        return StepFinished(
            turn_id=turn.turn_id,
            call_id=call_id,
            ok=result.ok,
            text=result.text,
            error=result.error,
            warnings=result.warnings,
            diff=diff.text,
            diff_lines=diff.lines,
            undoable=is_step,
            commands=result.commands,
            files=result.files,
            denied=result.denied,
            duration_s=duration_s,
            image_png=result.image_png,
        )


class _Stopped(asyncio.CancelledError):
    """A call was stopped, with what it did until then."""

    def __init__(self, result: ToolResult) -> None:
        super().__init__()
        self.result = result


class _Recorded:
    """A person whose choices are recorded."""

    def __init__(self, person: PersonPort, record: Record) -> None:
        self._person = person
        self._record = record

    async def ask(self, question: ApprovalAsked) -> Any:  # noqa: ANN401  # passed on
        return await self._person.ask(question)

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:
        self._record(ChoiceAsked(call_id=call_id, question=question, choices=tuple(choices)))
        text = await self._person.choose(call_id=call_id, question=question, choices=choices)
        self._record(ChoiceAnswered(call_id=call_id, text=text))
        return text


def _written(paths: Sequence[str], started: float) -> list[str]:
    """Those that are there and as new as the call; a file system may keep whole seconds only."""
    return [path for path in paths if Path(path).is_file() and Path(path).stat().st_mtime >= started - 2]


def _bug(name: str, error: Exception) -> str:
    return _cut(f"{name} failed: {type(error).__name__}: {error}")


def _cut(text: str, limit: int = _MAX_SHOWN) -> str:
    """Cut where it is too long, without secrets: half of one would not be known as one."""
    return text if len(text) <= limit else f"{mask(text)[:limit]} … ({len(text):,} characters)"


def _bounded(result: ToolResult) -> ToolResult:
    """Whatever a tool, a file or PyMOL says: within bounds, and without keys, which code can print."""
    return result.model_copy(
        update={
            "text": _cut(mask(result.text), _MAX_TEXT),
            "error": _cut(mask(result.error), _MAX_TEXT),
            "warnings": tuple(_cut(mask(text)) for text in result.warnings[:_MAX_WARNINGS]),
        }
    )


def _exact(tool: Tool[Any], args: ToolArgs) -> str:
    """Commands and code as they are; of other tools the name and the arguments."""
    if tool.editable:
        return str(getattr(args, tool.editable))
    given = args.model_dump_json(exclude_defaults=True)
    return tool.name if given == "{}" else f"{tool.name} {given}"


def _started(turn: Turn, call_id: str, name: str, title: str, arguments: str) -> StepStarted:
    return StepStarted(turn_id=turn.turn_id, call_id=call_id, tool=name, title=title, arguments=arguments)
