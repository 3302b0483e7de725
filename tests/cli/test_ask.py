"""`pymolcode ask`, as a user runs it, with a scripted model on the wire."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pymolcode_plugin.cli.ask_arguments import parsed

from ..scripted_model import ScriptedModel, Silence, Status


@pytest.fixture
def start(tmp_path):
    def run(server, *arguments, popen=False, **more):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYMOLCODE", "OPENAI"))}
        environment = {**kept, "PYMOLCODE_HOME": str(tmp_path / "home"), **server.environment}
        command = [sys.executable, "-m", "pymolcode_plugin.cli.main", "ask", *arguments]
        options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "cwd": tmp_path} | more
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        if popen:
            pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            return subprocess.Popen(command, env=environment, cwd=tmp_path, start_new_session=True, **pipes)
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
    assert done.returncode == 2
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


@pytest.mark.parametrize(
    "given",
    [
        ["--yes", "DESTROY", "file", "x", "a.pdb"],
        ["x", "a.pdb", "--yes", "destroy,file"],
        ["x", "--yes=file", "--yes", " destroy ", "a.pdb"],
        ["x", "--json", "--yes", "file, destroy", "--mode", "ask", "a.pdb"],
    ],
)
def test_classes_are_allowed_in_any_spelling_and_place(given):
    options = parsed(given)
    assert {risk.name for risk in options.granted} == {"DESTROY", "FILE"}
    assert (options.text, options.files) == ("x", ["a.pdb"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "no text"),
        (["  "], "no text"),
        (["x", ""], "name of a file is empty"),
        (["x", "--mode", "y"], "'ask', 'auto', 'plan'"),
        (["x", "--yes", "all"], "destroy, file, net, exec, not all"),
        (["x", "--save", "/nosuch/x.pse"], "no folder /nosuch"),
        (["x", "--script", "/"], "/ is a folder"),
    ],
)
def test_a_wrong_command_line_ends_with_one_line(given, words, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(given)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdb", "", "is empty"),
        ("nothing in it.pdb", "hello", "no atoms"),
        ("notes.txt", "hello", ".txt files are not loaded"),
    ],
)
def test_a_file_that_becomes_nothing_is_said_before_anything_is_sent(start, tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    with ScriptedModel("x") as server:
        done = start(server, "x", name, "--json")
        assert server.requests == []
    assert done.returncode == 1
    assert words in json.loads(done.stdout)["error"]


def test_what_cannot_be_saved_is_said_before_anything_is_sent(start):
    with ScriptedModel("x") as server:
        done = start(server, "x", "--save", "out.docx")
        assert server.requests == []
    assert done.returncode == 1
    assert ".docx files are not written" in done.stderr


def test_names_with_spaces_and_accents_are_read_and_written(start, structure, tmp_path):
    (tmp_path / "my één.pdb").write_bytes(Path(structure).read_bytes())
    with ScriptedModel("x") as server:
        done = start(server, "x", "my één.pdb", "--save", "a ü.pdb", "--script", "a ü.pml", "--json")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a ü.pdb").read_text().count("\nATOM") > 1000
    assert f"load {tmp_path / 'my één.pdb'}, object=my_" in (tmp_path / "a ü.pml").read_text(encoding="utf-8")


NOISE = (
    "import os, sys\nprint('A')\nsys.__stdout__.write('B')\nos.write(1, b'C')\nos.system('echo D')\ncmd.do('help ray')"
)


def test_with_json_nothing_but_the_object_is_on_standard_output(start, structure):
    turns = [("run_python", {"code": NOISE}), ("ask_user", {"question": "Which?", "choices": ["a", "b"]})], "y"
    with ScriptedModel(*turns) as server:
        done = start(server, "x", structure, "--json", "--yes", "exec")
    assert [step["ok"] for step in json.loads(done.stdout)["steps"]] == [True, True]
    assert done.stdout.count("\n") == 1


def test_a_home_that_cannot_be_is_said_in_the_object_too(start, tmp_path):
    (tmp_path / "home").write_text("no folder")
    with ScriptedModel("x") as server:
        done = start(server, "x", "--json")
    assert done.returncode == 1
    assert "cannot be made" in json.loads(done.stdout)["error"]


def test_a_quit_of_the_model_does_not_end_what_has_not_finished(start):
    with ScriptedModel(("run_pymol", {"commands": "quit"}), "I could not.") as server:
        done = start(server, "x", "--yes", "exec,destroy", "--json")
    report = json.loads(done.stdout)
    assert report["steps"][0]["ok"] is False
    assert report["answer"] == "I could not."


def test_whoever_stops_reading_gets_no_traceback(start):
    with ScriptedModel("x") as server, Path("/dev/full").open("w") as full:
        done = start(server, "x", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


RAY = ("run_pymol", {"commands": "show surface\nray 1600, 1200"})
SLEEP = ("run_python", {"code": "import time\nfor _ in range(600): time.sleep(0.1)"})


@pytest.mark.parametrize(("typed", "chosen"), [("2", "blue"), ("3", "3"), ("²", "²"), ("neither", "neither")])
def test_a_question_of_the_model_is_answered_by_number_or_in_words(start, typed, chosen):
    person, terminal = pty.openpty()
    os.write(person, f"{typed}\n".encode())
    try:
        with ScriptedModel(("ask_user", {"question": "Which?", "choices": ["red", "blue"]}), "Done.") as server:
            done = start(server, "x", stdin=terminal)
            told = str(server.requests[1]["messages"][-1])
    finally:
        os.close(person)
        os.close(terminal)
    assert "  2. blue\n" in done.stderr
    assert f"The user answered: {chosen}" in told


def test_a_command_cannot_hide_a_part_of_itself_on_the_terminal(start, structure):
    person, terminal = pty.openpty()
    os.write(person, b"n\n")
    try:
        with ScriptedModel(("run_pymol", {"commands": "delete all\x1b[2K\rzoom\u202e"}), "no\x1b[2J") as server:
            done = start(server, "x", structure, stdin=terminal)
    finally:
        os.close(person)
        os.close(terminal)
    assert not set("\x1b\r\u202e") & set(done.stdout + done.stderr)
    assert r"delete all\x1b[2K\rzoom\u202e" in done.stderr


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("turn", [Silence("a word"), RAY, SLEEP], ids=["streaming", "ray", "python"])
def test_a_signal_ends_it_and_its_children_in_every_phase(popen, structure, turn, signum):
    with ScriptedModel(turn, "Done.") as server:
        process = popen(server, "x", structure, "--yes", "exec")
        until(lambda: server.requests)
        if turn is RAY:
            until(lambda: children(process.pid))
        process.send_signal(signum)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 128 + signum
    assert out == ""
    assert err.endswith("Stopped.\n")
    assert "Traceback" not in err
    until(lambda: not in_session(process.pid))


def test_a_signal_while_pymol_is_loaded_ends_it_as_well(popen, structure):
    with ScriptedModel("Done.") as server:
        process = popen(server, "x", structure, "--json")
        until(lambda: "/_cmd" in maps(process.pid))
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.fixture
def popen(start):
    """Starts it in a session of its own and does not wait."""
    started = []

    def begin(server, *arguments):
        process = start(server, *arguments, popen=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def until(condition, timeout_s=20):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def maps(pid):
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split() or [
        line for line in in_session(pid) if line != str(pid)
    ]


def in_session(pid):
    done = subprocess.run(["ps", "-s", str(pid), "-o", "pid="], capture_output=True, text=True, check=False)
    return done.stdout.split()
