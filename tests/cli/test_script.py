"""What `--script` writes makes the same scene again in a fresh PyMOL."""

import asyncio
import itertools
import subprocess
import sys

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.cli.ask import remark, script
from pymolcode_plugin.core.events import StepFinished
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue

from ..structure_server import StructureServer, reply

LOOKS = (
    ("color", {"selection": "chain A", "color": "marine"}),
    ("color", {"selection": "all", "color": "element"}),
    ("color", {"selection": "chain B", "color": "b", "minimum": 5, "maximum": 60}),
    ("show", {"selection": "polymer", "representation": "cartoon", "mode": "as"}),
    ("show", {"selection": "resi 40;", "representation": "sticks"}),
    ("label", {"selection": "organic or resi 25", "text": "residue"}),
    ("label", {"selection": "resi 30 and name CA", "text": "\"it's; a, 'label' # x\""}),
    ("set", {"setting": "bg_rgb", "value": "white"}),
    ("set", {"setting": "sphere_scale", "value": "0.4", "selection": "organic"}),
    ("set", {"setting": "label_position", "value": "[1,2,3]"}),
    ("view", {"action": "zoom", "selection": "organic"}),
    ("view", {"action": "store", "scene": "F1"}),
    ("view", {"action": "orient", "selection": "chain A"}),
    ("view", {"action": "store", "scene": "my scene"}),
    ("view", {"action": "recall", "scene": "F1"}),
    ("movie", {"action": "roll", "frames": 20}),
)
OBJECTS = (
    ("select", {"name": "site", "selection": "byres (polymer within 4 of organic)"}),
    ("measure", {"what": "distance", "selections": ["organic and name O1", "resi 25 and name OD1"], "draw": "d1"}),
    ("measure", {"what": "area", "selections": ["organic"]}),
    ("objects", {"action": "create", "name": "lig", "source": "organic"}),
    ("objects", {"action": "copy", "name": "both", "source": "1hpv"}),
    ("objects", {"action": "extract", "name": "wat", "source": "1hpv and solvent"}),
    ("alter", {"selection": "chain B and 1hpv", "property": "resi", "value": "=str(resv+200)"}),
    ("alter", {"selection": "lig", "property": "resn", "value": "X'Y"}),
    ("align", {"mobile": "both", "target": "1hpv", "object": "aln"}),
    ("delete", {"names": ["wat"]}),
    ("delete", {"atoms": "both and resi 1-10"}),
    ("symmetry", {"action": "cell", "object": "1hpv"}),
    ("objects", {"action": "rename", "name": "lig2", "source": "lig"}),
    ("objects", {"action": "disable", "name": "both"}),
    ("undo", {"steps": 2}),
    ("undo", {"steps": 1, "redo": True}),
)
BLOCK = """
# a comment
python
for i in range(3):
    cmd.pseudoatom('p%d' % i, pos=[i, 0, 0])
python end
color yellow, p1; show spheres, p2; count_atoms all
sele far, \\
  resi 1-5
"""
CODE = (
    ("run_pymol", {"commands": BLOCK}),
    ("run_pymol", {"commands": "color orange, p0\nnonsense here\ncolor black, all"}),
    ("run_python", {"code": "def f():\n    cmd.translate([1, 2, 3], 'p1')\n\nf()\nx = 3\ncmd.count_atoms('all')"}),
    ("run_python", {"code": "cmd.color('red', 'p2')\nraise ValueError('x')"}),
    ("run_python", {"code": "text = '''\npython end\n'''\ncmd.alter('p1', 'name=\"Q%d\"' % x)"}),
)


class Willing:
    """Allows everything."""

    async def ask(self, question):
        return Answer(allowed=True)


@pytest.fixture
def events():
    return []


@pytest.fixture
def call(gateway, events, tmp_path, monkeypatch):
    catalogue, numbers = Catalogue(TOOLS), itertools.count(1)
    policy = Policy(Rules(tmp_path / "rules.yaml"))
    door = Door(catalogue.find, catalogue.names, gateway, gateway, Willing(), policy, working_folder=lambda: "")
    monkeypatch.chdir(tmp_path)

    async def run(name, arguments):
        await door.look_again()
        return await door.call(Turn("t1", events.append), f"c{next(numbers)}", name, arguments)

    return run


@pytest.fixture
def replayed(gateway, events, cmd, tmp_path):
    """Runs the script in another process; what differs then from the scene as it is, in words."""

    async def run():
        before = await gateway.keep()
        (tmp_path / "out.pml").write_text("\n".join([*script(events), ""]), encoding="utf-8")
        command = [sys.executable, "-m", "pymol", "-cqk", "out.pml", "-d", "save again.pse"]
        await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, capture_output=True, timeout=100, check=True)
        cmd.set("security", 0)
        try:
            cmd.load(str(tmp_path / "again.pse"))
        finally:
            cmd.set("security", 1)  # `reinitialize` would leave it off, whatever the setting says then
        after = await gateway.keep()
        return after.hash == before.hash or (await gateway.compare(before.number, after.number)).text

    return run


@pytest.mark.parametrize("calls", [LOOKS, OBJECTS, CODE], ids=["looks", "objects", "code"])
async def test_the_same_scene_comes_of_it(call, replayed, shipped, calls):
    await call("load", {"file": str(shipped / "tut" / "1hpv.pdb")})
    results = [await call(*item) for item in calls]
    assert sum(bool(result.diff) for result in results) > len(calls) / 2
    assert await replayed() is True


async def test_a_colour_of_ones_own_is_defined_again(call, replayed, hiv_protease, shipped):
    hiv_protease.reinitialize()
    await call("load", {"file": str(shipped / "tut" / "1hpv.pdb")})
    await call("run_pymol", {"commands": "set_color mine, [0.1,0.2,0.3]\ncolor mine, chain A"})
    assert await replayed() in (True, "")  # the hash counts the number that PyMOL gave it, which a process may reuse


async def test_a_fetched_file_is_loaded_again_from_where_it_is_kept(call, replayed, shipped, monkeypatch, cmd):
    cmd.load(str(shipped / "demo" / "pept.pdb"))
    text = cmd.get_cifstr("all")
    cmd.reinitialize()
    async with StructureServer() as server:
        server.answer("/download/1abc.cif", reply(text))
        monkeypatch.setenv("PYMOLCODE_RCSB_URL", server.base)
        fetched = await call("fetch", {"id": "1abc"})
    assert fetched.ok, fetched.error
    assert await replayed() is True


async def test_saving_is_told_with_the_file_that_is_there_afterwards(call, events, hiv_protease, tmp_path):
    files = {name: str(tmp_path / name) for name in ("a.pdb", "b c.pse", "d.png")}
    await call("save", {"file": "a.pdb", "selection": "organic"})
    await call("save", {"file": "b c.pse"})
    await call("save", {"file": "d.png", "width_px": 60, "height_px": 40, "dpi": 150, "transparent": True})
    assert script(events) == [
        f"save {files['a.pdb']}, selection=organic, state=-1",
        f"save {files['b c.pse']}",
        "set ray_opaque_background, value=0",
        f"png {files['d.png']}, width=60, height=40, ray=1, dpi=150",
        "set ray_opaque_background, value=-1",
    ]


async def test_what_only_reads_or_failed_or_was_undone_is_not_in_it(call, events, hiv_protease):
    await call("run_pymol", {"commands": "count_atoms all\niterate first all, name"})
    await call("run_pymol", {"commands": "nonsense here"})
    await call("run_python", {"code": "raise ValueError('x')"})
    await call("color", {"selection": "all", "color": "nosuchcolour"})
    await call("run_pymol", {"commands": "color red, all"})
    await call("undo", {})
    assert script(events) == []


async def test_a_step_that_failed_half_way_tells_what_it_did(call, events, hiv_protease):
    await call("run_pymol", {"commands": "color red, chain A\nnonsense here"})
    steps = [event for event in events if isinstance(event, StepFinished)]
    assert [step.ok for step in steps] == [False]
    assert script(events) == ["color red, chain A"]


@pytest.mark.parametrize(
    "text", ["a; delete all", "in C:\\", "ends with \\ ", "it's (", "a\u2028delete all", "'''", "\\"]
)
def test_the_request_above_it_runs_nothing_and_swallows_nothing(hiv_protease, tmp_path, text):
    path = tmp_path / "out.pml"
    path.write_text("\n".join([*remark(text), "pseudoatom p1", ""]), encoding="utf-8")
    hiv_protease.do(f"@{path}")
    assert hiv_protease.get_names() == ["1hpv", "p1"]
