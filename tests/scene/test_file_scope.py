import os
import sys
from pathlib import Path

import pytest

from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.scene import file_scope


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a picture in it and a link to the folder beside it."""
    home, work, other = tmp_path / "home", tmp_path / "home" / "work", tmp_path / "other"
    for path in (home, work, other, work / "sub"):
        path.mkdir()
    (work / "figure.png").write_bytes(b"x" * 120_000)
    (work / "link").symlink_to(other)
    (work / "file_link").symlink_to(other / "x.pdb")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("ELSEWHERE", str(other))
    monkeypatch.chdir(work)
    return work


def expand(path):
    return os.path.expandvars(os.path.expanduser(path))  # noqa: PTH111  # as PyMOL does it


@pytest.mark.parametrize("path", ["x.pdb", "sub/x.pdb", "./x.pdb", "sub/../x.pdb", "../work/x.pdb", "new/folder/x.pdb"])
def test_what_is_below_the_working_folder_is_inside(folder, path):
    found = file_scope.assess_file(path, writes=True, expand=expand)
    assert found.risks == {Risk.FILE}
    assert not found.outside


def test_an_absolute_path_and_the_home_are_followed_to_the_working_folder(folder):
    assert not file_scope.assess_file(str(folder / "x.pdb"), writes=True).outside
    assert not file_scope.assess_file("~/work/x.pdb", writes=True, expand=expand).outside


@pytest.mark.parametrize(
    "path",
    [
        "../x.pdb", "sub/../../x.pdb", "/etc/passwd", "~/x.pdb", "~root/x.pdb", "$HOME/x.pdb", "${ELSEWHERE}/x.pdb",
        "link/x.pdb", "file_link", "link/../other/x.pdb", ".ssh/config", "sub/.hidden", ".env", "sub/.git/../x/.y",
        "C:\\x.pdb", "c:x.pdb", "\\\\server\\share\\x.pdb", "//server/share/x.pdb", ".", "", "..", "pymolrc",
        "pymolrc.py", "sub/PYMOLRC.pml", "a\0b",
    ],
)  # fmt: skip
@pytest.mark.parametrize("writes", [True, False])
def test_everything_else_is_outside(folder, path, writes):
    assert file_scope.assess_file(path, writes=writes, expand=expand).outside


def test_a_path_that_cannot_be_written_at_all_is_outside(folder):
    assert file_scope.assess_file("x" * 5000, writes=True).outside


def test_replacing_a_file_is_asked_about_with_its_size(folder):
    found = file_scope.assess_file("figure.png", writes=True)
    assert found.outside
    assert found.effects == ("replaces figure.png (120 kB)",)
    assert not file_scope.assess_file("figure.png", writes=False).outside


def test_the_effect_says_where_the_file_is(folder):
    assert file_scope.assess_file("sub/a.pdb", writes=True).effects == ("writes sub/a.pdb in the working folder",)
    assert file_scope.assess_file("/etc/passwd", writes=False).effects == (
        "reads /etc/passwd, outside the working folder",
    )


def test_what_comes_with_pymol_may_be_read_and_not_written(folder, shipped):
    path = str(shipped / "tut" / "1hpv.pdb")
    assert not file_scope.assess_file(path, writes=False).outside
    assert file_scope.assess_file(path, writes=True).outside


def test_a_working_folder_that_is_the_home_holds_its_plain_files(folder, monkeypatch):
    monkeypatch.chdir(Path.home())
    assert file_scope.inside("x.pdb")
    assert file_scope.inside("work/x.pdb")
    assert not file_scope.inside(".bashrc")
    assert not file_scope.inside(".config/x/y.pdb")


@pytest.mark.parametrize("above", ["/", ".."])
def test_a_working_folder_that_is_the_root_or_above_the_home_holds_nothing(folder, monkeypatch, above):
    monkeypatch.chdir(Path.home() / above)
    assert not file_scope.inside("x.pdb")
    assert not file_scope.inside(str(folder / "x.pdb"))


def test_a_working_folder_inside_a_hidden_folder_is_no_hidden_place(folder, monkeypatch):
    place = folder / ".projects" / "one"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    assert file_scope.inside("x.pdb")
    assert file_scope.inside(str(place / "x.pdb"))
    assert not file_scope.inside("../x.pdb")


@pytest.mark.parametrize("path", ["json.py", "sub/sitecustomize.py", "pymol.py", "numpy.pyc", "numpy.cpython-311-x.so"])
def test_a_module_that_would_hide_one_of_pythons_is_asked_for(folder, path):
    found = file_scope.assess_file(path, writes=True)
    assert found.outside
    assert "Python may run" in found.effects[0]
    assert not file_scope.assess_file(path, writes=False).outside


def test_any_module_is_asked_for_where_python_imports_from_the_working_folder(folder, monkeypatch):
    assert not file_scope.assess_file("figure.py", writes=True).outside
    monkeypatch.setattr("sys.path", [*sys.path, ""])
    assert file_scope.assess_file("figure.py", writes=True).outside
    assert file_scope.assess_file("figures/__init__.py", writes=True).outside
    assert not file_scope.assess_file("figure.pml", writes=True).outside
