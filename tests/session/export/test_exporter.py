"""What a chat did, exported, makes the same scene and camera in a fresh PyMOL."""

import pytest


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
