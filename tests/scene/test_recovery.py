import subprocess
import sys

import pytest

from pymolcode_plugin.scene.history import History
from pymolcode_plugin.scene.recovery import discard, load_recovered, recoverable

SCRIPT = """
import sys
from pathlib import Path
import pymol
pymol.invocation.parse_args(["pymol", "-cqk"])
from pymol import cmd
from pymolcode_plugin.scene.history import History
cmd.load(sys.argv[1], quiet=1)
history = History(cmd, Path(sys.argv[2]))
history.keep()
cmd.do("color red, chain A\\nmset 1 x3\\nmdo 1: color green\\nset sphere_scale, 2, organic\\nset bg_rgb, white")
mark = history.keep()
history.shelf.wait()
print("READY", mark.hash, flush=True)
sys.stdin.readline()
history.close()
"""


@pytest.fixture
def other(shipped, tmp_path):
    """Another PyMOL that keeps its scene in a folder of sessions, and the hash of that scene."""
    arguments = [sys.executable, "-c", SCRIPT, str(shipped / "tut" / "1hpv.pdb"), str(tmp_path / "one")]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        line = next(line for line in process.stdout if line.startswith("READY"))
        yield process, line.split()[1]
        process.kill()


def test_the_scene_of_a_killed_pymol_comes_back(other, cmd, tmp_path):
    process, wanted = other
    assert recoverable(tmp_path) == []  # its process lives
    process.kill()
    process.wait()
    (found,) = recoverable(tmp_path)
    assert found.folder == (tmp_path / "one")
    assert (found.n_objects, found.n_atoms) == (1, 1631)
    cmd.fragment("phe")
    cmd.alter("all", "segi, chain, resn, name = 'S', 'X' + name, 'R' + name, 'N' + name")  # texts of its own
    cmd.label("all", "'text ' + name")
    history = History(cmd)
    mark = history.adopt(load_recovered(found.folder))
    assert mark.hash == wanted
    diff = history.restore(mark.number)
    assert (diff.added, diff.removed) == (("1hpv",), ("phe",))
    assert "not as it was" not in diff.text
    assert history.keep().hash == wanted
    assert cmd.count_atoms("color red") == 758
    assert cmd.get_chains("1hpv") == ["", "A", "B"]
    assert cmd.get_movie_locked() > 0  # commands of a movie from a file wait for the user
    cmd.set_wizard()
    discard(found.folder)
    assert recoverable(tmp_path) == []
    assert not found.folder.exists()


def test_a_pymol_that_ended_well_leaves_nothing_to_recover(other, tmp_path):
    process, _ = other
    process.communicate("\n", timeout=60)
    assert process.returncode == 0
    assert recoverable(tmp_path) == []
    assert not (tmp_path / "one").exists()


def test_the_folder_of_a_living_session_is_not_discarded(other, tmp_path):
    discard(tmp_path / "one")
    assert ((tmp_path / "one") / "newest.state").is_file()


def test_a_damaged_file_is_passed_over(tmp_path):
    for name, data in (("one", b""), ("two", b"{}\n"), ("three", b'{"when": "x"}\n'), ("four", b"\x80\x04.\n")):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "newest.state").write_bytes(data)
    assert recoverable(tmp_path) == []
    assert recoverable(tmp_path / "nowhere") == []
