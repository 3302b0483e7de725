"""The one asyncio loop, on the Qt loop that PyMOL already runs; made when the panel first opens."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Coroutine
from typing import Any

from ..core.tasks import spawn
from .qt import QtCore, QtWidgets


@functools.cache
def ensure_loop() -> asyncio.AbstractEventLoop:
    """The loop; on PyMOL's GUI thread only.

    Coroutines must never run a nested Qt loop (`exec_()`, `processEvents`): it loses other tasks for good.
    """
    import qasync  # noqa: PLC0415  # after pymol.Qt, whose binding it then takes; and not at PyMOL's start

    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QtWidgets.QApplication.instance(), already_running=True)
    asyncio.set_event_loop(loop)
    return loop


def run_on(coroutine: Coroutine[Any, Any, object], *, limit_s: float, name: str) -> bool:
    """Let the loop run on until `coroutine` has ended, while PyMOL quits and nothing comes after; whether it has.

    Only for a Qt slot or event on the GUI thread. Inside a coroutine the nested Qt loop that this needs would run no
    other one; there, and in another thread, nothing is waited for. Keys and the mouse wait meanwhile.
    """
    loop, application = ensure_loop(), QtWidgets.QApplication.instance()
    if asyncio.current_task(loop) is not None or QtCore.QThread.currentThread() != application.thread():
        coroutine.close()
        return False
    task = spawn(coroutine, name=name, on_error=lambda _error: None)
    nested = QtCore.QEventLoop()
    task.add_done_callback(lambda _done: nested.quit())
    QtCore.QTimer.singleShot(round(limit_s * 1000), nested.quit)
    run = getattr(nested, "exec", None) or nested.exec_
    run(QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    return task.done()
