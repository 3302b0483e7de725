"""Drives the open panel as a user does: types, presses, waits for turns, takes screenshots of the window."""

import asyncio
import time
from pathlib import Path

import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

LIMIT_S = 60


def script(coroutine_function):
    """Open the panel and run a coroutine in PyMOL's own loop; what it returns is the report."""

    def _start():
        from pymolcode_plugin import plugin

        plugin.register()
        plugin.open_panel()

        async def _run():
            try:
                await until(lambda: plugin.application() is not None, "the panel is open")
                report.write(await coroutine_function(plugin.application()))
            except BaseException as error:  # noqa: BLE001  # whatever it is, the test must read it
                report.fail(error)
            else:
                cmd.quit()

        from pymolcode_plugin.core.tasks import spawn

        spawn(_run(), name="test script")

    QtCore.QTimer.singleShot(0, _start)


async def until(condition, what, limit_s=LIMIT_S):
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain until {what}")
        await asyncio.sleep(0.01)


def write(app, text):
    app.dock.composer.setFocus()
    QTest.keyClicks(app.dock.composer, text)


async def say(app, text, *, wait=True):
    """Type a message and press Enter; returns when the turn is over."""
    write(app, text)
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    await until(lambda: app.controller.busy, "the turn began")
    if wait:
        await idle(app)


async def idle(app):
    await until(lambda: not app.controller.busy, "the turn ended")
    app.dock.transcript.flush()


async def painted():
    """Let the window draw what changed."""
    for _ in range(20):
        await asyncio.sleep(0.01)


async def shot(name):
    await painted()
    window = get_qtwindow()
    screen = QtWidgets.QApplication.primaryScreen()
    path = Path(report.ARGUMENTS.get("shots", ".")) / name
    screen.grabWindow(int(window.winId())).save(str(path))
    return str(path)


def leaked(*widgets, last="Delete"):
    """Whether PyMOL takes keys that a dialog has no use for."""
    keys = QtCore.Qt
    cmd.fragment("ala", "of_leaks")
    cmd.edit("of_leaks and name CA")
    before = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    for widget in widgets:
        for name, modifier in (("A", keys.AltModifier), ("Z", keys.ControlModifier), (last, keys.NoModifier)):
            QTest.keyClick(widget, getattr(keys, f"Key_{name}"), modifier)
    same = before == (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    cmd.unpick()
    cmd.delete("of_leaks")
    return not same
