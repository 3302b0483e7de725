"""A chat on disk: its events as they happen, and after each turn what the model remembers and the scene."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from .. import logs
from ..core.errors import SessionError
from ..core.events import Event, Notice
from ..session.transcript import Transcript, new_folder
from .keeping import Keeping, Moment
from .reopening import Reopened

_log = logs.get("agent")
_LOST = (
    "The files of this chat are gone: they were deleted or moved while it was open. What was said before this is no "
    "longer in its folder; what follows is written there."
)


class Remembering(Protocol):
    """What is asked for what the model remembers; `brain.Brain` is one."""

    @property
    def title(self) -> str:
        """The model's name for people."""
        ...

    def remembered(self) -> Callable[[], bytes] | None:
        """See `Moment.memory`."""
        ...


class ChatRecord:
    """The record of the chat that is open; another one can be begun at any time.

    Args:
        sessions_folder: Where each transcript's own folder is made.
        keeping: Keeps the chat with its scene; None where there is the transcript alone.
        brain: Remembers.
        tell: Told once where the disk is full, which is not recorded, and where the chat's files are gone.
    """

    def __init__(
        self, sessions_folder: Path, keeping: Keeping | None, brain: Remembering, tell: Callable[[Event], None]
    ) -> None:
        self._sessions_folder = sessions_folder
        self._brain = brain
        self._tell = tell
        self._told_of_full_disk = False
        self.keeping = keeping
        self.transcript = Transcript(new_folder(sessions_folder))

    def append(self, event: Event) -> None:
        """Write it down; a disk that is full ends no chat."""
        try:
            self._tell_of_loss()
            self.transcript.append(event)
        except OSError as error:
            if not self._told_of_full_disk:
                self._told_of_full_disk = True
                self._tell(
                    Notice(level="warning", text=f"The transcript cannot be written: {error.strerror or error}.")
                )

    def flush(self) -> None:
        """Write what waits."""
        try:
            self.transcript.flush()
        except OSError as error:
            _log.warning("transcript.lost", kind=type(error).__name__)

    def keep(self) -> None:
        """Keep what the model remembers and the scene, soon."""
        if self.keeping is not None:
            with contextlib.suppress(OSError):  # said by keeping
                self._tell_of_loss()
            self.keeping.keep(self._moment())

    async def idle(self) -> None:
        """Wait until nothing is left to keep."""
        if self.keeping is not None:
            await self.keeping.idle()

    async def on_disk(self) -> Path:
        """All of the chat is on disk, its scene as it is now included; the folder where."""
        self.flush()
        self.keep()
        await self.idle()
        return self.transcript.folder

    def begin(self, transcript: Transcript | None = None) -> None:
        """Leave this chat, and go on with another one, or with an empty one."""
        self.flush()
        if self.keeping is not None:
            self.keeping.keep(self._moment(ends=True))
        else:
            self.transcript.close()
        self.transcript = transcript or Transcript(new_folder(self._sessions_folder))

    async def reopened(self, folder: Path) -> Reopened:
        """A chat that was kept, for `begin`.

        Raises:
            SessionError: It cannot be opened.
        """
        if self.keeping is None:
            raise SessionError("Chats are not kept here.")
        if folder == self.transcript.folder:
            raise SessionError("This is the chat that is open.")
        await self.keeping.idle()  # what is still written may be the one that is wanted
        return await asyncio.to_thread(Reopened.of, folder, self._sessions_folder, self.keeping.signer)

    def close(self) -> None:
        """Write everything before this returns: PyMOL quits, and there may be no loop any more."""
        self.flush()
        if self.keeping is not None:
            self.keeping.keep_now(self._moment())

    def _tell_of_loss(self) -> None:
        if self.transcript.take_lost():
            notice = Notice(level="warning", text=_LOST)
            self._tell(notice)
            self.transcript.append(notice)  # else whoever opens it again wonders where its beginning is

    def _moment(self, *, ends: bool = False) -> Moment:
        return Moment(self.transcript, self._brain.remembered(), self._brain.title, ends)
