"""The archive through PyMOL's own Plugin Manager, in real windows and fresh homes."""

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
