import os
import subprocess
import sys

import pytest

from installer import stages
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
