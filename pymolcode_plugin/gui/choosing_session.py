"""Between the sessions dialog and the conversation: lists and finds chats, opens the one that is chosen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from ..agent.conversation import Conversation
from ..core.errors import PymolcodeError
from ..core.events import Notice
from ..core.tasks import spawn
from ..session import one_file
from ..session.index import Index, Listed
from ..session.search import Found, search
from ..session.title import rename
from .dock import AgentDock
from .session_rows import ListedSession
from .sessions_dialog import SessionsDialog
from .slash import SlashCommand, SlashCommands

_MAX_SHOWN = 5_000


class ChoosingSession:
    """The sessions, from the panel.

    Args:
        dock: Whose dialog it is.
        conversation: Goes on with the chat that is chosen.
        index: Lists them.
        root: Holds their folders.
        run: Runs what takes the panel, as a turn does; nothing where something runs already.
        clear: Empties the panel for another chat.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        index: Index,
        root: Path,
        *,
        run: Callable[[Coroutine[Any, Any, None], str], asyncio.Task[Any] | None],
        clear: Callable[[], None],
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._index = index
        self._root = root
        self._run = run
        self._clear = clear
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
            self.dialog.resume_requested.connect(self.open)
            self.dialog.rename_requested.connect(self._on_dialog_rename_requested)
            self.dialog.remove_requested.connect(self._on_dialog_remove_requested)
            self.dialog.save_requested.connect(self._on_dialog_save_requested)
            self.dialog.open_requested.connect(self._on_dialog_open_requested)
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

    def open(self, folder: str) -> None:
        """Go on with a chat, by its folder's name; what stands in the way is said."""
        if self._run(self._resume_told(folder), "open a chat") is not None and self.dialog is not None:
            self.dialog.close()

    async def resume(self, folder: str) -> None:
        """Go on with a chat: what was said is shown, then its scene is brought back."""
        reopened = await self._conversation.reopen(self._root / folder)
        self._clear()
        self._dock.transcript.show_events(reopened.events)
        await asyncio.sleep(0)  # what is below its end is laid out in a turn of the window's own
        for text in reopened.said:
            self._dock.transcript.add_notice(Notice(text=text))
        self._dock.usage.show_usage(self._conversation.spending.turn, self._conversation.spending.session)
        await self._conversation.bring_scene(reopened)

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

    async def _save(self, folder: str, path: str) -> None:
        if folder == self._conversation.transcript.folder.name:
            await self._conversation.record.on_disk()
        await asyncio.to_thread(one_file.write, self._root / folder, Path(path))
        if self.dialog is not None:
            self.dialog.show_result(f"Saved as {Path(path).name}.")

    async def _open(self, path: str) -> None:
        try:
            folder = await asyncio.to_thread(one_file.read, Path(path), self._root)
        except PymolcodeError as error:
            self._dock.transcript.add_notice(Notice(level="error", text=error.message))
        else:
            await self._resume_told(folder.name)

    def _on_dialog_save_requested(self, folder: str, path: str) -> None:
        spawn(self._save(folder, path), name="save a chat as a file", on_error=self._on_failed)

    def _on_dialog_open_requested(self, path: str) -> None:
        if self._run(self._open(path), "open a chat") is not None and self.dialog is not None:
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
