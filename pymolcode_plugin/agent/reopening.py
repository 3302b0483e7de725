"""A chat that was kept comes back: what was said, what the model remembered, and the scene."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..core.errors import PymolcodeError, SessionError
from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    Event,
    Notice,
    SceneRestored,
    StepStarted,
    TurnFinished,
    TurnStarted,
    Usage,
)
from ..core.ports import PersonPort
from ..core.scene import SceneFile
from ..session.opening import Opened, opened
from ..session.settled import CUT_TURN
from ..session.transcript import Transcript
from ..session.trust import Signer
from .door import Door
from .keeping import Keeping
from .profile import Emit

_ids = itertools.count(1)
_TURN = re.compile(r"turn(\d{1,9})")
_TITLE = "Opened a chat with its scene"
_EFFECTS = (
    "a scene file can hold programs; this one is read without running any, and what could run is left out",
    "a file made to do harm can still crash PyMOL, so allow it only where you know where it comes from",
    "replaces the scene that is there now; Undo brings that back",
)
_NOT_KEPT = "This chat was kept without its scene; what is loaded now stays."
WITHOUT_SCENE = "This chat was opened again without its scene: look at the scene before you go by what was said."
_CUT_NOTE = "PyMOL ended in the middle of your last turn, which you do not remember. It was asked: {asked}"
_MAX_ASKED = 300
_AS_IT_WAS = "The scene is as this chat left it."


@dataclass(frozen=True)
class Reopened:
    """A chat that is ours to go on with.

    Attributes:
        memory: What the model remembered; None where nothing of use was kept.
        said: What its user should know.
        notes: What the model is told with the next message.
        spent: By the whole chat.
    """

    opened: Opened
    memory: bytes | None
    said: tuple[str, ...]
    notes: tuple[str, ...]
    n_turns: int
    call_ids: frozenset[str]
    spent: Usage

    @classmethod
    def of(cls, folder: Path, root: Path, signer: Signer) -> Reopened:
        """Open it; blocking.

        Raises:
            SessionError: It cannot be opened.
        """
        found = opened(folder, root, signer)
        memory, said = None, list(found.said)
        if found.saved is not None and found.saved.trusted:
            try:
                memory = found.saved.read("memory")
            except SessionError as error:
                said.append(error.message)
        turns = [event for event in found.events if isinstance(event, TurnStarted)]
        if memory is None and turns:
            said.append("The model does not know what was said before; what it needs has to be said again.")
        numbers = [int(match[1]) for event in turns if (match := _TURN.fullmatch(event.turn_id))]
        ends = [event.session for event in found.events if isinstance(event, TurnFinished)]
        return cls(
            opened=found,
            memory=memory,
            said=tuple(said),
            notes=_notes(found.events),
            n_turns=max(numbers, default=0),
            call_ids=frozenset(event.call_id for event in found.events if isinstance(event, StepStarted)),
            spent=max(ends, key=lambda usage: usage.n_requests, default=Usage()),
        )

    @property
    def transcript(self) -> Transcript:
        """Of the chat."""
        return self.opened.transcript

    @property
    def events(self) -> tuple[Event, ...]:
        """What was said."""
        return self.opened.events

    @property
    def origin(self) -> str:
        """Where it was kept."""
        return str(self.opened.origin)

    @property
    def trusted(self) -> bool:
        """Whether this installation wrote the scene."""
        return self.opened.saved is not None and self.opened.saved.trusted

    def scene(self) -> SceneFile | None:
        """The scene that was kept; None where none was. Blocking.

        Raises:
            SessionError: It is gone, cut, or was changed.
        """
        saved = self.opened.saved
        if saved is None:
            return SceneFile(pse=self.opened.scene) if self.opened.scene is not None else None
        pse = saved.read("scene")
        if pse is None:
            return None
        return SceneFile(pse=pse, settings=saved.read("settings") or b"", mark=saved.manifest.scene.mark)


class BringingScene:
    """Brings back the scene of a chat; asks first where this installation did not write it.

    Args:
        door: Restores it as a step that can be undone.
        person: Asked.
        tell: Told what came of it.
        keeping: Has the scene as files.
    """

    def __init__(self, door: Door, person: PersonPort, tell: Emit, keeping: Keeping) -> None:
        self._door = door
        self._person = person
        self._tell = tell
        self._keeping = keeping

    async def bring(self, reopened: Reopened) -> bool:
        """Bring it back, or say why not; whether it is there."""
        try:
            file = await asyncio.to_thread(reopened.scene)
            if file is None:
                self._tell(Notice(text=_NOT_KEPT))
            elif reopened.trusted or await self._allowed(reopened):
                await self._restore(reopened, file)
                return True
        except PymolcodeError as error:
            self._tell(Notice(level="warning", text=f"The scene stays as it is now. {error.message}"))
        return False

    async def _restore(self, reopened: Reopened, file: SceneFile) -> None:
        if file.mark and await self._keeping.scene.shows(file.mark):
            self._tell(Notice(text=_AS_IT_WAS))
        else:
            mark = await self._keeping.scene.read_scene_file(file, trusted=reopened.trusted)
            diff = await self._door.bring_back(mark, _TITLE)
            self._tell(Notice(text=f"The scene of this chat is back: {diff.text or 'it was like that already'}."))
        if reopened.trusted:
            self._keeping.knows(reopened.transcript, file.mark)

    async def _allowed(self, reopened: Reopened) -> bool:
        asked = ApprovalAsked(
            call_id=f"scene{next(_ids)}",
            question="Open a scene that was not kept by this installation of pymolcode?",
            command=f"the scene of {reopened.origin}",
            effects=_EFFECTS,
        )
        self._tell(asked)
        answer = await self._person.ask(asked)
        self._tell(ApprovalAnswered(call_id=asked.call_id, allowed=answer.allowed, reason=answer.reason))
        if not answer.allowed:
            self._tell(Notice(text="The chat is open without its scene."))
        return answer.allowed


def _notes(events: Sequence[Event]) -> tuple[str, ...]:
    """What the user undid or did again since the last turn."""
    notes: list[str] = []
    asked = ""
    for event in events:
        if isinstance(event, TurnStarted):
            notes.clear()
            asked = event.text
        elif isinstance(event, TurnFinished) and event.message == CUT_TURN:
            notes.append(_CUT_NOTE.format(asked=asked[:_MAX_ASKED]))
        elif isinstance(event, SceneRestored):
            notes.append(restored_note(event.action, event.diff))
    return tuple(notes)


def restored_note(action: Literal["undo", "redo"], diff: str) -> str:
    """What the model is told of an undo or redo, with the next message."""
    did = "undid" if action == "undo" else "did again"
    return f"The user {did} your last change: {diff or 'the scene was as before already'}."
