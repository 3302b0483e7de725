import subprocess
import sys

import pytest

from pymolcode_plugin import interpreter
from pymolcode_plugin.core.errors import InstallFailed

from .pymol_process import ROOT, environment


def test_an_ordinary_python_is_used_as_it_is():
    assert interpreter.python_executable() == sys.executable


def test_pymols_own_launcher_is_replaced_by_the_python_beside_it(monkeypatch, tmp_path):
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text("")
    for name in ("prefix", "exec_prefix", "base_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "PyMOL"))
    assert interpreter.python_executable() == str(python)


def test_a_launcher_without_a_python_is_said_with_a_remedy(monkeypatch, tmp_path):
    for name in ("prefix", "exec_prefix", "base_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "PyMOLWin.exe"))
    with pytest.raises(InstallFailed, match=str(tmp_path)) as failure:
        interpreter.python_executable()
    assert "--into" in failure.value.hint


def test_a_child_runs_a_module_from_a_plugin_folder_that_is_not_on_the_path(tmp_path):
    """Other plugins lie in the same folder; one named like a module of the standard library must not win."""
    plugdir = tmp_path / "startup"
    (plugdir / "pymolcode_plugin").parent.mkdir()
    (plugdir / "pymolcode_plugin").symlink_to(ROOT / "pymolcode_plugin")
    (plugdir / "fractions.py").write_text("raise SystemExit('another plugin was imported')")
    private = tmp_path / "user" / "dependencies" / f"py{sys.version_info.major}.{sys.version_info.minor}"
    private.mkdir(parents=True)
    (private / "in_the_private_folder.py").write_text("import fractions, sys; print('ran', sys.argv[1:])")
    command = [sys.executable, "-S", str(plugdir / "pymolcode_plugin" / "child.py")]
    done = subprocess.run(
        [*command, "in_the_private_folder", "a", "b"],
        env=environment(tmp_path, PYMOLCODE_HOME=str(tmp_path / "user")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "ran ['a', 'b']\n", done.stderr


def test_the_command_of_a_child_names_the_module_and_its_arguments():
    command = interpreter.child_command("pymolcode_plugin.bootstrap", "--x")
    assert command[0] == sys.executable
    assert command[2:] == ["pymolcode_plugin.bootstrap", "--x"]
    subprocess.run(command, check=True)
