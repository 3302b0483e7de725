"""What a chat did, exported, makes the same scene and camera in a fresh PyMOL."""

from dataclasses import replace
from pathlib import Path

import pytest

from pymolcode_plugin.databases.fetch import cache_folder

from ...structure_server import StructureServer, reply


def told(exported):
    """Empty where every script replays exactly and without an error."""
    return {
        path.rsplit("/", 1)[-1]: (*proof.differences, *proof.errors)
        for path, proof in exported.proofs.items()
        if not proof.exact or proof.errors
    }


async def test_a_chat_that_began_with_nothing(session, cmd, shipped):
    await session.turn("Load the protease", ("load", {"file": str(shipped / "tut" / "1hpv.pdb")}))
    await session.turn(
        "Chain A marine; ligand as spheres",
        ("color", {"selection": "chain A", "color": "marine"}),
        ("show", {"selection": "organic", "representation": "spheres"}),
        ("view", {"action": "zoom", "selection": "organic"}),
    )
    exported = await session.export()
    assert told(exported) == {}
    text = (session.folder / "out" / "chat.pml").read_text()
    assert "# Request 2: Chain A marine, ligand as spheres" in text
    assert "# Done." in text
    assert [path.rsplit("/", 1)[-1] for path in exported.files] == ["chat.pml", "chat.py", "chat.ipynb"]


async def test_a_scene_that_was_there_before_is_loaded_from_a_file_beside(session, hiv_protease, shipped):
    cmd = hiv_protease
    cmd.load(str(shipped / "demo" / "pept.pdb"))
    cmd.color("orange", "chain B")
    cmd.set("sphere_scale", 0.3)
    cmd.set("sphere_scale", 0.6, "pept")
    cmd.set("sphere_scale", 0.9, "organic")
    cmd.set("max_threads", 1)
    cmd.flag("ignore", "organic")
    cmd.turn("x", 33)
    cmd.select("mine", "resi 25")
    await session.turn("Red", ("color", {"selection": "chain A", "color": "red"}))
    exported = await session.export()
    assert told(exported) == {}
    assert str(session.folder / "out" / "chat-start.pse") in exported.files


async def test_what_is_loaded_beside_something_leaves_the_camera_where_it_was(session, cmd, shipped):
    for name in ("tut/1hpv.pdb", "demo/pept.pdb"):
        await session.turn("Load it", ("load", {"file": str(shipped / name)}))
    view = cmd.get_view()
    exported = await session.export("pml")
    assert told(exported) == {}
    assert exported.plan.by_hand == ()
    assert cmd.get_view() == view


async def test_a_fetched_file_is_copied_beside_the_script(session, cmd, shipped, monkeypatch):
    cmd.load(str(shipped / "demo" / "pept.pdb"))
    text = cmd.get_cifstr("all")
    cmd.reinitialize()
    async with StructureServer() as server:
        server.answer("/download/1abc.cif", reply(text))
        monkeypatch.setenv("PYMOLCODE_RCSB_URL", server.base)
        await session.turn("Fetch it", ("fetch", {"id": "1abc"}))
    exported = await session.export("py")
    (copy,) = exported.plan.files
    assert copy.startswith(str(session.folder / "out"))
    for path in cache_folder().iterdir():
        path.unlink()
    proof = await session.gateway.replaying.prove(Path(exported.files[0]), "py", (await session.gateway.keep()).number)
    assert (proof.exact, proof.errors) == (True, ())


async def test_what_was_undone_is_not_in_it_and_pictures_are_not_made_again(session, hiv_protease):
    await session.turn("Red", ("color", {"selection": "chain A", "color": "red"}))
    await session.turn("Picture", ("save", {"file": "a.png", "width_px": 60, "height_px": 40}))
    await session.turn("Blue", ("color", {"selection": "chain A", "color": "blue"}))
    await session.undo()
    (session.folder / "a.png").write_bytes(b"mine now")
    exported = await session.export()
    assert told(exported) == {}
    text = (session.folder / "out" / "chat.pml").read_text()
    assert "png " in text
    assert "color blue" not in text
    assert (session.folder / "a.png").read_bytes() == b"mine now"


async def test_steps_of_which_no_scene_is_kept_any_more_stand_in_comments(session, hiv_protease):
    for color in ("red", "blue", "green"):
        await session.turn(color, ("color", {"selection": "chain A", "color": color}))
    chat = await session.chat()
    exported = await session.export("pml", chat=replace(chat, kept=chat.kept[2:]))
    assert told(exported) == {}
    lines = (session.folder / "out" / "chat.pml").read_text().splitlines()
    (said,) = [number for number, line in enumerate(lines) if line.startswith("# color blue")]
    assert said < lines.index("/cmd.load(_beside('chat-start.pse'))")
    assert any(line.startswith("color green") for line in lines)


async def test_a_difference_is_told_and_not_hidden(session, hiv_protease):
    await session.turn("Red", ("color", {"selection": "chain A", "color": "red"}))
    exported = await session.export("pml")
    path = Path(exported.files[0])
    path.write_text(path.read_text().replace("color red", "color blue") + "turn x, 3\nzoom nosuch\n")
    proof = await session.gateway.replaying.prove(path, "pml", (await session.gateway.keep()).number)
    assert not proof.exact
    assert any(line.startswith("recoloured 758 atoms") for line in proof.differences)
    assert "moved the view" in proof.differences
    assert proof.errors


LOOKS = (
    lambda cmd: cmd.turn("y", 40),
    lambda cmd: cmd.color("0x12ab9f", "chain A and resi 3-9+20"),
    lambda cmd: (cmd.set_color("mine", [0.1, 0.2, 0.3]), cmd.color("mine", "name CA")),
    lambda cmd: (cmd.show("sticks", "resi 25"), cmd.hide("cartoon", "chain B")),
    lambda cmd: cmd.label("resi 25 and name CA", "resn + \"'x; y'\""),
    lambda cmd: cmd.disable("1hpv"),
    lambda cmd: cmd.set("bg_rgb", "white"),
    lambda cmd: (cmd.set("stick_radius", 0.4, "1hpv"), cmd.set("sphere_scale", 0.7, "organic")),
    lambda cmd: cmd.set_bond("stick_radius", 0.11, "organic"),
    lambda cmd: cmd.unset("stick_radius", "1hpv"),
    lambda cmd: cmd.set_object_color("1hpv", "red"),
    lambda cmd: cmd.alter("chain A", "b = 5.5"),
    lambda cmd: cmd.alter("resi 1-9", "ss = 'H'"),
    lambda cmd: (cmd.turn("x", 5), cmd.view("v", "store"), cmd.turn("x", 5)),
)
THINGS = (
    lambda cmd: cmd.select("site", "byres (polymer within 4 of organic)"),
    lambda cmd: cmd.remove("solvent"),
    lambda cmd: cmd.select("site", "organic"),
    lambda cmd: cmd.set_name("1hpv", "other"),
    lambda cmd: cmd.create("lig", "organic"),
    lambda cmd: cmd.translate([1, 2, 3], "lig"),
    lambda cmd: (cmd.fragment("ala"), cmd.group("mine", "ala"), cmd.color("red", "ala")),
    lambda cmd: cmd.distance("d", "other and organic and name O1", "other and resi 25 and name OD1"),
    lambda cmd: cmd.order("lig other"),
    lambda cmd: (cmd.delete("site"), cmd.delete("lig")),
    lambda cmd: cmd.ungroup("ala"),
)


@pytest.mark.parametrize("changes", [LOOKS, THINGS], ids=["looks", "things"])
async def test_what_was_changed_by_hand_between_the_steps_is_in_the_script(session, hiv_protease, changes):
    """Each change stands between two requests, so that none hides another."""
    for number, change in enumerate(changes):
        await session.turn(f"Spheres {number}", ("set", {"setting": "sphere_scale", "value": f"0.{number + 10}"}))
        change(hiv_protease)
    exported = await session.export("pml")
    assert told(exported) == {}
    assert exported.plan.not_said == ()
    assert len(exported.plan.by_hand) >= len(changes)


@pytest.mark.parametrize(
    "change",
    [lambda cmd: cmd.scene("F1", "store"), lambda cmd: cmd.mset("1 x30")],
    ids=["scene", "movie"],
)
async def test_where_no_command_says_it_the_whole_scene_is_loaded(session, hiv_protease, change):
    await session.turn("Red", ("color", {"selection": "chain A", "color": "red"}))
    change(hiv_protease)
    await session.turn("Spheres", ("show", {"selection": "all", "representation": "spheres"}))
    exported = await session.export("pml")
    assert told(exported) == {}
    assert exported.plan.not_said
