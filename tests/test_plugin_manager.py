"""The archive through PyMOL's own Plugin Manager, in real windows and fresh homes."""

import sys
from pathlib import Path

import pytest

from installer import archive
from pymolcode_plugin import bootstrap

from .pymol_process import ROOT, fake_wheel, python_with_pymol_only, run_inside

pytestmark = pytest.mark.window
PACKAGE = "pymolcode_plugin"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return archive.build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def plugdir(home):
    folder = home / ".pymol" / "startup"
    folder.mkdir(parents=True)
    return folder


def test_the_plugin_manager_installs_the_archive_and_the_next_start_loads_it(built, home, plugdir):
    first = run_inside("install_zip", home, zip=built, plugdir=plugdir)
    assert first["message_boxes"] == [f'Plugin "{PACKAGE}" has been installed.']
    assert first["loaded"]
    assert first["version"] == archive.version(ROOT)
    assert first["menu"].count("pymolcode") == 1

    second = run_inside("look_at_start", home)
    assert second["loaded"]
    assert second["menu"].count("pymolcode") == 1
    assert second["file"] == str(plugdir / PACKAGE / "bootstrap.py")


def test_there_is_one_copy_in_memory_whichever_name_it_is_imported_by(built, home, plugdir):
    run_inside("install_zip", home, zip=built, plugdir=plugdir)
    seen = run_inside("look_at_start", home)
    assert seen["same_package"]
    assert seen["same_submodule"]
    assert seen["spec"] == f"{PACKAGE}.bootstrap"
    assert {path: objects for path, objects in seen["copies"].items() if len(objects) > 1} == {}


def test_pymols_start_imports_nothing_heavy(built, home, plugdir):
    run_inside("install_zip", home, zip=built, plugdir=plugdir)
    assert run_inside("look_at_start", home)["heavy"] == []


def test_a_reinstall_asks_for_a_restart_and_keeps_one_menu_entry(built, home, plugdir):
    seen = run_inside("install_zip", home, zip=built, plugdir=plugdir, times=2)
    assert seen["message_boxes"][1:] == [
        "Plugin already installed. Reinstall?",
        f'Plugin "{PACKAGE}" has been installed.',
    ]
    assert any("Restart PyMOL" in line for line in seen["feedback"] + seen["output"].splitlines())
    assert seen["menu"].count("pymolcode") == 1


@pytest.fixture
def without_dependencies(built, home, plugdir, tmp_path):
    """A PyMOL that has nothing but itself, with the plugin installed and a list of one small requirement."""
    python = python_with_pymol_only(tmp_path / "python")
    seen = run_inside("install_zip", home, python=python, zip=built, plugdir=plugdir)
    (plugdir / PACKAGE / "resources" / "requirements.txt").write_text("fake-dependency==1.0\n")
    return python, seen


def test_missing_dependencies_leave_pymol_working_with_the_menu_entry(without_dependencies):
    _python, seen = without_dependencies
    assert seen["message_boxes"] == [f'Plugin "{PACKAGE}" has been installed.']
    assert seen["menu"].count("pymolcode") == 1
    assert "Plugin > pymolcode installs them" in "\n".join([*seen["feedback"], seen["output"]])


def test_dependencies_install_offline_from_wheels_and_the_panel_opens_at_once(without_dependencies, home, tmp_path):
    python, _ = without_dependencies
    wheels = tmp_path / "wheels"
    fake_wheel(wheels, "fake_dependency", bootstrap.REQUIRED_IMPORTS)
    seen = run_inside("install_dependencies", home, python=python, wheels=wheels)
    assert seen["said"] == ""
    assert set(seen["missing_before"]) == set(bootstrap.REQUIRED_IMPORTS)
    assert seen["missing_after"] == []
    assert seen["opened"] == [["register", {"with_menu": False}], ["open_panel", {}]]
    assert seen["menu"].count("pymolcode") == 1
    assert not seen["dialog_visible"]
    assert seen["belongs_to_window"]
    assert "The model itself is another download" in seen["offer"]
    assert "--no-index" in seen["command"]
    assert seen["last_on_path"] == seen["folder"]
    assert seen["atoms"] == 10


def test_a_failed_installation_says_what_to_do_and_leaves_nothing(without_dependencies, home, tmp_path):
    python, _ = without_dependencies
    wheels = tmp_path / "wheels"
    fake_wheel(wheels, "something_else", ["something_else"])
    seen = run_inside("install_dependencies", home, python=python, wheels=wheels)
    assert "No matching distribution found for fake-dependency==1.0" in seen["said"]
    assert "pip download" in seen["said"]
    assert seen["left"] == []
    assert seen["opened"] == []
    assert seen["dialog_visible"]
    assert seen["atoms"] == 10


@pytest.mark.registry
def test_the_real_packages_install_from_the_registry_and_the_panel_answers_without_a_restart(
    built, home, plugdir, tmp_path
):
    python, temporary = python_with_pymol_only(tmp_path / "python"), tmp_path / "temporary"
    temporary.mkdir()
    env = {"PYMOLCODE_MODEL": "builtin", **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))}
    untouched = _environment_of(python)
    run_inside("install_zip", home, python=python, env=env, zip=built, plugdir=plugdir)

    first = run_inside("install_for_real", home, python=python, env=env, timeout_s=500, shots=tmp_path)
    version = f"py{sys.version_info.major}.{sys.version_info.minor}"
    folder = home / ".pymolcode" / "dependencies" / version
    offer, installation = first["offer"], first["installation"]
    assert set(first["missing_before"]) == set(bootstrap.REQUIRED_IMPORTS)
    assert str(folder) in offer["text"]
    assert ".whl" in offer["command"], "this Python has no pip but the bundled one"
    assert "--only-binary=:all:" in offer["command"]
    assert "Successfully installed" in installation["log"]
    assert installation["follows_the_end"]
    _assert_answered(first, folder, plugdir)
    assert [path.name for path in folder.parent.iterdir()] == [version]
    assert _mb_in(temporary) < 1

    second = run_inside("install_for_real", home, python=python, env=env, shots=tmp_path)
    assert second["missing_before"] == []
    assert second["offer"] is None
    _assert_answered(second, folder, plugdir)
    assert _mb_in(temporary) < 1
    assert _environment_of(python) == untouched


def _assert_answered(seen, folder, plugdir):
    assert seen["shown"].startswith("color chain A red")
    assert "recoloured 758 atoms of 1hpv" in seen["shown"]
    assert seen["red"] == "758 of 758 atoms of chain A, 758 of all"
    assert seen["menu"].count("pymolcode") == 1
    assert seen["dialogs"] == []
    assert seen["focus"], "one can type at once"
    assert {path: objects for path, objects in seen["copies"].items() if len(objects) > 1} == {}
    assert all(Path(path).is_relative_to(plugdir) for path in seen["copies"])
    come_from = {**seen["from"], "xllamacpp": seen["runtime"]}
    assert {name: path for name, path in come_from.items() if not Path(path).is_relative_to(folder)} == {}
    assert seen["last_on_path"] == str(folder)


def _environment_of(python):
    """What lies in that environment and beside the PyMOL it borrows, with the time of its last change."""
    import pymol

    own, lent = python.parents[1].rglob("*"), Path(pymol.__file__).parents[1].iterdir()
    found = {str(path): path.lstat().st_mtime_ns for path in own} | {str(path): 0 for path in lent}
    return {path: changed for path, changed in found.items() if "__pycache__" not in path}


def _mb_in(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6
