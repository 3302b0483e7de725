"""Runs inside PyMOL, in a process of its own: answers message boxes and writes down what was seen."""

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

from pymol import cmd
from pymol.Qt import PYQT_NAME, QtCore, QtWidgets

QTest = importlib.import_module(f"{PYQT_NAME}.QtTest").QTest  # of whichever binding PyMOL runs on
ARGUMENTS = json.loads(os.environ["PYMOLCODE_TEST_ARGUMENTS"])
_kept = []


def run_when_idle(function):
    """Call `function` from PyMOL's event loop, write what it returns and quit."""

    def _run():
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test must read it
            fail(error)
            return
        if result is not None:
            finish(result)

    _kept.append(_every(100, _answer_message_box))
    QtCore.QTimer.singleShot(0, _run)


def finish(result):
    write({**result, "message_boxes": _message_boxes})
    cmd.quit()


def fail(error):
    """Without the quit a test would wait for its time limit, and never show the reason."""
    traceback.print_exception(error)
    write({"error": repr(error)})
    cmd.quit()


def write(result):
    Path(ARGUMENTS["report"]).write_text(json.dumps(result))


def poll(function):
    """Call `function` until it returns a result."""

    def _try():
        result = function()
        if result is not None:
            timer.stop()
            finish(result)

    timer = _every(100, _try)
    _kept.append(timer)


def play(story):
    """Run a generator in PyMOL's event loop; what it returns is the report.

    It yields (condition, what that means, limit in seconds), and goes on once the condition holds.
    """
    awaited = None

    def _go_on():
        nonlocal awaited
        try:
            if awaited is None or _holds(*awaited):
                condition, meaning, limit_s = next(story)
                awaited = condition, meaning, time.monotonic() + limit_s
        except StopIteration as end:
            timer.stop()
            finish(end.value)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test must read it
            timer.stop()
            fail(error)

    timer = _every(50, _go_on)
    _kept.append(timer)


def _holds(condition, meaning, end):
    if condition():
        return True
    if time.monotonic() > end:
        raise TimeoutError(f"waited in vain until {meaning}")
    return False


def shot(name):
    """A picture of the screen, for a person to look at."""
    path = Path(ARGUMENTS.get("shots", ".")) / name
    QtWidgets.QApplication.primaryScreen().grabWindow(0).save(str(path))


def plugin_menu():
    from pymol.gui import get_qtwindow

    return [action.text() for action in get_qtwindow().menudict["PluginQt"].actions()]


def choose_in_plugin_menu(label):
    from pymol.gui import get_qtwindow

    next(a for a in get_qtwindow().menudict["PluginQt"].actions() if a.text() == label).trigger()


def copies():
    """Names of the modules of our package, grouped by file: more than one object for a file is a copy."""
    by_file = {}
    for name, module in list(sys.modules.items()):
        if "pymolcode_plugin" in name and getattr(module, "__file__", None):
            by_file.setdefault(module.__file__, {}).setdefault(id(module), []).append(name)
    return {path: list(objects.values()) for path, objects in by_file.items()}


def _every(interval_ms, function):
    timer = QtCore.QTimer()
    timer.timeout.connect(function)
    timer.start(interval_ms)
    return timer


_message_boxes = []


def _answer_message_box():
    box = QtWidgets.QApplication.activeModalWidget()
    if isinstance(box, QtWidgets.QMessageBox):
        _message_boxes.append(box.text())
        box.defaultButton().click() if box.defaultButton() else box.accept()
