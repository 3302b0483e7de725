"""Between the sessions dialog and the conversation: lists and finds chats, opens the one that is chosen."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ..agent.conversation import Conversation
from ..core.errors import PymolcodeError
from ..core.events import Event, Notice
from ..core.tasks import spawn
from ..session.index import Index, Listed
from ..session.search import Found, search
from ..session.title import rename
from .dock import AgentDock
from .session_rows import ListedSession
from .sessions_dialog import SessionsDialog
from .slash import SlashCommand, SlashCommands

_MAX_SHOWN = 500
_AT_ONCE_S = 0.012


class ChoosingSession:
    """The sessions, from the panel.

    Args:
        dock: Whose dialog it is.
        conversation: Goes on with the chat that is chosen.
        index: Lists them.
        root: Holds their folders.
        run: Runs what takes the panel, as a turn does; False where something runs already.
        clear: Empties the panel for another chat.
        show_event: Shows an event of it.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        index: Index,
        root: Path,
        *,
        run: Callable[[Coroutine[Any, Any, None], str], bool],
        clear: Callable[[], None],
        show_event: Callable[[Event], None],
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._index = index
        self._root = root
        self._run = run
        self._clear = clear
        self._show_event = show_event
        self._wanted = itertools.count(1)
        self._latest = 0
        self.dialog: SessionsDialog | None = None

    def add_commands(self, commands: SlashCommands) -> None:
        """What one can type."""
        words = "find an earlier chat and go on with it"
        commands.add(SlashCommand("resume", words, self.show, "[WORDS]", while_busy=True))
        commands.add(SlashCommand("sessions", "all chats that were kept", self.show, "[WORDS]", while_busy=True))

    def show(self, words: str = "") -> None:
        """Open the dialog, with these words searched for."""
        if self.dialog is None:
            self.dialog = SessionsDialog(self._dock)
            self.dialog.search_changed.connect(lambda _text: self.refresh())
            self.dialog.resume_requested.connect(self._on_dialog_resume_requested)
            self.dialog.rename_requested.connect(self._on_dialog_rename_requested)
            self.dialog.remove_requested.connect(self._on_dialog_remove_requested)
        self.dialog.search.setText(words)
        self.dialog.set_busy(self._dock.busy)
        self.dialog.show_result("")
        self.dialog.show_reading()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.refresh()

    def set_busy(self, busy: bool) -> None:
        """The agent works, or no longer."""
        if self.dialog is not None:
            self.dialog.set_busy(busy)

    def refresh(self) -> None:
        """List again; what an earlier search finds after this is not shown."""
        self._latest = next(self._wanted)
        spawn(self._fill(self._latest), name="list the chats", on_error=self._on_failed)

    async def resume(self, folder: str) -> None:
        """Go on with a chat: what was said is shown, then its scene is brought back."""
        reopened = await self._conversation.reopen(self._root / folder)
        self._clear()
        await self._show(reopened.events)
        for text in reopened.said:
            self._dock.transcript.add_notice(Notice(text=text))
        self._dock.usage.show_usage(self._conversation.spending.turn, self._conversation.spending.session)
        await self._conversation.bring_scene(reopened)

    async def _show(self, events: Sequence[Event]) -> None:
        """Show what was said; the window gets its turn in between."""
        show_all = getattr(self._dock.transcript, "show_events", None)  # where it lays many out by itself
        if show_all is not None:
            show_all(events)
            return
        began = time.monotonic()
        for event in events:
            self._show_event(event)
            if time.monotonic() - began > _AT_ONCE_S:
                await asyncio.sleep(0)
                began = time.monotonic()

    async def _fill(self, number: int) -> None:
        words = self.dialog.search.text() if self.dialog is not None else ""
        found = await asyncio.to_thread(self._found, words, number)
        if self.dialog is not None and number == self._latest:
            self.dialog.show_sessions(found, datetime.now().astimezone())

    def _found(self, words: str, number: int) -> list[ListedSession]:
        """Blocking."""
        sessions = self._index.sessions()
        if words.strip():
            found = search(self._root, sessions, words, lambda: number != self._latest)
        else:
            found = [Found(session) for session in sessions]
        here = self._conversation.transcript.folder.name
        return [self._shown(item.session, item.snippet, here) for item in found[:_MAX_SHOWN]]

    def _shown(self, session: Listed, snippet: str, here: str) -> ListedSession:
        elsewhere = session.folder != here and self._index.is_open(session.folder)
        return ListedSession(
            **session.model_dump(exclude={"origin"}),
            snippet=snippet,
            state="here" if session.folder == here else "elsewhere" if elsewhere else "",
        )

    async def _rename(self, folder: str, title: str) -> None:
        await asyncio.to_thread(rename, self._root / folder, title)
        self.refresh()

    async def _remove(self, folder: str) -> None:
        await asyncio.to_thread(self._index.remove, folder)
        self.refresh()

    def _on_dialog_resume_requested(self, folder: str) -> None:
        if self._run(self._resume_told(folder), "open a chat") and self.dialog is not None:
            self.dialog.close()

    async def _resume_told(self, folder: str) -> None:
        try:
            await self.resume(folder)
        except PymolcodeError as error:
            self._dock.transcript.add_notice(Notice(level="error", text=error.message))

    def _on_dialog_rename_requested(self, folder: str, title: str) -> None:
        spawn(self._rename(folder, title), name="rename a chat", on_error=self._on_failed)

    def _on_dialog_remove_requested(self, folder: str) -> None:
        spawn(self._remove(folder), name="delete a chat", on_error=self._on_failed)

    def _on_failed(self, error: BaseException) -> None:
        if self.dialog is not None:
            words = error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"
            self.dialog.show_result(words, level="error")
