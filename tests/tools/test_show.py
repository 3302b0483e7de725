import pytest


async def test_what_is_shown_is_counted_and_undone(call, hiv_protease):
    result = await call("show", selection="organic", representation="spheres")
    assert result.text == "spheres shown on 35 of 35 atoms."
    assert result.diff.text == "showed spheres on 35 atoms of 1hpv"
    assert hiv_protease.count_atoms("rep spheres") == 35
    await call.undo()
    assert hiv_protease.count_atoms("rep spheres") == 0


async def test_as_leaves_only_that_and_hide_hides(call, hiv_protease):
    await call("show", selection="chain A", representation="sticks", mode="as")
    assert hiv_protease.count_atoms("chain A and rep sticks") == hiv_protease.count_atoms("chain A")
    assert hiv_protease.count_atoms("chain A and rep lines") == 0
    hidden = await call("show", selection="all", representation="everything", mode="hide")
    assert hidden.ok
    assert hiv_protease.count_atoms("rep lines or rep sticks or rep cartoon") == 0


async def test_an_empty_selection_is_an_error_and_nothing_happens(call, hiv_protease):
    result = await call("show", selection="chain Q", representation="sticks")
    assert not result.ok
    assert "matches no atom" in result.error
    assert not result.diff


@pytest.mark.parametrize("word", ["stikcs", "", "ribbons and bows"])
async def test_an_unknown_representation_names_those_that_there_are(call, hiv_protease, word):
    result = await call("show", selection="all", representation=word)
    assert "PyMOL has no representation" in result.error
    assert "sticks" in result.error
    assert "cartoon" in result.error


async def test_what_pymol_switches_on_but_does_not_draw_is_said(call, hiv_protease):
    await call("show", selection="all", representation="everything", mode="hide")
    blank = (await call("look")).image_png
    cartoon = await call("show", selection="organic", representation="cartoon")
    assert "no cartoon to see" in cartoon.text
    assert (await call("look")).image_png == blank
    surface = await call("show", selection="organic", representation="surface")
    assert "They are flagged `ignore`, so there is no surface to see; set surface_mode to 1." in surface.text
    assert (await call("look")).image_png == blank
    await call("set", setting="surface_mode", value="1")
    assert (await call("look")).image_png != blank
    assert "flagged" not in (await call("show", selection="organic", representation="surface")).text
    assert "to see" not in (await call("show", selection="chain A", representation="cartoon")).text
    await call("set", setting="surface_mode", value="0")
    assert "to see" not in (await call("show", selection="1hpv", representation="surface")).text
