"""Between the settings dialog and config.yaml: reads what holds and why, writes what is changed, and lets it hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from enum import Enum

from .. import whole_files
from ..agent.conversation import Conversation
from ..config import paths, settings, writing
from ..core.errors import ConfigError
from ..core.tasks import spawn
from ..llm.choice import explained
from .dock import AgentDock
from .session_options import SessionOptions
from .settings_dialog import SettingsDialog
from .settings_rows import SECTIONS
from .web import open_file


class SettingUp:
    """The settings, from the panel.

    Args:
        dock: Whose dialog it is.
        conversation: Follows what is changed.
        options: Shows the mode.
        changed: Called when something was written.
        links: Opens other dialogs, by their name in `settings_rows`.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        options: SessionOptions,
        *,
        changed: Callable[[], None],
        links: Mapping[str, Callable[[], None]],
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._options = options
        self._changed = changed
        self._links = links
        self._writing = asyncio.Lock()
        self.dialog: SettingsDialog | None = None

    def show(self, section: str = "") -> None:
        """Open the dialog, at the section whose title begins so."""
        if self.dialog is None:
            self.dialog = SettingsDialog(paths.user_folder() / "config.yaml", self._dock)
            self.dialog.changed.connect(self._on_dialog_changed)
            self.dialog.link_chosen.connect(lambda name: self._links[name]())
            self.dialog.file_requested.connect(self._on_dialog_file_requested)
        titles = [item.title.lower() for item in SECTIONS]
        found = [number for number, title in enumerate(titles) if section and title.startswith(section.lower())]
        if found:
            self.dialog.sections.setCurrentRow(found[0])
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.show_status("")
        spawn(self._read(), name="read the settings")

    async def _read(self) -> None:
        try:
            self._show(await asyncio.to_thread(settings.load))
        except ConfigError as error:
            self._show_problem(error, readable=False)

    def _show(self, found: settings.Settings) -> None:
        if self.dialog is None:
            return
        self.dialog.set_readable(True)
        names = [row.name for section in SECTIONS for row in section.rows]
        choice = self._conversation.brain.choice
        self.dialog.show_values(
            {name: self._value(found, name) for name in names}, "\n".join(explained(choice)) if choice else ""
        )

    def _value(self, found: settings.Settings, name: str) -> tuple[object, str, bool, bool]:
        source = found.sources.get(name, "")
        is_overruled = found.of_environment(name)
        if is_overruled:
            words = f"Set by {source}, which goes before config.yaml; change it where that is set."
        elif source == "config.json":
            words = "From config.json, of an older version; what is set here goes before it."
        else:
            words = "From config.yaml." if source else ""
        session = self._session_value(name)
        holds = _plain(getattr(found, name))
        if session is not None and session != holds:
            words = f"{words} In this session it was switched to: {_words(session)}.".strip()
        return holds, words, is_overruled, source == "config.yaml"

    def _session_value(self, name: str) -> object:
        """What this session has it switched to; None where it follows the settings."""
        outgoing = self._conversation.outgoing
        if name == "model":
            return self._conversation.brain.session_model or None
        values = {"mode": self._options.mode, "this_machine_only": outgoing.this_machine_only}
        if name == "withhold":
            return _plain(outgoing.withheld)
        return _plain(values.get(name))

    def _on_dialog_changed(self, name: str, value: object) -> None:
        spawn(self._write(name, value), name="write a setting")

    async def _write(self, name: str, value: object) -> None:
        """One after the other, so that the last word on a setting is the one that stays."""
        async with self._writing:
            try:
                found = await asyncio.to_thread(writing.change, {name: value})
            except ConfigError as error:
                if self.dialog is not None:
                    self.dialog.fields[name].show_problem(error.message)
                return
            self._follow(name, found)
            self._show(found)
            if self.dialog is not None:
                done = "taken out of" if value is None else "written into"
                self.dialog.show_status(f"{self.dialog.fields[name].row.label}: {done} config.yaml, and holds now.")
            self._changed()

    def _follow(self, name: str, found: settings.Settings) -> None:
        """What was switched for this session gives way to what was just set for all."""
        if name == "mode":
            self._options.set_mode(found.mode)
        elif name == "this_machine_only":
            self._conversation.outgoing.this_machine_only = found.this_machine_only
        elif name == "withhold":
            self._conversation.outgoing.withheld = found.withhold
        elif name == "text_size":
            self._dock.set_text_size(found.text_size)

    def _show_problem(self, error: ConfigError, *, readable: bool) -> None:
        if self.dialog is not None:
            self.dialog.set_readable(readable)
            self.dialog.show_status(error.message, is_problem=True)

    def _on_dialog_file_requested(self) -> None:
        spawn(self._open_file(), name="open config.yaml")

    async def _open_file(self) -> None:
        path = paths.user_folder() / "config.yaml"
        if not path.exists():
            await asyncio.to_thread(whole_files.write, path, writing.HEAD.encode(), private=True)
        if not open_file(path) and self.dialog is not None:
            self.dialog.show_status(f"Nothing opens such files here. It is {path}.", is_problem=True)


def _plain(value: object) -> object:
    """As YAML has it, so that a field and a file can be compared."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (frozenset, set)):
        return sorted(str(_plain(item)) for item in value)
    return list(value) if isinstance(value, tuple) else value


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value)
