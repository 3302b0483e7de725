"""Whatever the tools did, undoing all of it brings the session back exactly, and redoing it brings it there again."""

import asyncio
import itertools
import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymol import setting as pymol_setting

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.scene.gateway import Gateway
from pymolcode_plugin.scene.headless_drain import make_executor
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue

STRUCTURES = ("tut/1hpv.pdb", "demo/pept.pdb", "demo/il2.pdb")
SELECTIONS = st.sampled_from(
    (
        "all",
        "chain A",
        "chain B and resi 20-40",
        "organic",
        "name CA",
        "solvent",
        "resn ASP",
        "first all",
        "none",
        "%s1",
    )
)
NAMES = st.sampled_from(("s1", "s2", "thing", "all", "name", "ü", "1hpv", "pept"))
COLORS = st.sampled_from(("red", "element", "chain", "b", "rainbow", "ss", "0x00ff80", "nocolour"))
REPRESENTATIONS = st.sampled_from(("sticks", "cartoon", "lines", "spheres", "labels", "dots", "everything"))
ACTIONS = ("create", "extract", "copy", "rename", "group", "enable", "disable")
VIEWS = ("zoom", "orient", "center", "turn", "clip", "reset", "store", "recall", "delete")


def tool(tool_name, /, **arguments):
    return st.tuples(st.just(tool_name), st.fixed_dictionaries(arguments))


CALLS = st.one_of(
    tool("show", selection=SELECTIONS, representation=REPRESENTATIONS, mode=st.sampled_from(("show", "hide", "as"))),
    tool("color", selection=SELECTIONS, color=COLORS),
    tool("label", selection=SELECTIONS, text=st.sampled_from(("residue", "name", "b", "none", '"x;y"'))),
    tool("set", setting=st.sampled_from(("bg_rgb", "sphere_scale", "stick_radius", "internal_gui", "nosuch")),
         value=st.sampled_from(("0.5", "0", "white")), selection=st.sampled_from(("", "1hpv", "organic"))),
    tool("select", name=NAMES, selection=SELECTIONS),
    tool("view", action=st.sampled_from(VIEWS), name=st.just("F1"), amount=st.just(30), axis=st.just("y")),
    tool("measure", what=st.just("distance"), selections=st.just(["A/25/CG", "B/25/CG"]), draw=NAMES),
    tool("align", mobile=st.just("il2"), target=st.just("1hpv"), method=st.sampled_from(("align", "super"))),
    tool("objects", action=st.sampled_from(ACTIONS), name=NAMES, source=SELECTIONS),
    tool("delete", names=st.lists(NAMES, min_size=1, max_size=2)),
    tool("delete", atoms=SELECTIONS),
    tool("alter", selection=SELECTIONS, property=st.sampled_from(("b", "chain", "resi", "ss")),
         value=st.sampled_from(("5", "X", "=resv+100", "H"))),
    tool("symmetry", action=st.just("mates"), object=st.just("1hpv"), cutoff_angstrom=st.just(3)),
    tool("movie", action=st.sampled_from(("rock", "states", "clear", "frame")), frames=st.just(10)),
    tool("run_pymol", commands=st.sampled_from((
        "translate [1,0,0], chain A", "h_add pept", "bond first pept, last pept", "set_color mine, [1,0,0]\ncolor mine",
        "spectrum count", "protect chain A", "dss", "pseudoatom tip", "set_title 1hpv, 1, new", "nonsense",
        "create m, pept, 1, 3", "set sphere_scale, 2, resi 25", "order il2 1hpv", "reinitialize", "set state, 1",
        "cartoon putty, 1hpv", "flag ignore, organic", "distance hb, organic, polymer, mode=2",
        "mset 1 x30\nmview store",
    ))),
    tool("run_python", code=st.sampled_from(("cmd.color('blue', 'chain B')", "1/0", "cmd.delete('pept')"))),
)  # fmt: skip


class Yes:
    async def ask(self, _question):
        return Answer(allowed=True)

    async def choose(self, *, call_id, question, choices):
        return ""


def fingerprint(cmd):
    """Read by other ways than the one under test."""
    atoms = []
    cmd.iterate_state(
        1, "all", "row((model, segi, chain, resi, resn, name, alt, elem, b, q, vdw, ss, color, reps, label, flags,"
        " cartoon, formal_charge, x, y, z))", space={"row": atoms.append},
    )  # fmt: skip
    names = [name for name in cmd.get_names("all") if not name.startswith("_")]  # PyMOL's own, such as _align1
    return {
        "atoms": atoms,
        "names": names,
        "types": [cmd.get_type(name) for name in names],
        "states": [cmd.count_states(name) for name in names],
        "enabled": sorted(set(names) & set(cmd.get_names("all", enabled_only=1))),
        "selections": {name: cmd.count_atoms(f"%{name}") for name in cmd.get_names("public_selections")},
        "settings": {name: cmd.get_setting_text(name) for name in pymol_setting.index_dict if name not in DRAWN},
        "of objects": {name: cmd.get_setting_text("sphere_scale", name) for name in cmd.get_object_list()},
        "bonds": [(bond.index, bond.order) for name in cmd.get_object_list() for bond in cmd.get_model(name).bond],
        "view": [round(value, 3) for value in cmd.get_view()],
        "scenes": cmd.get_scene_list(),
        "frames": cmd.count_frames(),
        "titles": [cmd.get_title(name, 1) for name in cmd.get_object_list()],
    }


# Of the session file and of what was drawn or run, not of the scene.
DRAWN = {"session_changed", "session_file", "scenes_changed", "state", "frame", "text", "seq_view_current"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(calls=st.lists(CALLS, min_size=1, max_size=8))
def test_undoing_all_of_it_restores_the_session_exactly(cmd, shipped, tmp_path, calls):
    asyncio.run(_play(cmd, shipped, tmp_path, calls))


async def _play(cmd, shipped, folder, calls):
    cmd.reinitialize()
    for file in STRUCTURES:
        cmd.load(str(shipped / file), quiet=1)
    cmd.select("kept", "resi 25")
    gateway = Gateway(make_executor(asyncio.get_running_loop()), cmd)
    catalogue = Catalogue(TOOLS)
    policy = Policy(Rules(folder / "rules.yaml"))
    door = Door(catalogue.find, catalogue.names, gateway, gateway, Yes(), policy, working_folder=os.getcwd)
    numbers = itertools.count(1)
    before, hash_before = fingerprint(cmd), (await gateway.keep()).hash
    for name, arguments in calls:
        n = next(numbers)
        await door.call(Turn(f"t{n // 2}", lambda _event: None), f"c{n}", name, arguments)
    after, hash_after = fingerprint(cmd), (await gateway.keep()).hash
    await _until_nothing_is_left(door.undo)
    assert fingerprint(cmd) == before
    assert (await gateway.keep()).hash == hash_before
    await _until_nothing_is_left(door.redo)
    assert fingerprint(cmd) == after
    assert (await gateway.keep()).hash == hash_after


async def _until_nothing_is_left(move):
    for _ in range(20):
        try:
            await move(lambda _event: None)
        except SceneError:
            return
    raise AssertionError("there is no end of it")


def test_the_shipped_structures_are_there(shipped):
    assert all(Path(shipped / file).is_file() for file in STRUCTURES)
