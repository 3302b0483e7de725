"""Keeps the empty panel's examples true: reads the scene when it is shown, and again when the objects change."""

from __future__ import annotations

import asyncio
from typing import Any

from ..core.errors import PymolcodeError
from ..core.ports import ScenePort
from ..core.tasks import spawn
from . import suggestions
from .empty_state import EmptyState
from .qt import QtCore

_LOOK_MS = 700


class Suggesting:
    """Between the empty state and the scene; asks for the names of the objects only, while somebody looks.

    Args:
        empty: Shows the examples.
        scene: What is loaded.
        look_ms: How often the names are read.
    """

    def __init__(self, empty: EmptyState, scene: ScenePort, *, look_ms: int = _LOOK_MS) -> None:
        self._empty = empty
        self._scene = scene
        self._names: dict[str, str] | None = None
        self._looking: asyncio.Task[Any] | None = None
        self._timer = QtCore.QTimer(empty)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self._look)
        empty.appeared.connect(self._on_empty_appeared)
        empty.disappeared.connect(self._timer.stop)
        if empty.isVisible():
            self._on_empty_appeared()

    def _on_empty_appeared(self) -> None:
        self._names = None
        self._look()
        self._timer.start()

    def _look(self) -> None:
        if self._looking is None:
            self._looking = spawn(self._read(), name="look what is loaded", on_error=self._on_read_failed)
            self._looking.add_done_callback(self._on_looked)

    async def _read(self) -> None:
        names = await self._scene.names()
        if names == self._names:
            return
        found = await asyncio.to_thread(suggestions.suggest, await self._scene.snapshot())
        self._names = names
        self._empty.show_examples(found.loaded, found.examples)

    def _on_looked(self, _task: asyncio.Task[Any]) -> None:
        self._looking = None

    def _on_read_failed(self, error: BaseException) -> None:
        if not isinstance(error, PymolcodeError):  # those mean that PyMOL is quitting, or cannot answer now
            self._timer.stop()
            raise error
