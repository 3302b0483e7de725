import hashlib
import re
import shutil
import zipfile

import pytest

from installer import archive
from installer.steps import StepFailed

from ..pymol_process import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return archive.build(ROOT, tmp_path_factory.mktemp("dist"))


def names(path):
    with zipfile.ZipFile(path) as opened:
        return opened.namelist()


def test_pymol_reads_the_packages_name_from_the_archives_name(built):
    found = re.match(r"(\w+).*\.(py|zip|tar.gz)$", built.name)
    assert found
    assert found.group(1) == "pymolcode_plugin"


def test_it_holds_one_package_with_its_assets_and_nothing_that_was_compiled(built):
    inside = names(built)
    assert {name.split("/")[0] for name in inside} == {"pymolcode_plugin"}
    for folder in archive.ASSETS:
        shipped = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        for path in shipped:
            assert f"pymolcode_plugin/{path.relative_to(ROOT).as_posix()}" in inside
    assert [name for name in inside if "__pycache__" in name or name.endswith(".pyc")] == []


def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    again = archive.build(ROOT, tmp_path)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(built.read_bytes()).digest()
    with zipfile.ZipFile(built) as opened:
        assert {info.date_time for info in opened.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert opened.namelist() == sorted(opened.namelist())


def test_the_requirements_inside_are_those_of_pyproject_with_the_local_model(built):
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    with zipfile.ZipFile(built) as opened:
        inside = opened.read(archive.REQUIREMENTS).decode().splitlines()
    assert inside == project["dependencies"] + project["optional-dependencies"]["local"]


def test_the_header_that_the_plugin_manager_shows_has_the_packages_version():
    header = (ROOT / "pymolcode_plugin" / "__init__.py").read_text().splitlines()[0]
    assert header == f"# Version: {archive.version(ROOT)}"


def test_an_incomplete_checkout_is_refused_with_a_remedy(tmp_path):
    shutil.copytree(ROOT / "pymolcode_plugin", tmp_path / "pymolcode_plugin")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with pytest.raises(StepFailed, match="LICENSE") as failure:
        archive.build(tmp_path, tmp_path / "dist")
    assert "Remedy" in failure.value.text
    assert not (tmp_path / "dist").exists()
