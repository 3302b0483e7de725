import os
import sys
import threading
from pathlib import Path

import pytest

from installer import archive
from pymolcode_plugin import bootstrap, dependencies
from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import InstallFailed

from .pymol_process import ROOT, fake_wheel


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """As from the Plugin Manager's archive: a list of requirements beside the package, here of one."""
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(bootstrap, "REQUIRED_IMPORTS", ("pymolcode_fake",))
    requirements = tmp_path / "resources" / "requirements.txt"
    requirements.parent.mkdir()
    requirements.write_text("pymolcode-fake==1.0\n")
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / "resources" / name)
    return requirements


@pytest.fixture
def wheels(tmp_path):
    fake_wheel(tmp_path / "wheels", "pymolcode_fake", ["pymolcode_fake"])
    return tmp_path / "wheels"


def siblings():
    return sorted(path.name for path in bootstrap.dependency_folder().parent.iterdir())


def test_a_folder_of_wheels_is_installed_without_a_network_and_importable_at_once(shipped, wheels):
    lines = []
    folder = dependencies.install(lines.append, wheel_folder=wheels)
    assert (folder / "pymolcode_fake.py").is_file()
    assert bootstrap.missing() == ()
    assert any("Successfully installed" in line for line in lines)
    assert siblings() == [folder.name]


def test_an_older_installation_is_replaced_whole(shipped, wheels):
    old = bootstrap.dependency_folder() / "of_an_older_version.py"
    old.parent.mkdir(parents=True)
    old.write_text("")
    dependencies.install(lambda _line: None, wheel_folder=wheels)
    assert not old.exists()
    assert siblings() == [bootstrap.dependency_folder().name]


def test_a_failed_installation_keeps_the_older_one_and_leaves_nothing_else(shipped, wheels):
    old = bootstrap.dependency_folder() / "of_an_older_version.py"
    old.parent.mkdir(parents=True)
    old.write_text("")
    shipped.write_text("pymolcode-fake==2.0\n")
    with pytest.raises(InstallFailed, match=r"pymolcode-fake==2\.0") as failure:
        dependencies.install(lambda _line: None, wheel_folder=wheels)
    assert "pip download" in failure.value.hint
    assert old.exists()
    assert siblings() == [bootstrap.dependency_folder().name]


def test_a_corrupt_wheel_leaves_nothing_behind(shipped, wheels):
    (wheels / "pymolcode_fake-1.0-py3-none-any.whl").write_bytes(b"PK no zip at all")
    with pytest.raises(InstallFailed, match=r"pymolcode_fake"):
        dependencies.install(lambda _line: None, wheel_folder=wheels)
    assert siblings() == []


def test_a_folder_without_wheels_is_refused_with_the_command_that_fills_it(shipped, tmp_path):
    with pytest.raises(InstallFailed, match="no wheels") as failure:
        dependencies.install(lambda _line: None, wheel_folder=tmp_path)
    assert "pip download" in failure.value.hint
    assert '"pymolcode-fake==1.0"' in failure.value.hint


def test_stop_ends_a_pip_that_prints_nothing(shipped, monkeypatch, tmp_path):
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n")
    monkeypatch.setattr(dependencies, "pip_command", lambda: [sys.executable, str(sleeper)])
    printed, stop = [], threading.Event()

    def on_line(line):
        printed.append(line)
        stop.set()

    with pytest.raises(InstallFailed, match="cancelled"):
        dependencies.install(on_line, cancelled=stop.is_set)
    with pytest.raises(ProcessLookupError):
        os.kill(int(printed[0]), 0)
    assert siblings() == []


def test_a_stopped_pip_leaves_nothing_in_the_temporary_folder_either(shipped, monkeypatch, tmp_path):
    unpacker = tmp_path / "unpacker.py"
    unpacker.write_text("import tempfile, time\nprint(tempfile.mkdtemp(), flush=True)\ntime.sleep(600)\n")
    monkeypatch.setattr(dependencies, "pip_command", lambda: [sys.executable, str(unpacker)])
    printed, stop = [], threading.Event()

    def on_line(line):
        printed.append(Path(line))
        stop.set()

    with pytest.raises(InstallFailed, match="cancelled"):
        dependencies.install(on_line, cancelled=stop.is_set)
    assert not printed[0].exists()
    assert siblings() == []


def test_a_user_folder_that_cannot_be_written_is_named_with_the_remedy(shipped, wheels):
    (bootstrap.dependency_folder().parent).write_text("a file where a folder should be")
    with pytest.raises(InstallFailed, match="cannot be written") as failure:
        dependencies.install(lambda _line: None, wheel_folder=wheels)
    assert "PYMOLCODE_HOME" in failure.value.hint


def test_pip_settings_of_the_user_do_not_break_the_installation(shipped, wheels, monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    assert dependencies.install(lambda _line: None, wheel_folder=wheels).is_dir()


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "Free about",
        ),
        ("ERROR: Could not install packages: [Errno 13] Permission denied: '/x'", "PYMOLCODE_HOME"),
        ("WARNING: Retrying: NewConnectionError: Failed to establish a new connection", "folder of wheels"),
    ],
)
def test_what_pip_prints_becomes_a_remedy(shipped, printed, words):
    failure = dependencies._explained([printed], 1)
    assert words in failure.hint


def test_without_pip_the_copy_of_ensurepip_is_used(monkeypatch, tmp_path):
    (tmp_path / "pip-99.0-py3-none-any.whl").write_bytes(b"")
    monkeypatch.setattr(dependencies.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dependencies.sysconfig, "get_config_var", lambda _name: str(tmp_path))
    assert dependencies.pip_command()[1] == str(tmp_path / "pip-99.0-py3-none-any.whl" / "pip")


def test_without_any_pip_the_reason_names_the_interpreter(monkeypatch):
    monkeypatch.setattr(dependencies.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dependencies.sysconfig, "get_config_var", lambda _name: None)
    with pytest.raises(InstallFailed, match="has no pip"):
        dependencies.pip_command()


@pytest.mark.parametrize(
    ("declared", "wanted"),
    [
        ("pydantic<3,>=2.12", "pydantic<3,>=2.12"),
        ("xllamacpp>=2026.10; extra == 'local'", "xllamacpp>=2026.10"),
        ("PyQt5>=5.15; (python_version < '3.14') and extra == 'pymol'", ""),
        ("x>=1; (python_version < '3.14') and extra == 'local'", "x>=1; python_version < '3.14'"),
        ("anthropic<2; python_version < '3.11'", "anthropic<2; python_version < '3.11'"),
    ],
)
def test_of_a_pip_installations_metadata_only_what_the_panel_needs_is_kept(declared, wanted):
    assert dependencies._without_extra(declared, "local") == wanted


def test_a_checkout_and_the_archive_ask_for_the_same_things(monkeypatch):
    pytest.importorskip("packaging")
    from packaging.requirements import Requirement

    def normal(items):
        return sorted(str(Requirement(item)) for item in items)

    from importlib.metadata import PackageNotFoundError, requires

    try:
        requires("pymolcode")
    except PackageNotFoundError:
        pytest.skip("pymolcode is not installed in this environment")
    assert normal(dependencies.requirements()) == normal(archive.requirements(ROOT))
