"""What was done to the scene and how it was: refuses stale plans, takes steps back, says what else would be lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Literal

from ..core.errors import Denied, SceneChanged
from ..core.events import ApprovalAnswered, ApprovalAsked, Event, SceneRestored
from ..core.ports import HistoryPort, PersonPort
from ..core.scene import SceneDiff, SceneMark
from .timeline import Step, Timeline

Record = Callable[[Event], None]


class Past:
    """The steps of a conversation and the scene the model saw last; the door calls it, one at a time.

    Args:
        history: Keeps the states.
        person: Asked before something made by hand is lost.
    """

    def __init__(self, history: HistoryPort, person: PersonPort) -> None:
        self._history = history
        self._person = person
        self._seen: SceneMark | None = None
        self.timeline = Timeline()

    async def saw_it(self) -> SceneMark:
        """The model is shown the scene as it is now."""
        before, self._seen = self._seen, await self._history.keep()
        await self._let_go(before)
        return self._seen

    async def look_again(self) -> SceneDiff:
        """The model is about to be told how the scene is; returns what others changed since it saw it last."""
        before, self._seen = self._seen, await self._history.keep()
        diff = await self._history.compare(before.number, self._seen.number) if before else SceneDiff()
        await self._let_go(before)
        return diff

    async def refuse_stale(self, expect: str = "") -> SceneMark:
        """The scene as it is now, before a call changes it.

        Args:
            expect: Hash of the scene the call was planned on; by default the one the model saw last.

        Raises:
            SceneChanged: It is another one; the message says what changed meanwhile.
        """
        now, seen = await self._history.keep(), self._seen
        wanted = expect or (seen.hash if seen else now.hash)
        if wanted == now.hash:
            return now
        known = seen is not None and seen.hash == wanted
        changed = (await self._history.compare(seen.number, now.number)).text if known and seen else ""
        self._seen = now
        await self._let_go(seen)
        raise SceneChanged(
            f"Nothing was done: the scene changed since you looked at it ({changed or 'its hash is another'}).",
            hint=f"Its hash is now {now.hash}. Look at what changed and plan again.",
        )

    async def keep_step(self, turn_id: str, call_id: str, title: str, before: SceneMark) -> tuple[SceneDiff, SceneMark]:
        """A call ran: what it changed, and the scene after it; a step where it changed anything."""
        after = await self._history.keep()
        diff = await self._history.compare(before.number, after.number)
        seen, self._seen = self._seen, after
        if diff:
            gone = self.timeline.record(Step(turn_id, call_id, title, before, after, diff))
            await self._history.forget([number for number in gone if number != after.number])
        else:
            await self._let_go(before)
        await self._let_go(seen)
        return diff, after

    async def undo(self, record: Record, steps: list[Step]) -> SceneDiff:
        """Bring back the scene from before the first of `steps`, which are the last ones.

        Raises:
            Denied: Something made by hand would be lost, and the person wants to keep it.
        """
        between = [(one.after, other.before) for one, other in itertools.pairwise(steps)]
        await self._confirm(record, between, steps[-1].after)
        diff = await self._restore(steps[0].before, steps)
        self.timeline.undo(steps)
        return await self._told(record, "undo", steps, diff)

    async def redo(self, record: Record, steps: list[Step]) -> SceneDiff:
        """Bring back the scene from after the last of `steps`, which were undone last; raises as `undo`."""
        await self._confirm(record, [], steps[0].before)
        diff = await self._restore(steps[-1].after, steps)
        self.timeline.redo(steps)
        return await self._told(record, "redo", steps, diff)

    async def bring_back(self, mark: SceneMark, title: str) -> SceneDiff:
        """Restore a state from elsewhere as a step of its own, which can be undone."""
        before = await self._history.keep()
        diff = await self._history.restore(mark.number)
        after = await self._history.keep()
        self._seen = after
        gone = self.timeline.record(Step("", f"recovered{mark.number}", title, before, after, diff))
        await self._history.forget([number for number in (*gone, mark.number) if number != after.number])
        return diff

    async def _restore(self, mark: SceneMark, steps: Sequence[Step]) -> SceneDiff:
        keep_view = not any(step.diff.view_moved for step in steps)
        return await self._history.restore(mark.number, keep_view=keep_view)

    async def _told(
        self, record: Record, action: Literal["undo", "redo"], steps: Sequence[Step], diff: SceneDiff
    ) -> SceneDiff:
        await self.saw_it()
        record(SceneRestored(action=action, call_ids=tuple(step.call_id for step in steps), diff=diff.text))
        return diff

    async def _confirm(self, record: Record, between: list[tuple[SceneMark, SceneMark]], last: SceneMark) -> None:
        """Where the scene is not as the steps left it, somebody changed it by hand: say what would go, and ask."""
        now = await self._history.keep()
        lines: list[str] = []
        for left, right in [*between, (last, now)]:
            diff = await self._history.compare(left.number, right.number)
            lines += () if diff.only_view else diff.lines
        await self._let_go(now)
        if not lines:
            return
        asked = ApprovalAsked(
            call_id=f"undo{now.number}",
            question="This also takes back what was changed by hand since then. Go on?",
            command="",
            effects=tuple(f"would be lost: {line}" for line in dict.fromkeys(lines)),
        )
        record(asked)
        answer = await self._person.ask(asked)
        record(ApprovalAnswered(call_id=asked.call_id, allowed=answer.allowed))
        if not answer.allowed:
            raise Denied("Nothing was undone: what you changed by hand stays.")

    async def _let_go(self, mark: SceneMark | None) -> None:
        """Forget a state that no step leads to."""
        if mark is not None and mark is not self._seen and mark.number not in self.timeline.marks():
            await self._history.forget([mark.number])


class ForTool:
    """Implements `core.ports.UndoPort` for the tool of that name, whose call is inside the door already."""

    def __init__(self, past: Past, record: Record) -> None:
        self._past = past
        self._record = record

    async def undo_steps(self, n_steps: int) -> str:
        """See UndoPort."""
        return (await self._past.undo(self._record, self._past.timeline.last(n_steps))).text

    async def redo_steps(self, n_steps: int) -> str:
        """See UndoPort."""
        return (await self._past.redo(self._record, self._past.timeline.to_redo(n_steps))).text
