"""What a fresh PyMOL beside this one does with a script, and what it does not do again."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.scene import replay_beside


async def run(script, folder, **more):
    path = folder / "s.py"
    path.write_text(script)
    return await replay_beside.run(
        (("py", str(path)), ("keep", "came")), viewport=(320, 240), folder=str(folder), **more
    )


async def test_a_script_runs_and_its_scene_comes_back(tmp_path):
    came = await run("from pymol import cmd\ncmd.pseudoatom('tip')\ncmd.color('red', 'tip')", tmp_path)
    assert came.errors == ()
    assert [*came.states["came"].objects()] == ["tip"]


async def test_nothing_is_written_sent_or_started_again(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "there.txt").write_text("as it was")
    code = f"""
import os, socket, subprocess
from pathlib import Path
from pymol import cmd
os.chdir({str(outside)!r})
cmd.pseudoatom("tip")
cmd.save("a.pdb")
cmd.png("b.png", ray=1)
with open("c.txt", "w") as file:
    file.write("new")
with open("c.txt") as file:
    assert file.read() == "new"
Path("there.txt").write_text("other")
for act in (
    lambda: os.remove("there.txt"),
    lambda: os.rename("there.txt", "x"),
    lambda: subprocess.run(["touch", "d.txt"]),
    lambda: os.system("touch e.txt"),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: os.open("f.txt", os.O_CREAT | os.O_WRONLY),
):
    try:
        act()
    except PermissionError:
        cmd.pseudoatom("refused")
"""
    came = await run(code, tmp_path)
    assert sorted(path.name for path in outside.iterdir()) == ["there.txt"]
    assert (outside / "there.txt").read_text() == "as it was"
    assert came.states["came"].objects()["refused"].atoms.n_atoms == 6
    assert len([text for text in came.errors if text.startswith("not done again")]) == len(came.errors) == 6


async def test_what_fails_is_told_and_the_scene_until_then_comes_back(tmp_path):
    came = await run("from pymol import cmd\ncmd.pseudoatom('a')\n1/0\ncmd.pseudoatom('b')", tmp_path)
    assert [*came.states["came"].objects()] == ["a"]
    assert came.errors == ("ZeroDivisionError: division by zero",)


async def test_a_script_that_does_not_end_is_ended(tmp_path):
    with pytest.raises(SceneError, match="longer than 1 s"):
        await run("while True: pass", tmp_path, limit_s=1)


@pytest.mark.skipif(os.name == "nt", reason="a named pipe")
async def test_stopping_ends_the_process(tmp_path):
    sign = tmp_path / "pid"
    os.mkfifo(sign)
    code = f"import os\nfile = os.open({str(sign)!r}, os.O_RDONLY)\nwhile True: pass"
    waiting = asyncio.ensure_future(run(code, tmp_path))
    descriptor = await asyncio.to_thread(os.open, sign, os.O_WRONLY)  # until the script has opened it
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(BrokenPipeError):  # nobody reads any more
        os.write(descriptor, b"x")
    os.close(descriptor)


async def test_a_notebook_runs_cell_after_cell_in_its_folder(tmp_path):
    (tmp_path / "books").mkdir()
    book = tmp_path / "books" / "b.ipynb"
    cells = [
        {"cell_type": "code", "source": ["import os\n", "from pymol import cmd"]},
        {"cell_type": "markdown", "source": ["nonsense("]},
        {"cell_type": "code", "source": ["cmd.pseudoatom(os.path.basename(os.getcwd()))"]},
    ]
    book.write_text(json.dumps({"cells": cells}))
    steps = (("ipynb", str(book)), ("keep", "came"))
    came = await replay_beside.run(steps, viewport=(320, 240), folder=str(tmp_path))
    assert [*came.states["came"].objects()] == ["books"]
    assert Path.cwd() != book.parent
