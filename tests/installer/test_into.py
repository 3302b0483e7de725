import os
import sys

import pytest

from installer import into
from installer.steps import StepFailed

from ..pymol_process import ROOT, environment, python_with_pymol_only, run_inside


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    for name in list(os.environ):
        if name not in environment(folder):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.mark.window
def test_the_shim_makes_pymol_load_the_installed_package_at_its_next_start(home):
    (home / ".pymolpluginsrc.py").write_text(
        "import pymol.plugins\npymol.plugins.preferences = {'verbose': False, 'kept': 7}\n"
    )
    about = into._inside(sys.executable, "write-shim")
    assert about["shim"] == str(home / ".pymol" / "startup" / "pymolcode_shim.py")
    assert "'kept': 7" in (home / ".pymolpluginsrc.py").read_text()

    seen = run_inside("look_at_start", home, plugin="pymolcode_shim", more_path=ROOT)
    assert seen["loaded"]
    assert seen["menu"].count("pymolcode") == 1
    assert seen["same_submodule"]


def test_writing_the_shim_twice_lists_the_folder_once(home):
    into._inside(sys.executable, "write-shim")
    into._inside(sys.executable, "write-shim")
    settings = (home / ".pymolpluginsrc.py").read_text()
    assert settings.count(str(home / ".pymol" / "startup")) == 1


def test_a_python_without_pymol_is_refused_with_the_command_that_installs_it(home, tmp_path):
    import venv

    venv.create(tmp_path / "bare", with_pip=False)
    with pytest.raises(StepFailed, match="No module named 'pymol'") as failure:
        into.install(ROOT, str(tmp_path / "bare" / "bin" / "python"))
    assert "pip install pymol-open-source" in failure.value.remedy


def test_a_python_without_pip_is_refused_with_a_remedy(home, tmp_path):
    python = python_with_pymol_only(tmp_path / "python")
    with pytest.raises(StepFailed, match="no pip") as failure:
        into.install(ROOT, str(python))
    assert "ensurepip" in failure.value.remedy


def test_a_path_that_is_no_program_is_refused(home):
    with pytest.raises(StepFailed, match="is no program"):
        into.install(ROOT, "/no/such/python")
