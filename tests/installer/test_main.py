import os
import subprocess
import sys

import pytest

from installer import environment, npm, stages, versions
from installer.__main__ import main
from installer.steps import StepFailed, condensed

from ..pymol_process import ROOT


def test_a_failed_step_prints_step_reason_and_remedy_and_no_traceback(monkeypatch, capsys):
    def fail(_root, _arguments):
        raise StepFailed("Making .venv", "the disk is full", "Free 1 GB.")

    monkeypatch.setattr(stages, "run", fail)
    assert main(["run"]) == 1
    printed = capsys.readouterr().err
    assert printed.strip().splitlines() == [
        "FAILED  Making .venv",
        "Reason  the disk is full",
        "Remedy  Free 1 GB.",
    ]


def test_pytests_own_arguments_pass_through(monkeypatch):
    seen = []
    monkeypatch.setattr(stages, "test", lambda _root, arguments: seen.append(arguments) or 0)
    assert main(["test", "--", "-k", "name"]) == 0
    assert seen == [["-k", "name"]]


def test_a_check_that_fails_does_not_hide_the_others_and_fails_the_whole(monkeypatch, tmp_path, capfd):
    for name in ("good", "bad", "last"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho this is {name}\n[ {name} != bad ]\n")
        program.chmod(0o755)
    monkeypatch.setattr(stages, "CHECKS", (("good", ("good",)), ("bad", ("bad",)), ("last", ("last",))))
    results = stages.check(tmp_path, tmp_path / "python")
    assert [(name, ok) for name, ok, _ in results.rows] == [("good", True), ("bad", False), ("last", True)]
    assert stages._summary(results) == 1
    printed = capfd.readouterr().out
    assert "this is last" in printed
    assert "FAILED: bad" in printed


def test_a_stage_the_others_can_do_without_is_recorded_and_does_not_end_the_run(capsys):
    results = stages.Results()
    with results.stage("weights", go_on=True):
        raise StepFailed("Getting the built-in model", "no network", "Try again.")
    assert [(name, ok) for name, ok, _ in results.rows] == [("weights", False)]
    assert "no network" in capsys.readouterr().out


def test_a_stage_the_others_stand_on_ends_the_run():
    results = stages.Results()
    with pytest.raises(StepFailed), results.stage("environment"):
        raise StepFailed("Making .venv", "the disk is full", "Free 1 GB.")
    assert [(name, ok) for name, ok, _ in results.rows] == [("environment", False)]


@pytest.fixture
def other_pythons(monkeypatch, tmp_path):
    """Two environments that need no packages; records what is run in them."""
    ran = []
    monkeypatch.setattr(versions, "lowest", lambda _root: tmp_path / "lowest")
    monkeypatch.setattr(versions, "on_oldest", lambda _root: tmp_path / "oldest")
    monkeypatch.setattr(versions, "marked", lambda _root: [tmp_path / "test_one.py"])
    monkeypatch.setattr(versions, "described", lambda python: f"Python of {python.name}")
    monkeypatch.setattr(stages, "passthrough", lambda command, cwd, env: ran.append((command, env)) or 0)
    return ran


def test_the_other_versions_are_named_and_may_not_skip_what_needs_servers(other_pythons, tmp_path, capsys):
    results = stages.Results()
    stages.other_versions(tmp_path, results)
    assert [command[0].name for command, _ in other_pythons] == ["lowest", "oldest"]
    assert all(tmp_path / "test_one.py" in command for command, _ in other_pythons)
    assert all(stages.SERVERS_REQUIRED.items() <= env.items() for _, env in other_pythons)
    printed = capsys.readouterr().out
    assert "Python of lowest" in printed
    assert "Python of oldest" in printed


def test_a_version_that_cannot_be_made_fails_and_the_next_one_still_runs(other_pythons, tmp_path, monkeypatch, capsys):
    def fail(_root):
        raise StepFailed("Installing the packages", "no network", "Try again.")

    monkeypatch.setattr(versions, "lowest", fail)
    results = stages.Results()
    stages.other_versions(tmp_path, results)
    assert [row[:2] for row in results.rows] == [
        ("lowest versions, made", False),
        ("oldest Python, made", True),
        ("oldest Python", True),
    ]
    assert "not run" not in capsys.readouterr().out


def test_a_version_that_this_machine_lacks_is_said_and_fails_nothing(other_pythons, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(versions, "on_oldest", lambda _root: None)
    results = stages.Results()
    stages.other_versions(tmp_path, results)
    assert all(ok for _, ok, _ in results.rows)
    assert len(other_pythons) == 1
    assert "oldest Python: not run" in capsys.readouterr().out


def test_an_environment_for_tests_has_the_servers_they_start(monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(environment, "ensure", lambda _root, extras: done.append(extras) or tmp_path / "python")
    monkeypatch.setattr(npm, "ensure", lambda _root, python: done.append(python))
    monkeypatch.setattr(stages, "CHECKS", ())
    assert stages.only(tmp_path, "check") == 0
    assert done == [environment.FOR_TEST, tmp_path / "python"]


def test_given_weights_are_not_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv(stages.WEIGHTS, "/somewhere/model.gguf")
    monkeypatch.setattr(stages, "passthrough", lambda *_a, **_k: pytest.fail("something was started"))
    assert stages._fetch_weights(tmp_path, tmp_path / "python") == "/somewhere/model.gguf"


def test_the_last_lines_of_a_command_that_fails_are_shown(capsys):
    command = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    with pytest.raises(StepFailed, match="code 3"):
        condensed("Installing", command, remedy="Free 1 GB.")
    assert "no room" in capsys.readouterr().out


def test_a_command_that_succeeds_stays_quiet(capsys):
    condensed("Installing", [sys.executable, "-c", "print('chatter')"], remedy="")
    assert "chatter" not in capsys.readouterr().out


def test_ci_calls_exactly_the_test_command():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1].endswith("exec python3 -m installer test")


def test_the_installer_needs_nothing_but_the_standard_library():
    command = [sys.executable, "-S", "-m", "installer", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
