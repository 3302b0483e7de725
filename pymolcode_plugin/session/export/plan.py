"""A chat as the blocks of a script: where it begins, what each request ran, what was changed by hand in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...core.replaying import Captured, KeptStep, ReplayPort, ScriptLine
from ...core.scene import SceneMark
from .story import Done, Request, Text

BlockKind = Literal["begin", "request", "text", "step", "by_hand", "earlier"]


@dataclass(frozen=True)
class Block:
    """A piece of a script.

    Attributes:
        words: For the reader: the request, the answer, the title of the step, the changes.
        lines: What runs.
    """

    kind: BlockKind
    words: str
    lines: tuple[ScriptLine, ...] = ()


@dataclass
class Plan:
    """A whole script.

    Attributes:
        by_hand: Changes made by hand that it makes as well, one a line.
        not_said: Those of them for which it loads the whole scene.
        files: Full paths of what lies beside it.
    """

    blocks: list[Block] = field(default_factory=list)
    by_hand: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where the files are written."""

    folder: Path
    stem: str
    cache: Path  # of downloads, which are copied beside the script


async def plan(
    requests: Sequence[Request], kept: Sequence[KeptStep], now: SceneMark, port: ReplayPort, place: Place
) -> Plan:
    """Capture what no step says, and put everything in its order.

    Args:
        requests: Of the chat.
        kept: Its steps that changed the scene, those whose states are still there, in order.
        now: The scene at the end.
        port: To PyMOL.
        place: Where the script will be.

    Raises:
        SceneError: A state is gone, or a file cannot be written.
    """
    return await _Planner(requests, kept, now, port, place).plan()


class _Planner:
    def __init__(
        self, requests: Sequence[Request], kept: Sequence[KeptStep], now: SceneMark, port: ReplayPort, place: Place
    ) -> None:
        self._requests = requests
        self._now = now
        self._port = port
        self._place = place
        self._turns = {
            item.call_id: number
            for number, request in enumerate(requests)
            for item in request.items
            if isinstance(item, Done)
        }
        self._kept = [step for step in kept if step.call_id in self._turns]
        self._n_files = 0
        self._plan = Plan()

    async def plan(self) -> Plan:
        gaps = await self._gaps()
        first = self._kept[0].call_id if self._kept else ""
        lost = self._lost(first)
        begin = self._kept[0].before if self._kept else self._now
        if not lost:
            await self._begin(begin)
        for number, request in enumerate(self._requests):
            self._add_by_hand(gaps.get(number))
            self._plan.blocks.append(Block("request", request.text))
            for item in request.items:
                if isinstance(item, Text):
                    self._plan.blocks.append(Block("text", item.text.strip()))
                    continue
                self._add_by_hand(gaps.get(item.call_id))
                is_lost = item.call_id in lost
                await self._step(item, is_lost=is_lost)
                if is_lost and item.call_id == lost[-1]:
                    await self._begin(begin)
        self._add_by_hand(gaps.get(len(self._requests)))
        return self._plan

    def _lost(self, first: str) -> list[str]:
        """Steps up to the last one whose scene is no longer kept: before the first that is, a file has it all."""
        before: list[Done] = []
        for item in (item for request in self._requests for item in request.items if isinstance(item, Done)):
            if item.call_id == first:
                break
            before.append(item)
        last = max((number for number, item in enumerate(before) if item.changed), default=-1)
        return [item.call_id for item in before[: last + 1]]

    async def _gaps(self) -> dict[str | int, Captured]:
        """Changes by hand, by the step or the request that they come before.

        A person works in the scene while the agent waits: what changed between two steps of different requests is
        put before the first request after the earlier step.
        """
        found: dict[str | int, Captured] = {}
        for number, step in enumerate(self._kept):
            later = self._kept[number + 1] if number + 1 < len(self._kept) else None
            left, right = step.after, later.before if later else self._now
            captured = await self._port.between(left.number, right.number, path=self._file("by-hand"))
            self._n_files += bool(captured.files)
            if not captured.words:
                continue
            turn = self._turns[step.call_id]
            if later is not None and self._turns[later.call_id] == turn:
                found[later.call_id] = captured
            else:
                found[turn + 1] = captured
        return found

    async def _begin(self, mark: SceneMark) -> None:
        path = self._place.folder / f"{self._place.stem}-start.pse"
        captured = await self._port.begin(mark.number, path=path)
        self._keep(captured)
        if captured.files:
            words = f"The scene as it was, from {path.name}."
        else:
            words = "As it was set up." if captured.lines else "A PyMOL that was just started."
        self._plan.blocks.append(Block("begin", words, captured.lines))

    async def _step(self, item: Done, *, is_lost: bool) -> None:
        if not item.commands:
            return
        captured = await self._port.lines(item.commands, copies_to=self._place.folder, copies_from=self._place.cache)
        self._keep(captured)
        self._plan.blocks.append(Block("earlier" if is_lost else "step", item.title, captured.lines))

    def _add_by_hand(self, captured: Captured | None) -> None:
        if captured is None:
            return
        self._keep(captured)
        self._plan.by_hand += captured.words
        self._plan.not_said += captured.not_said
        self._plan.blocks.append(Block("by_hand", "\n".join(captured.words), captured.lines))

    def _keep(self, captured: Captured) -> None:
        self._plan.files = tuple(dict.fromkeys((*self._plan.files, *captured.files)))

    def _file(self, what: str) -> Path:
        return self._place.folder / f"{self._place.stem}-{what}-{self._n_files + 1}.pse"
