import asyncio
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.scene.history import History
from pymolcode_plugin.scene.scene_hash import NOISY_SETTINGS

SELECTIONS = st.sampled_from(
    ["all", "chain A", "organic", "solvent", "name CA", "resi 10-20", "resi 25", "pept", "resn ALA", "elem O", "none"]
)
REPRESENTATIONS = st.sampled_from(["cartoon", "sticks", "spheres", "lines", "surface", "labels", "everything", "cell"])
COLORS = st.sampled_from(["red", "blue", "0x336699", "mine", "atomic"])
NAMES = st.sampled_from(["1hpv", "pept", "one", "two", "g"])
NUMBERS = st.sampled_from(["0.5", "2", "-1.5", "0"])


def _commands():
    return st.one_of(
        st.builds("{}, {}, {}".format, st.sampled_from(["show", "hide", "as"]), REPRESENTATIONS, SELECTIONS),
        st.builds("color {}, {}".format, COLORS, SELECTIONS),
        st.builds("set_color mine, [{}, 0.5, 0.25]".format, st.sampled_from(["0.1", "0.9"])),
        st.builds("label {}, resi".format, SELECTIONS),
        st.builds("alter {}, {}".format, SELECTIONS, st.sampled_from(["b=b+1", "q=0", "ss='H'", "vdw=2", "chain='Z'"])),
        st.builds("translate [{}, 0, 1], {}, camera=0".format, NUMBERS, SELECTIONS),
        st.builds("rotate x, {}, object={}".format, NUMBERS, NAMES),
        st.builds("create {}, {}".format, NAMES, SELECTIONS),
        st.builds("create one, {}, 1, {}".format, SELECTIONS, st.sampled_from(["1", "2", "3"])),
        st.builds("remove {}".format, SELECTIONS),
        st.builds("delete {}".format, NAMES),
        st.builds("set sphere_scale, {}".format, NUMBERS),
        st.builds("set sphere_scale, {}, {}".format, NUMBERS, NAMES),
        st.builds("set sphere_scale, {}, ({})".format, NUMBERS, SELECTIONS),
        st.builds("set label_position, [{}, 0, 0], ({})".format, NUMBERS, SELECTIONS),
        st.builds("set_bond stick_radius, {}, {}".format, NUMBERS, SELECTIONS),
        st.builds("unset sphere_scale, {}".format, SELECTIONS),
        st.sampled_from(["set bg_rgb, white", "set ray_trace_mode, 1", "set internal_gui, 0", "set valence, 0"]),
        st.builds("select s{}, {}".format, st.integers(1, 2), SELECTIONS),
        st.sampled_from(["scene F1, store", "scene F2, store", "scene F1, clear", "view K, store", "mset 1 x5"]),
        st.builds("distance d{}, {}, {}, mode=2".format, st.integers(1, 2), SELECTIONS, SELECTIONS),
        st.builds("distance d3, ({}) and name CA and chain A, resi 25 and name CG and chain B".format, SELECTIONS),
        st.builds("group g, {}".format, NAMES),
        st.sampled_from(["ungroup pept", "group g, close", "order two one"]),
        st.builds("set_name {}, {}".format, NAMES, st.sampled_from(["three", "four"])),
        st.builds("{} {}".format, st.sampled_from(["enable", "disable"]), NAMES),
        st.builds("turn {}, {}".format, st.sampled_from("xyz"), NUMBERS),
        st.sampled_from(["zoom organic", "orient", "clip slab, 10", "frame 2", "pseudoatom here, pos=[1, 2, 3]"]),
        st.sampled_from(
            ["map_new m, gaussian, 4.0, organic, 3", "isomesh me, m, 1.0", "ramp_new r, m", "edit resi 25"]
        ),
    )


STEPS = st.lists(_commands(), max_size=6)
ATOM = (
    "model, segi, chain, resn, resi, name, alt, b, q, vdw, elem, ss, color, reps, label, ID, rank, formal_charge, "
    "partial_charge, type, flags, custom, text_type, cartoon, s.sphere_scale, s.label_position, x, y, z"
)


def _seen(cmd):
    """The scene by other ways than a session."""
    rows = []
    cmd.iterate_state(0, "all", f"rows.append((state, {ATOM}))", space={"rows": rows})
    names = [name for name in cmd.get_names("all") if not name.startswith(("_", "pk"))]
    return {
        "names": names,
        "types": [cmd.get_type(name) for name in names],
        "enabled": sorted(cmd.get_names("public_objects", enabled_only=1)),
        "atoms": rows,
        "colors": {index: cmd.get_color_tuple(index) for index in {row[13] for row in rows}},
        "selections": {n: cmd.count_atoms(f"%{n}") for n in cmd.get_names("public_selections") if n in names},
        "settings": {name: cmd.get_setting_text(name) for name in cmd.setting.index_dict if name not in NOISY_SETTINGS},
        "object settings": {name: cmd.get_object_settings(name) for name in cmd.get_names("public_objects")},
        "states": [cmd.count_states(name) for name in names],
        "matrices": [cmd.get_object_matrix(name) for name in cmd.get_names("public_objects")],
        "scenes": cmd.get_scene_list(),
        "frames": cmd.count_frames(),
    }


@given(first=STEPS, then=STEPS)
@settings(max_examples=40)
@example(first=["set sphere_scale, 2, resi 25"], then=["set_color mine, [0.1, 0.5, 0.25]", "color mine, all"])
@example(first=["alter elem O, chain='Z'"], then=["remove resi 25"])  # a restore classifies atoms anew
@example(first=["distance d1, organic, all, mode=2", "scene F1, store"], then=["delete all", "scene F1, clear"])
@example(first=["set_color mine, [0.1, 0.5, 0.25]", "color mine, all"], then=["set_color mine, [0.9, 0.5, 0.25]"])
def test_whatever_was_done_a_kept_state_comes_back(
    _pymol,  # noqa: PT019
    shipped_structures,
    first,
    then,
):
    cmd = _pymol
    cmd.reinitialize()
    cmd.set("internal_gui", 1)  # which reinitialize leaves as it is
    for path in shipped_structures:
        cmd.load(str(path), quiet=1)
    history = History(cmd)
    _do(cmd, first)
    kept, wanted, view = history.keep(), _seen(cmd), cmd.get_view()
    _do(cmd, then)
    history.restore(kept.number)
    again = history.keep()
    assert history.compare(kept.number, again.number).text == ""
    assert again.hash == kept.hash
    assert _seen(cmd) == wanted
    assert cmd.get_view() == view
    cmd.set("internal_gui", 1)


@pytest.mark.parametrize(
    "first",
    ["color red", "color 0x336699, organic", "label name CA, resi\nalter resi 5, b=3"],
)
def test_two_processes_that_did_the_same_have_the_same_hash(cmd, shipped_structures, first):
    path, _ = shipped_structures
    cmd.do(
        "fragment ala\nlabel all, name\ndelete all\nset auto_color_next, 0"
    )  # other texts and ids than in the other process
    cmd.load(str(path), quiet=1)
    commands = f"{first}\ndistance d, organic, all, mode=2\nset sphere_scale, 2, organic\nscene F1, store"
    cmd.do(commands)
    script = f"""
import sys
import pymol
pymol.invocation.parse_args(["pymol", "-cqk"])
from pymol import cmd
from pymolcode_plugin.scene.history import History
cmd.load({str(path)!r}, quiet=1)
cmd.do({commands!r})
print("HASH", History(cmd).keep().hash, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert f"HASH {History(cmd).keep().hash}" in done.stdout


def test_memory_of_a_step_is_what_it_changed(hiv_protease):
    history = History(hiv_protease)
    one = history.keep().number
    hiv_protease.do("color red, chain A")
    two = history.keep().number
    old, new = (history.shelf.get(number).objects()["1hpv"] for number in (one, two))
    assert sum(a is not b for a, b in zip(old.atoms.columns, new.atoms.columns, strict=True)) == 1
    assert old.coordinate_sets[0][2] is new.coordinate_sets[0][2]
    hiv_protease.do("select pocket, organic")
    three = history.keep().number
    assert history.shelf.get(three).objects()["1hpv"] is new


def test_texts_that_pymol_has_forgotten_since_come_back(hiv_protease):
    hiv_protease.alter("all", "segi, text_type = 'S' + resi, name + resi")
    hiv_protease.label("all", "'%s/%s' % (name, resi)")
    history = History(hiv_protease)
    kept, wanted = history.keep(), _seen(hiv_protease)
    hiv_protease.delete("all")
    for number in range(500):
        hiv_protease.pseudoatom("other", name=f"Q{number}", segi=f"X{number}", label=f"other {number}")
    history.restore(kept.number)
    assert history.keep().hash == kept.hash
    assert _seen(hiv_protease) == wanted


def test_the_view_can_stay_when_a_state_comes_back(hiv_protease):
    history = History(hiv_protease)
    kept = history.keep()
    hiv_protease.do("color red; turn x, 30")
    view = hiv_protease.get_view()
    diff = history.restore(kept.number, keep_view=True)
    assert diff.text == "recoloured 1,631 atoms of 1hpv"
    assert hiv_protease.get_view() == view
    history.restore(kept.number)
    assert hiv_protease.get_view() != view


def test_the_window_keeps_its_size_when_a_state_comes_back(hiv_protease):
    size = hiv_protease.get_viewport()
    hiv_protease.viewport(400, 300)
    history = History(hiv_protease)
    kept = history.keep()
    hiv_protease.viewport(500, 200)
    history.restore(kept.number)
    assert hiv_protease.get_viewport() == (500, 200)
    hiv_protease.viewport(*size)


def test_a_movie_with_commands_runs_after_an_undo_as_before(hiv_protease):
    hiv_protease.do("mset 1 x5\nmdo 2: turn x, 30")
    history = History(hiv_protease)
    kept = history.keep()
    hiv_protease.do("mset")
    history.restore(kept.number)
    assert hiv_protease.get_movie_locked() <= 0
    assert hiv_protease.get_wizard() is None


def test_what_does_not_come_back_is_said(hiv_protease, monkeypatch):
    history = History(hiv_protease)
    kept = history.keep()
    hiv_protease.do("color red; set internal_gui, off")
    monkeypatch.setattr(hiv_protease, "set", lambda *_args, **_kwargs: None)
    diff = history.restore(kept.number)
    assert diff.lines[-1] == "not as it was: set internal_gui to off (was on)"


def test_a_state_that_was_let_go_is_an_error_in_words(hiv_protease):
    history = History(hiv_protease)
    kept = history.keep()
    history.forget([kept.number])
    with pytest.raises(SceneError, match="no longer kept"):
        history.restore(kept.number)
    with pytest.raises(SceneError, match="no longer kept"):
        history.compare(kept.number, kept.number)


async def test_states_kept_at_once_are_each_whole(gateway, hiv_protease):
    marks = await asyncio.gather(*(gateway.keep() for _ in range(8)))
    assert len({mark.number for mark in marks}) == 8
    assert len({mark.hash for mark in marks}) == 1
    await gateway.run_commands("color red")
    await gateway.restore(marks[3].number)
    assert (await gateway.keep()).hash == marks[0].hash


def _do(cmd, commands):
    for command in commands:
        cmd.do(command, echo=0)


@pytest.fixture(scope="session")
def shipped_structures(_pymol):
    import os
    from pathlib import Path

    data = Path(os.environ["PYMOL_DATA"])
    return data / "tut" / "1hpv.pdb", data / "demo" / "pept.pdb"


@pytest.mark.parametrize("version", ["1.7", "1.2", "1.84"])
def test_a_state_is_kept_and_comes_back_while_sessions_are_saved_for_an_older_pymol(hiv_protease, version):
    history = History(hiv_protease)
    hiv_protease.scene("F1", "store", quiet=1)
    hiv_protease.set("pse_export_version", version)
    before = history.keep()
    hiv_protease.color("red", "chain A")
    hiv_protease.scene("F2", "store", quiet=1)
    after = history.keep()
    assert history.compare(before.number, after.number).lines == ("recoloured 758 atoms of 1hpv", "stored scene F2")
    history.restore(before.number)
    assert history.keep().hash == before.hash
