"""The one asyncio loop, on the Qt loop that PyMOL already runs; made when the panel first opens."""

from __future__ import annotations

import asyncio
import functools

from .qt import QtWidgets


@functools.cache
def ensure_loop() -> asyncio.AbstractEventLoop:
    """The loop; on PyMOL's GUI thread only.

    Coroutines must never run a nested Qt loop (`exec_()`, `processEvents`): it loses other tasks for good.
    """
    import qasync  # noqa: PLC0415  # after pymol.Qt, whose binding it then takes; and not at PyMOL's start

    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QtWidgets.QApplication.instance(), already_running=True)
    asyncio.set_event_loop(loop)
    return loop
