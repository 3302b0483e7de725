"""The scene of a PyMOL that was killed comes back in the next one; real windows."""

import json
import os
import subprocess
import sys

import pytest

from ..pymol_process import INSIDE, ROOT, environment, run_inside
from ..scripted_model import ScriptedModel

pytestmark = [pytest.mark.window, pytest.mark.skipif(os.name == "nt", reason="SIGKILL")]


@pytest.fixture
def dead(tmp_path):
    """A home in which a PyMOL was killed after a step."""
    report = tmp_path / "died.json"
    arguments = {"report": str(report), "scenario": "die"}
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Done.") as server:
        env = environment(
            tmp_path,
            PYTHONPATH=os.pathsep.join((str(INSIDE), str(ROOT))),
            PYMOLCODE_TEST_ARGUMENTS=json.dumps(arguments),
            **server.environment,
        )
        command = [sys.executable, "-m", "pymol", "-q", str(INSIDE / "recovery.py")]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == -9, done.stdout + done.stderr
    assert json.loads(report.read_text()) == {"red": 758, "scenes": 1}
    return tmp_path


def play(home, scenario, **arguments):
    with ScriptedModel(("run_pymol", {"commands": "color red, all"}), "Done.") as server:
        return run_inside(
            "recovery", home, more_path=ROOT, env=server.environment, scenario=scenario, shots=home, **arguments
        )


def test_the_scene_is_offered_comes_back_and_undo_takes_that_back(dead):
    seen = play(dead, "come_back")
    assert "1 object, 1,631 atoms" in " ".join(seen["words"])
    assert seen["before"] == [["ala"], 10]
    assert seen["back"] == [["1hpv"], 758]
    assert "Brought back" in seen["said"]
    assert seen["undone"] == seen["before"], "the step before it is still done"


def test_what_is_discarded_is_not_offered_again(dead):
    seen = play(dead, "come_back", discard=1)
    assert seen["back"] == [["ala"], 10]
    assert list((dead / ".pymolcode" / "scenes").glob("*/*.state")) == []


def test_after_a_clean_end_nothing_is_left(tmp_path):
    play(tmp_path, "quit_as_one_should")
    assert list((tmp_path / ".pymolcode" / "scenes").glob("*/*.state")) == []
