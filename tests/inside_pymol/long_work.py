"""Long work and sized pictures in a real window; the argument `scenario` names the function."""

import asyncio
import contextlib
import os
import sys
import time
from pathlib import Path

import panel
import report
from heartbeat import Heartbeat
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui
from report import QTest

from pymolcode_plugin.core.errors import SelectionEmpty
from pymolcode_plugin.core.tasks import spawn
from pymolcode_plugin.scene.area import area

FOLDER = Path(report.ARGUMENTS["shots"])
LONG = "import time\nfor n in range(600):\n    stored.n = n\n    time.sleep(0.05)"


def load(n_copies=1):
    for number in range(n_copies):
        cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "demo" / "1tii.pdb"), f"m{number}", zoom=0)
        cmd.translate([60 * number, 0, 0], f"m{number}", camera=0)
    cmd.zoom()


def window_state():
    """What busy mode changes, and must bring back."""
    window = get_qtwindow()
    widget = window.pymolwidget
    return [widget.updatesEnabled(), widget._timer.isActive(), window.feedback_timer.isActive(), widget.isEnabled()]


def grabbed():
    """Colours of the drawing area as it stands on the screen."""
    widget = get_qtwindow().pymolwidget
    corner = widget.mapToGlobal(QtCore.QPoint(0, 0))
    screen = widget.window().windowHandle().screen()
    return screen.grabWindow(0, corner.x(), corner.y(), cmd.get_viewport()[0], widget.height()).toImage()


def size_of(name):
    image = QtGui.QImage(str(FOLDER / name))
    return [image.width(), image.height()]


async def sized(app):
    """A figure of a given size, and the window before and after it."""
    load()
    await panel.painted()
    before, viewport = grabbed(), cmd.get_viewport()
    typed = await app.gateway.run_commands(f"png {FOLDER}/typed.png, 800, 600\npng {FOLDER}/again.png, 300, 400")
    block = await app.gateway.run_commands(f"python\ncmd.png('{FOLDER}/block.png', 500, 200)\npython end")
    code = await app.gateway.run_python(f"cmd.png('{FOLDER}/code.png', 400, 200)")
    await panel.painted()
    after = grabbed()
    plain = await app.gateway.run_commands(f"png {FOLDER}/plain.png")
    return {
        "errors": [*typed.errors, *block.errors, *code.errors, *plain.errors],
        "sizes": [size_of(f"{name}.png") for name in ("typed", "again", "block", "code", "plain")],
        "viewport": [viewport, cmd.get_viewport()],
        "same": before == after,
        "width": before.width(),
    }


async def traced(app):
    """A ray-traced picture stands in the viewport, and a `png` saves it; the next change of view drops it."""
    load()
    cmd.show_as("spheres")
    await panel.painted()
    before = window_state()
    output = await app.gateway.run_commands(f"ray 200, 100\npng {FOLDER}/one.png")
    shown = await app.gateway.run_commands(f"turn y, 10\npng {FOLDER}/two.png")
    grid = await app.gateway.run_commands(f"set grid_mode, 1\npng {FOLDER}/grid.png, 60, 40, ray=1")
    return {
        "errors": [*output.errors, *shown.errors, *grid.errors],
        "lines": output.lines,
        "sizes": [size_of(name) for name in ("one.png", "two.png", "grid.png")],
        "viewport": cmd.get_viewport(),
        "states": [before, window_state()],
        "log": "Ray: render time" in get_qtwindow().browser.toPlainText(),
    }


async def busy(app):
    """What the user does while a worker has PyMOL: the panel takes it, PyMOL's own widgets do not."""
    load()
    await panel.painted()
    window = get_qtwindow()
    before, view, size = window_state(), cmd.get_view(), window.pymolwidget.size()
    lost_px = size.height() - cmd.get_viewport()[1]
    task = spawn(app.gateway.run_python(LONG), name="python")
    await panel.until(lambda: not window.pymolwidget.updatesEnabled(), "the window is held")
    during = window_state()
    heartbeat = Heartbeat()
    centre = window.pymolwidget.rect().center()
    QTest.mousePress(window.pymolwidget, QtCore.Qt.LeftButton, pos=centre)
    QTest.mouseMove(window.pymolwidget, centre + QtCore.QPoint(40, 40))
    QTest.mouseRelease(window.pymolwidget, QtCore.Qt.LeftButton, pos=centre)
    QTest.keyClicks(window.lineedit, "delete all")
    QTest.keyClick(window.lineedit, QtCore.Qt.Key_Return)
    QTest.mouseClick(window.menuBar(), QtCore.Qt.LeftButton, pos=QtCore.QPoint(10, 10))
    QTest.keyClicks(app.dock.composer, "hello")
    window.resize(window.width() + 60, window.height() + 40)
    await panel.painted()
    gap = heartbeat.stop()["max_ms"]
    started = time.perf_counter()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    stop_ms = (time.perf_counter() - started) * 1000
    await panel.painted()
    widget = window.pymolwidget
    return {
        "states": [before, during, window_state()],
        "typed": [window.lineedit.text(), app.dock.composer.toPlainText()],
        "objects": cmd.get_names(),
        "same_view": view == cmd.get_view(),
        "grew": widget.width() > size.width(),
        "lost_px_before": lost_px,
        "lost_px": widget.height() - cmd.get_viewport()[1],
        "gap_ms": gap,
        "stop_ms": stop_ms,
        "cancelled": task.cancelled(),
        "later": len(await app.gateway.atoms("m0", limit=3)),
    }


async def geometry(app):
    """The surface of many atoms; then Stop in the middle of one."""
    load(4)
    cmd.hide("everything")
    await panel.painted()
    heartbeat = Heartbeat()
    started = time.perf_counter()
    output = await app.gateway.run_commands("show surface")
    took_ms = (time.perf_counter() - started) * 1000
    await panel.painted()
    gap = heartbeat.stop()["max_ms"]
    cmd.hide("surface")
    cmd.rebuild()
    await panel.painted()
    task = spawn(app.gateway.run_commands("show surface\ndelete all"), name="surface")
    await panel.until(lambda: not get_qtwindow().pymolwidget.updatesEnabled(), "the window is held")
    await asyncio.sleep(0.3)
    stopped_ms = await stop(app, task)
    return {
        "errors": output.errors,
        "lines": output.lines,
        "log": get_qtwindow().browser.toPlainText(),
        "took_ms": took_ms,
        "gap_ms": gap,
        "stop_ms": stopped_ms,
        "objects": cmd.get_names(),
        "state": window_state(),
    }


async def areas(app):
    """Of many atoms beside PyMOL, of few within it; both are the same numbers."""
    load(2)
    alone = await app.gateway.area("m1 and chain A", solvent=True)
    before = {name: cmd.get(name) for name in ("dot_solvent", "dot_density")}
    both = await app.gateway.area("all", solvent=True)
    expected = [area(cmd, selection, solvent=True) for selection in ("m1 and chain A", "all")]
    empty = ""
    try:
        await app.gateway.area("chain Q", solvent=True)
    except SelectionEmpty as error:
        empty = error.message
    task = spawn(app.gateway.area("all", solvent=True), name="area")
    await asyncio.sleep(0.2)
    stop_ms = await stop(app, task)
    typed = await app.gateway.run_commands("get_area m0")
    return {
        "areas": [alone, both],
        "expected": expected,
        "empty": empty,
        "stop_ms": stop_ms,
        "typed": [*typed.lines, *typed.errors],
        "kept": before == {name: cmd.get(name) for name in before},
    }


async def python(app):
    """Code in a worker and code on PyMOL's own thread."""
    load()
    drawn = await app.gateway.run_python("len(cmd.png(None)) > 1000")
    worker = await app.gateway.run_python("import threading\nprint('here')\nthreading.current_thread().name")
    done = await app.gateway.run_python("cmd.do('color red, all')\ncmd.count_atoms('color red')")
    traced = await app.gateway.run_python("cmd.ray(40, 30)\n'traced'")
    await app.gateway.run_python("def picture():\n    return cmd.png(None)")
    hidden = await app.gateway.run_python("picture()")
    return {
        "values": [item.value for item in (drawn, worker, done, traced)],
        "errors": [*drawn.errors, *worker.errors, *done.errors, *traced.errors],
        "hidden": hidden.errors,
        "lines": worker.lines,
        "state": window_state(),
    }


async def endless(app):
    """Stop in typed Python that never ends, as a block and as a line; what is typed next is a command again."""
    load()
    seen = []
    for text in ("python\nwhile True:\n    pass\npython end\ndelete all", "/while 1: pass"):
        task = spawn(app.gateway.run_commands(text), name="endless")
        await panel.until(lambda: not get_qtwindow().pymolwidget.updatesEnabled(), "the window is held")
        heartbeat = Heartbeat()
        await asyncio.sleep(0.3)
        seen.append([heartbeat.stop()["max_ms"], await stop(app, task)])
    output = await app.gateway.run_commands(
        "python\ntold = cmd.count_atoms()\nprint('here', told)\npython end\nprint(told)"
    )
    return {
        "seen": seen,
        "lines": output.lines,
        "errors": output.errors,
        "objects": cmd.get_names(),
        "state": window_state(),
    }


async def stop(app, task):
    """Milliseconds from Stop until the task is over."""
    started = time.perf_counter()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    took_ms = (time.perf_counter() - started) * 1000
    assert task.cancelled()
    await app.gateway.snapshot()
    return took_ms


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
