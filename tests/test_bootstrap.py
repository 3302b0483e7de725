import ast
import importlib.metadata
import re
import sys

import pytest

from installer import archive
from pymolcode_plugin import bootstrap

from .pymol_process import ROOT


@pytest.fixture
def user_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path / "user"


def test_there_is_one_private_folder_for_each_python_version(user_folder):
    version = f"py{sys.version_info.major}.{sys.version_info.minor}"
    assert bootstrap.dependency_folder() == user_folder / "dependencies" / version


def test_the_private_folder_stands_last_so_that_pymols_own_packages_win(user_folder):
    bootstrap.dependency_folder().mkdir(parents=True)
    assert bootstrap.activate()
    assert sys.path[-1] == str(bootstrap.dependency_folder())


def test_activating_twice_adds_the_folder_once(user_folder):
    bootstrap.dependency_folder().mkdir(parents=True)
    bootstrap.activate()
    bootstrap.activate()
    assert sys.path.count(str(bootstrap.dependency_folder())) == 1


def test_without_a_private_folder_the_path_stays_as_it_was(user_folder):
    before = list(sys.path)
    assert not bootstrap.activate()
    assert sys.path == before


def test_a_home_that_cannot_be_written_does_not_break_pymols_start(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "file" / "user"))
    assert not bootstrap.activate()


def test_pth_files_of_installed_packages_are_honoured(user_folder):
    extra = bootstrap.dependency_folder() / "win32"
    extra.mkdir(parents=True)
    (bootstrap.dependency_folder() / "pywin32.pth").write_text("win32\n")
    bootstrap.activate()
    assert str(extra) in sys.path


def test_a_module_that_cannot_be_found_is_named(monkeypatch):
    monkeypatch.setattr(bootstrap, "REQUIRED_IMPORTS", ("json", "no_such_module"))
    assert bootstrap.missing() == ("no_such_module",)


def test_every_declared_dependency_is_looked_for():
    looked_for = set(bootstrap.REQUIRED_IMPORTS)
    not_looked_for = {name for name in _declared() - {"xllamacpp"} if not _modules(name) & looked_for}
    assert not_looked_for == set()


def test_every_declared_dependency_is_imported_somewhere():
    imported = {name for path in (ROOT / "pymolcode_plugin").rglob("*.py") for name in _imports(path)}
    unused = {name for name in _declared() if not _modules(name) & imported}
    assert unused == set()
    assert set(bootstrap.REQUIRED_IMPORTS) - imported == set()


def _declared():
    return {re.split(r"[\[<>=;~! ]", item)[0] for item in archive.requirements(ROOT)}


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def _modules(distribution):
    return {file.parts[0].removesuffix(".py") for file in importlib.metadata.files(distribution) or ()}
