import os
import sys

from installer import versions

from ..pymol_process import ROOT

PYPROJECT = """
[project]
dependencies = [
  # Why.
  "one[extra]>=2.54,<3",
  "two>=1.15,<3; python_version>='3.11'",
  "two>=1.9,<2; python_version<'3.11'",
]

[project.optional-dependencies]
test = ["three>=8"]
"""


def test_floors_are_those_of_the_dependencies_with_their_markers():
    assert versions.floors(PYPROJECT).splitlines() == [
        "one==2.54",
        "two==1.15; python_version>='3.11'",
        "two==1.9; python_version<'3.11'",
    ]


def test_every_dependency_of_ours_has_a_floor():
    text = (ROOT / "pyproject.toml").read_text()
    declared = [
        line for line in text.partition("\ndependencies = [")[2].partition("\n]")[0].splitlines() if '"' in line
    ]
    entries = [line for line in declared if not line.lstrip().startswith("#")]
    assert len(versions.floors(text).splitlines()) == len(entries) + 1 > 10


def test_a_launcher_that_cannot_run_is_no_python(tmp_path, monkeypatch):
    launcher = tmp_path / "python3.10"
    launcher.write_text("#!/bin/sh\nexit 127\n")
    launcher.chmod(0o755)
    monkeypatch.setattr(versions, "OLDEST", (3, 10) if sys.version_info[:2] != (3, 10) else (3, 9))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", os.devnull)
    assert versions.oldest_python() == ""


def test_only_files_with_the_mark_are_run_elsewhere():
    names = {path.name for path in versions.marked(ROOT)}
    assert "test_node_servers.py" in names
    assert "test_dock.py" not in names
