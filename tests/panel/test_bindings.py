"""PyMOL's window with the panel on PyQt6 and PySide6, each in an environment of its own."""

import os
import signal
from pathlib import Path

import pytest

from installer import bindings

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel

pytestmark = [pytest.mark.window, pytest.mark.binding]
PYTHON = os.environ.get(bindings.PYTHON, "")
NAMES = {"pyqt6": "PyQt6", "pyside6": "PySide6"}
# PyMOL 3.2.0a0 on PySide6 ends with a segmentation fault at every `quit`, without this plugin too.
ENDS = {"pyqt6": (0,), "pyside6": (0, -signal.SIGSEGV)}


@pytest.mark.skipif(not PYTHON, reason="`python3 -m installer test` makes the environments and runs this in each")
def test_the_panel_opens_answers_undoes_and_closes_on_this_binding(tmp_path):
    wanted = os.environ["QT_API"]
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Chain A is **red**.") as server:
        env = {**server.environment, "QT_API": wanted}
        seen = run_inside(
            "bindings", tmp_path, python=PYTHON, more_path=ROOT, env=env, ends=ENDS[wanted], shots=tmp_path
        )
    assert seen["binding"] == NAMES[wanted]
    assert seen["others"] == [NAMES[wanted]], "nothing imports a binding by its name"
    assert (seen["red"], seen["red_after_undo"]) == (758, 0)
    assert "Chain A is **red**." in seen["shown"]
    assert seen["chips"] == ["1hpv"]
    assert seen["written"].startswith("Describe 1hpv")
    assert {"ModelPicker", "SignInDialog", "RulesDialog", "SentDialog"} <= set(seen["dialogs"])
    assert all(Path(shot).stat().st_size > 10_000 for shot in seen["shots"])
    assert "Traceback" not in seen["output"]
