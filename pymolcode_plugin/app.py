"""The composition root: makes the panel's parts and ties them together; nothing else is decided here."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from . import clients, logs
from .agent.conversation import Conversation
from .agent.keeping import Keeping
from .auth import refresh
from .config import paths, settings
from .core.counting import counted
from .core.errors import ConfigError
from .core.tasks import spawn
from .core.version import version
from .gui import dock_state
from .gui.controller import Controller
from .gui.dock import AgentDock
from .gui.dock_place import DockPlace
from .gui.event_loop import run_on
from .gui.exporting import Exporting
from .gui.suggesting import Suggesting
from .gui.tour import Tour
from .scene import recovery
from .scene.gateway import Gateway
from .scene.qt_drain import QtDrain
from .session.transcript import new_folder
from .session.trust import Signer
from .tools.catalogue import TOOLS

_MAX_SCENES = 3  # of PyMOLs that died, that are kept until they are brought back or dismissed


class Application:
    """One panel in one PyMOL window; make it on PyMOL's thread, with the loop running. It has no parts before `open`.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window.
    """

    def __init__(self, cmd: Any, window: Any) -> None:  # noqa: ANN401  # both untyped
        self._cmd, self._window = cmd, window

    async def open(self) -> None:
        """Make the parts, one after the other: the window has its turn between them, or it would stand still."""
        found, stood, states_folder = await asyncio.to_thread(_read)
        self._drain = QtDrain()
        self.gateway = Gateway(
            self._drain.executor,
            self._cmd,
            self._window,
            command_limit_s=found.command_limit_s,
            states_folder=states_folder,
        )
        self.dock = AgentDock(self._window)
        await asyncio.sleep(0)
        self.controller = Controller(self.dock)
        self.conversation = Conversation(
            TOOLS,
            self.gateway,
            self.controller.asking,
            self.controller.on_event,
            sessions_folder=paths.sessions_folder(),
            keeping=Keeping(
                self.gateway,
                Signer(paths.session_key_file()),
                self.controller.on_event,
                created_by=f"pymolcode {version()}",
            ),
        )
        await asyncio.sleep(0)
        self.dock.attach(self._window, stood, text_percent=found.text_size)
        self.place = DockPlace(self.dock, self._window, stood)
        await asyncio.sleep(0)
        self.controller.start(self.conversation)
        self.suggesting = Suggesting(self.dock.empty, self.gateway)
        self.tour = Tour(self.dock, self.controller, self.gateway)
        self.exporting = Exporting(self.controller, self.dock, self.gateway)
        spawn(self._offer_recovery(), name="look for a scene to bring back")

    def close(self) -> None:
        """PyMOL quits: nothing more runs in it, the transcript is written, the model ends, no new token is lost."""
        self.place.close(open_at_start=_settings().open_at_start)
        self.controller.close()  # first: it keeps the scene as it is at the end
        self._drain.executor.close()
        self.gateway.close_history()
        if refresh.is_asking():  # the old refresh token is used up, and the new one is on its way
            limit_s = refresh.SETTLE_LIMIT_S
            run_on(refresh.settled(limit_s=limit_s, everywhere=True), limit_s=limit_s, name="settle sign-ins")
        clients.make_no_more()

    async def _offer_recovery(self) -> None:
        """Where a PyMOL died with the panel open, its newest scene can come back."""
        found = await asyncio.to_thread(recovery.recoverable, paths.scenes_folder())
        for old in found[_MAX_SCENES:]:
            await asyncio.to_thread(recovery.discard, old.folder)
        if not found:
            return
        newest = found[0]
        when = datetime.fromtimestamp(newest.when).astimezone().strftime("%d %b %H:%M")
        objects = f"{counted(newest.n_objects, 'object')}, {newest.n_atoms:,} atoms"
        text = (
            f"A PyMOL ended without being closed. Its scene of {when} can be brought back: {objects}. Undo takes that"
            " back again. Its chat is among the earlier chats (/resume)."
        )
        self.controller.offer_recovery(
            text,
            lambda: self._spawn(self._bring_back(newest.folder), "bring a scene back"),
            lambda: self._spawn(asyncio.to_thread(recovery.discard, newest.folder), "drop a scene"),
        )

    async def _bring_back(self, folder: Path) -> None:
        await self.conversation.undoing.bring_back(await self.gateway.recover(folder))
        await asyncio.to_thread(recovery.discard, folder)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        spawn(work, name=name, on_error=self.controller.tell_failure)


def _read() -> tuple[settings.Settings, dock_state.DockState, Path | None]:
    """What is on disk, and logs that go there: not on the window's thread."""
    logs.configure(paths.logs_folder())
    return _settings(), dock_state.load(), _states_folder()


def _states_folder() -> Path | None:
    """A folder of this PyMOL's own; None where there is no room for one, and nothing can be recovered then."""
    try:
        return new_folder(paths.scenes_folder())
    except OSError:
        return None


def _settings() -> settings.Settings:
    """Settings that cannot be read are said where a model is chosen; here the usual ones will do."""
    try:
        return settings.load()
    except ConfigError:
        return settings.Settings()
