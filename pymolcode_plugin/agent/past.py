"""What was done to the scene and how it was: refuses stale plans, takes steps back, says what else would be lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Literal

from ..core.errors import Denied, SceneChanged, SceneError
from ..core.events import ApprovalAnswered, ApprovalAsked, Event, SceneRestored
from ..core.ports import HistoryPort, PersonPort
from ..core.scene import SceneDiff, SceneMark
from ..core.tasks import to_its_end
from .timeline import Step, Timeline

Record = Callable[[Event], None]
_NOT_KNOWN = SceneDiff(lines=("the scene changed; how it was before is no longer kept",))


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
        diff = await self._changed(before, self._seen) if before else SceneDiff()
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
        changed = (await self._changed(seen, now)).text if seen is not None and seen.hash == wanted else ""
        self._seen = now
        await self._let_go(seen)
        raise SceneChanged(
            f"Nothing was done: the scene changed since you looked at it ({changed or 'its hash is another'}).",
            hint=f"Its hash is now {now.hash}. Look at what changed and plan again.",
        )

    async def keep_step(self, turn_id: str, call_id: str, title: str, before: SceneMark) -> tuple[SceneDiff, SceneMark]:
        """A call ran: what it changed, and the scene after it; a step where it changed anything."""
        after = await self._history.keep()
        diff = await self._changed(before, after)
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
        return await to_its_end(self._move(record, "undo", steps), name="undo")

    async def redo(self, record: Record, steps: list[Step]) -> SceneDiff:
        """Bring back the scene from after the last of `steps`, which were undone last; raises as `undo`."""
        await self._confirm(record, [], steps[0].before)
        return await to_its_end(self._move(record, "redo", steps), name="redo")

    async def bring_back(self, mark: SceneMark, title: str) -> SceneDiff:
        """Restore a state from elsewhere as a step of its own, which can be undone."""
        before = await self._history.keep()
        diff = await self._history.restore(mark.number)
        after = await self._history.keep()
        seen, self._seen = self._seen, after
        gone = self.timeline.record(Step("", f"recovered{mark.number}", title, before, after, diff))
        await self._history.forget([number for number in (*gone, mark.number) if number != after.number])
        await self._let_go(seen)
        return diff

    async def _move(self, record: Record, action: Literal["undo", "redo"], steps: list[Step]) -> SceneDiff:
        """Restored and recorded, or neither."""
        mark = steps[0].before if action == "undo" else steps[-1].after
        keep_view = not any(step.diff.view_moved for step in steps)
        diff = await self._history.restore(mark.number, keep_view=keep_view)
        if action == "undo":
            self.timeline.undo(steps)
        else:
            self.timeline.redo(steps)
        await self.saw_it()
        call_ids = tuple(step.call_id for step in steps)
        record(SceneRestored(action=action, call_ids=call_ids, diff=diff.text, diff_lines=diff.lines))
        return diff

    async def _changed(self, before: SceneMark, after: SceneMark) -> SceneDiff:
        """What differs; a state that the disk had no room for must not make a call fail that ran."""
        try:
            return await self._history.compare(before.number, after.number)
        except SceneError:
            return SceneDiff() if before.hash == after.hash else _NOT_KNOWN

    async def _confirm(self, record: Record, between: list[tuple[SceneMark, SceneMark]], last: SceneMark) -> None:
        """Where the scene is not as the steps left it, somebody changed it by hand: say what would go, and ask.

        Ask again where it changed while the question stood.
        """
        now = await self._history.keep()
        while True:
            try:
                await self._ask(record, [*between, (last, now)], now)
            except Denied:
                await self._let_go(now)
                raise
            asked_about, now = now, await self._history.keep()
            await self._let_go(asked_about)
            if now.hash == asked_about.hash:
                await self._let_go(now)
                return

    async def _ask(self, record: Record, places: list[tuple[SceneMark, SceneMark]], now: SceneMark) -> None:
        lines: list[str] = []
        for left, right in places:
            diff = await self._changed(left, right)
            lines += () if diff.only_view else diff.lines
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
