"""The loop, while PyMOL quits: a Qt loop of its own in a process, because there is one in each."""

import json
import os
import subprocess
import sys

from ..pymol_process import ROOT

STORY = """
import asyncio, json
from pymolcode_plugin.core.tasks import spawn
from pymolcode_plugin.gui.event_loop import ensure_loop, run_on
from pymolcode_plugin.gui.qt import QtCore, QtWidgets

app = QtWidgets.QApplication([])
seen = {}


async def work():
    await asyncio.to_thread(int)
    await asyncio.sleep(0.01)
    seen["worked"] = True


async def beside():
    while not seen.get("worked"):
        await asyncio.sleep(0.001)
    seen["beside"] = True


async def inside():
    seen["in a coroutine"] = run_on(work(), limit_s=5, name="x")
    seen["worked in a coroutine"] = seen.get("worked", False)


def in_another_thread():
    seen["in another thread"] = run_on(work(), limit_s=5, name="x")


def close():
    seen["in a slot"] = run_on(work(), limit_s=20, name="x")
    seen["worked in a slot"] = seen.get("worked", False)
    seen["too long"] = run_on(asyncio.sleep(60), limit_s=0.05, name="x")
    spawn(asyncio.to_thread(in_another_thread), name="thread").add_done_callback(lambda _done: app.quit())


def start():
    ensure_loop()
    spawn(beside(), name="beside")
    spawn(inside(), name="inside").add_done_callback(lambda _done: QtCore.QTimer.singleShot(0, close))


QtCore.QTimer.singleShot(0, start)
(getattr(app, "exec", None) or app.exec_)()
print(json.dumps(seen), flush=True)
import os
os._exit(0)
"""


def test_while_pymol_quits_the_loop_runs_on_but_never_inside_a_coroutine():
    done = subprocess.run(
        [sys.executable, "-c", STORY],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "in a coroutine": False,
        "worked in a coroutine": False,
        "in a slot": True,
        "worked in a slot": True,
        "beside": True,
        "worked": True,
        "too long": False,
        "in another thread": False,
    }
    assert "Traceback" not in done.stderr
