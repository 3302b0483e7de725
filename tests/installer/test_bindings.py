import os
import sys
from pathlib import Path

import pytest

from installer import bindings, stages
from installer.steps import StepFailed


@pytest.fixture
def without_pip(monkeypatch):
    """Makes environments, but installs nothing; records what would have been."""
    ran = []
    real = bindings.condensed

    def condensed(step, command, **more):
        ran.append([str(part) for part in command])
        if "pip" not in ran[-1]:
            real(step, [*command, "--without-pip"], **more)

    monkeypatch.setattr(bindings, "condensed", condensed)
    return ran


def test_an_environment_holds_the_binding_and_sees_the_packages_of_the_other(without_pip, tmp_path):
    made = bindings.ensure(tmp_path, "pyside6", Path(sys.executable))
    assert made.is_relative_to(tmp_path / ".env-pyside6")
    assert without_pip[-1][-1] == "PySide6_Essentials"
    assert bindings._imports(made, "pytest"), "as the environment for tests has it"
    assert not bindings._imports(made, "nosuchthing")


def test_one_that_is_there_is_not_made_again(without_pip, tmp_path, monkeypatch):
    bindings.ensure(tmp_path, "pyqt6", Path(sys.executable))
    monkeypatch.setitem(bindings.BINDINGS, "pyqt6", "pytest_stand-in")
    n_before = len(without_pip)
    bindings.ensure(tmp_path, "pyqt6", Path(sys.executable))
    assert len(without_pip) == n_before


def test_each_binding_is_tried_and_one_that_cannot_be_had_fails_its_row_alone(monkeypatch, tmp_path, capsys):
    def ensure(_root, name, _python):
        if name == "pyqt6":
            raise StepFailed("Installing PyQt6", "no network", "Try again.")
        return tmp_path / name

    ran = []
    monkeypatch.setattr(bindings, "ensure", ensure)
    monkeypatch.setattr(stages, "passthrough", lambda command, cwd, env: ran.append((command, env)) or 0)
    results = stages.Results()
    stages.other_bindings(tmp_path, tmp_path / "python", results, {"DISPLAY": ":7"})
    assert [row[:2] for row in results.rows] == [("pyqt6, made", False), ("pyside6, made", True), ("pyside6", True)]
    ((command, env),) = ran
    assert command[0] == tmp_path / "python"
    assert command[-1].name == "test_bindings.py"
    assert env == {"DISPLAY": ":7", "QT_API": "pyside6", bindings.PYTHON: os.fspath(tmp_path / "pyside6")}
    assert "no network" in capsys.readouterr().out
