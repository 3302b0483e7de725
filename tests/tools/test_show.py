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
