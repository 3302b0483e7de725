"""The scene goes back and forth: undo, redo, and what a crash took; the person is told, and next time the model."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Literal

from ..core.errors import PymolcodeError
from ..core.events import Notice
from ..core.replaying import KeptStep
from ..core.scene import SceneDiff, SceneMark
from .chat_record import ChatRecord
from .door import Door
from .notes import Notes
from .profile import Emit
from .reopening import restored_note


class Undoing:
    """What was done, as far as it can be taken back; of older chats in this PyMOL too.

    Args:
        door: Where every step went through.
        notes: Tell the model.
        record: Keeps the scene as it is then.
        tell: Told what came of it.
    """

    def __init__(self, door: Door, notes: Notes, record: ChatRecord, tell: Emit) -> None:
        self._door = door
        self._notes = notes
        self._record = record
        self._tell = tell

    @property
    def last_step(self) -> str:
        """Call id of the last step that changed the scene and was not undone; empty where there is none."""
        return self._door.last_step

    @property
    def kept_steps(self) -> tuple[KeptStep, ...]:
        """The steps that changed the scene and were not undone, as far as their states are kept."""
        return self._door.kept_steps

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return self._door.can_redo

    async def undo(self, *, turn_id: str = "", call_id: str = "") -> None:
        """Bring back the scene from before a turn or step, the last turn by default; what cannot be is told."""
        await self._moved(self._door.undo(self._tell, turn_id=turn_id, call_id=call_id), "undo")

    async def redo(self) -> None:
        """Do again what was undone last; what cannot be is told."""
        await self._moved(self._door.redo(self._tell), "redo")

    async def bring_back(self, mark: SceneMark) -> None:
        """Restore the scene that a crash took; Undo brings back the one it replaced.

        Raises:
            SceneError: It is damaged.
        """
        diff = await self._door.bring_back(mark, "Brought back after a crash")
        self._tell(Notice(text=f"Brought back: {diff.text or 'the scene was like that already'}."))

    async def _moved(self, moving: Awaitable[SceneDiff], action: Literal["undo", "redo"]) -> None:
        try:
            diff = await moving
        except PymolcodeError as error:
            self._tell(Notice(level="warning", text=error.message))
            return
        self._notes.add(restored_note(action, diff.text))
        self._record.keep()
