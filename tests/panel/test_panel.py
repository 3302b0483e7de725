"""The panel in a real window, driven through its real widgets, with a scripted model."""

import subprocess
import sys
from pathlib import Path

import pytest

from ..pymol_process import ROOT, environment, run_inside
from ..scripted_model import Cut, ScriptedModel, Silence, Status

pytestmark = pytest.mark.window


@pytest.fixture
def play(tmp_path):
    def run(scenario, server=None, *, env=None, **arguments):
        given = {**(server.environment if server else {}), **(env or {})}
        return run_inside(
            "scenarios", tmp_path, more_path=ROOT, env=given, scenario=scenario, shots=tmp_path, **arguments
        )

    return run


def transcript_kinds(seen):
    with Path(seen["transcript"]).open(encoding="utf-8") as lines:
        return [line.split('"kind":"')[1].split('"')[0] for line in lines]


def test_a_question_is_answered_and_shown(play):
    turns = (("run_pymol", {"commands": "color red, chain A"}), "Chain A is **red**.", "You are welcome.")
    with ScriptedModel(*turns) as server:
        seen = play("chat", server, say="Colour chain A red|thanks for that")
    assert seen["red"] == 758
    assert "recoloured 758 atoms of 1hpv" in seen["shown"]
    assert "Chain A is **red**." in seen["shown"]
    assert seen["model"] == "scripted"
    assert transcript_kinds(seen).count("turn_finished") == 2


def test_an_empty_panel_offers_examples_that_are_written_down_and_not_sent(play):
    with ScriptedModel("x") as server:
        seen = play("empty", server)
        assert server.requests == []
    assert seen["written"] == seen["example"]
    assert seen["focus"]


def test_no_key_leaks_to_pymol_and_shift_enter_breaks_the_line(play):
    with ScriptedModel("x") as server:
        seen = play("keys", server)
        assert server.requests == []
    assert seen["pressed"] == 60
    assert seen["before"] == seen["after"]
    assert seen["text"] == "first\nsecond"


def test_a_dangerous_step_asks_denial_keeps_everything_and_undo_restores_what_was_allowed(play):
    turns = (
        ("run_pymol", {"commands": "delete all"}),
        "All right.",
        ("run_pymol", {"commands": "delete all"}),
        "Gone.",
    )
    with ScriptedModel(*turns) as server:
        seen = play("approval", server)
    assert seen["asked"][0], "Deny has the focus, so that Enter does no harm"
    assert "delete all" in seen["asked"][1]
    assert (seen["waiting"], seen["then"]) == ("Waits for you", "Ready")
    assert seen["denied"] == ["1hpv"]
    assert seen["allowed"] == []
    assert seen["atoms"] == 1631
    assert "Undone" in seen["shown"]


def test_stop_works_in_an_answer_and_at_a_question_and_the_panel_goes_on(play):
    turns = (Silence("Let me think"), ("run_pymol", {"commands": "delete all"}), "Here I am.")
    with ScriptedModel(*turns) as server:
        seen = play("stop", server)
    assert seen["label"] == "Stop"
    assert seen["stopping"] == "Stopping"
    assert seen["send"] == "Send"
    assert "Stopped." in seen["stopped"]
    assert seen["objects"] == ["1hpv"]
    assert "Here I am." in seen["shown"]
    assert transcript_kinds(seen).count("turn_finished") == 3


def test_a_message_that_is_stopped_before_its_turn_began_stands_in_the_panel_and_in_the_record(play):
    with ScriptedModel("x") as server:
        seen = play("stop_at_once", server)
        assert server.requests == []
    assert seen["shown"].split("\n\n") == ["a long question", "Stopped."]
    assert seen["written"] == ""
    assert transcript_kinds(seen) == ["turn_started", "turn_finished"]


def test_the_commands_at_pymols_prompt(play):
    turns = (("run_pymol", {"commands": "color red, chain A"}), "Red.", "Two aspartates.")
    with ScriptedModel(*turns) as server:
        seen = play("commands", server)
    assert "colour chain A red, and say why" in seen["shown"]
    assert seen["red"] == 758
    assert seen["notice_stands_out"]
    assert seen["chips"] == ["site"]
    assert seen["sent_nothing"]
    assert "`site`: 16 atoms, 2 residues" in str(server.requests[-1]["messages"][-1])
    assert seen["left"] == []


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Cut("The lig"), "Send again"),
        (Status(401), "Sign in…"),
        (Status(500), "later"),
        (("explode", {}), "does not exist"),
    ],
)
def test_a_model_that_fails_is_said_in_the_panel_which_stays_usable(play, turn, words):
    with ScriptedModel(turn) as server:
        seen = play("chat", server, say="one|two")
    assert words in seen["shown"]
    assert seen["objects"] == ["1hpv"]
    assert transcript_kinds(seen).count("turn_finished") == 2


def test_a_long_command_never_widens_the_panel(play):
    long = "show sticks, " + "+".join(f"resi{n}" for n in range(80))
    with ScriptedModel(("run_pymol", {"commands": long}), "`" + "x" * 300 + "`") as server:
        seen = play("narrow", server, say="go")
    dock, viewport, inside = seen["widths"]
    assert dock <= 330
    assert inside <= viewport
    assert seen["viewport"] >= 400


def test_a_closed_panel_comes_back_when_a_step_asks(play):
    with ScriptedModel(("run_pymol", {"commands": "delete all"})) as server:
        assert play("closed", server)["seen"]


def test_a_question_asked_at_pymols_prompt_while_a_turn_runs_is_the_next_one(play):
    with ScriptedModel("One.", "Two.") as server:
        seen = play("hurried", server)
    assert seen["written"] == ""
    assert seen["shown"].split("\n\n") == ["first question", "One. ", "second question", "Two. "]


def test_the_chat_outlives_reinitialize(play):
    with ScriptedModel("One.", "Two.") as server:
        seen = play("reinitialized", server)
    assert "One." in seen["shown"]
    assert "Two." in seen["shown"]
    assert seen["objects"] == ["1hpv"]


def test_pymolcode_starts_pymol_with_the_panel_and_passes_its_arguments_on(tmp_path):
    structure = tmp_path / "mine.pdb"
    structure.write_text("ATOM      1  CA  ALA A   1      11.000  12.000  13.000  1.00 20.00           C\nEND\n")
    report = tmp_path / "seen.txt"
    waiting = tmp_path / "wait.py"
    waiting.write_text(
        "from pymol import cmd\nfrom pymol.Qt import QtCore\nfrom pymolcode_plugin import plugin\n"
        "def look():\n"
        "    if plugin.application() is not None and plugin.application().dock.isVisible():\n"
        f"        open({str(report)!r}, 'w').write(' '.join(cmd.get_names()))\n"
        "        cmd.quit()\n"
        "timer = QtCore.QTimer(); timer.timeout.connect(look); timer.start(50)\n"
    )
    env = environment(
        tmp_path, PYTHONPATH=str(ROOT), PYMOLCODE_MODEL="openai-chat:x", OPENAI_BASE_URL="http://127.0.0.1:9/v1"
    )
    command = [sys.executable, "-m", "pymolcode_plugin.cli.main", "-q", str(structure), str(waiting)]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report.read_text() == "mine"
