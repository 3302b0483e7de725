"""The composition root: makes the panel's parts and ties them together; nothing else is decided here."""

from __future__ import annotations

from typing import Any

from . import logs
from .agent.conversation import Conversation
from .config import paths, settings
from .core.errors import ConfigError
from .gui.controller import Controller
from .gui.dock import AgentDock
from .scene.gateway import Gateway
from .scene.qt_drain import QtDrain
from .tools.catalogue import TOOLS


class Application:
    """One panel in one PyMOL window; make it on PyMOL's thread, with the loop running.

    Args:
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window.
    """

    def __init__(self, cmd: Any, window: Any) -> None:  # noqa: ANN401  # both untyped
        logs.configure(paths.logs_folder())
        self._drain = QtDrain()
        self.gateway = Gateway(self._drain.executor, cmd, window, command_limit_s=_command_limit_s())
        self.dock = AgentDock(window)
        self.controller = Controller(self.dock)
        self.conversation = Conversation(
            TOOLS, self.gateway, self.controller, self.controller.on_event, sessions_folder=paths.sessions_folder()
        )
        self.dock.attach(window)
        self.controller.start(self.conversation)

    def close(self) -> None:
        """PyMOL quits: nothing more runs in it, the transcript is written, the model ends."""
        self._drain.executor.close()
        self.controller.close()


def _command_limit_s() -> float:
    """Settings that cannot be read are said where a model is chosen; here the usual limit will do."""
    try:
        return settings.load().command_limit_s
    except ConfigError:
        return settings.Settings().command_limit_s
