"""`pymolcode ask`, as a user runs it, with a scripted model on the wire."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ..scripted_model import ScriptedModel, Status


@pytest.fixture
def start(tmp_path):
    def run(server, *arguments, **more):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYMOLCODE", "OPENAI"))}
        environment = {**kept, "PYMOLCODE_HOME": str(tmp_path / "home"), **server.environment}
        command = [sys.executable, "-m", "pymolcode_plugin.cli.main", "ask", *arguments]
        options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "cwd": tmp_path} | more
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        return subprocess.run(command, env=environment, timeout=100, check=False, **options)

    return run


@pytest.fixture
def structure(shipped):
    return str(shipped / "tut" / "1hpv.pdb")


def test_one_object_with_answer_steps_diffs_usage_and_files(start, structure, tmp_path):
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Chain A is red.") as server:
        done = start(server, "red, please", structure, "--json", "--save", "out.pse", "--script", "out.pml")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert set(report) == {"answer", "steps", "diffs", "usage", "files"}
    assert report["answer"] == "Chain A is red."
    assert report["steps"][0]["command"] == "color red, chain A"
    assert report["diffs"] == ["recoloured 758 atoms of 1hpv"]
    assert report["usage"]["n_input_tokens"] > 0
    assert sorted(report["files"]) == [str(tmp_path / "out.pml"), str(tmp_path / "out.pse")]
    assert all(Path(path).stat().st_size for path in report["files"])


def test_the_script_does_it_again_in_a_fresh_pymol(start, structure, tmp_path):
    commands = "color red, chain A\nshow spheres, organic"
    with ScriptedModel(("run_pymol", {"commands": commands}), "Done.") as server:
        start(server, "red # please\nand spheres", structure, "--script", "out.pml")
    count = "print('N', cmd.count_atoms('color red and chain A'), cmd.count_atoms('rep spheres'))"
    command = [sys.executable, "-m", "pymol", "-cqk", str(tmp_path / "out.pml"), "-d", count]
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "\nN 758 35\n" in again.stdout


def test_without_a_terminal_what_would_ask_is_denied_and_said(start, structure):
    with ScriptedModel(("run_pymol", {"commands": "delete all"}), "I was not allowed to.") as server:
        done = start(server, "clear it", structure)
        told = str(server.requests[-1]["messages"][-1])
    assert done.returncode == 0
    assert done.stdout == "I was not allowed to.\n"
    assert "denied: there is no terminal to ask on" in done.stderr
    assert "no terminal to ask on" in told


def test_a_class_that_is_allowed_from_the_start_runs_and_others_do_not(start, structure, tmp_path):
    turns = ("run_pymol", {"commands": "delete all"}), ("run_pymol", {"commands": "/open('x','w')"}), "Done."
    with ScriptedModel(*turns) as server:
        done = start(server, "clear it", structure, "--yes", "destroy", "--json")
    steps = json.loads(done.stdout)["steps"]
    assert [step["ok"] for step in steps] == [True, False]
    assert not (tmp_path / "x").exists()


def test_plan_changes_nothing(start, structure):
    with ScriptedModel(("run_pymol", {"commands": "color red, all"}), "I would colour it.") as server:
        done = start(server, "red", structure, "--mode", "plan", "--json")
    report = json.loads(done.stdout)
    assert report["diffs"] == []
    assert "mode is plan" in report["steps"][0]["error"]


def test_a_turn_that_fails_exits_with_1_and_says_why(start, structure):
    with ScriptedModel(Status(401, "bad key")) as server:
        done = start(server, "x", structure, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]
    assert "canary" not in done.stdout + done.stderr


def test_a_file_that_is_not_there_is_said_before_anything_is_sent(start):
    with ScriptedModel("x") as server:
        done = start(server, "x", "nosuch.pdb")
        assert server.requests == []
    assert done.returncode == 1
    assert "nosuch.pdb" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_class_is_refused_with_the_known_ones(start):
    with ScriptedModel("x") as server:
        done = start(server, "x", "--yes", "everything")
    assert done.returncode != 0
    assert "destroy, file, net, exec" in done.stderr


@pytest.mark.parametrize(("typed", "left"), [(b"y\n", []), (b"n\n", ["1hpv"]), (b"keep the ligand\n", ["1hpv"])])
def test_on_a_terminal_the_person_is_asked(start, structure, tmp_path, typed, left):
    person, terminal = pty.openpty()
    os.write(person, typed)
    try:
        with ScriptedModel(("run_pymol", {"commands": "delete all"}), ("scene_state", {}), "Done.") as server:
            done = start(server, "clear it", structure, stdin=terminal)
            told = str(server.requests[1]["messages"][-1])
            state = str(server.requests[2]["messages"][-1])
    finally:
        os.close(person)
        os.close(terminal)
    assert "Allow it?" in done.stderr
    assert ("1hpv" in state) is bool(left)
    assert ("keep the ligand" in told) is (typed == b"keep the ligand\n")
