import pytest


async def test_a_selection_says_atoms_residues_and_chains(call, hiv_protease):
    result = await call("select", name="site", selection="byres (polymer within 4 of organic)")
    n_atoms = hiv_protease.count_atoms("%site")
    assert result.text.startswith(f"site: {n_atoms:,} atoms in ")
    assert "chains A, B of 1hpv" in result.text
    await call.undo()
    assert "site" not in hiv_protease.get_names("all")


@pytest.mark.parametrize("name", ["b", "chain", "my site"])
async def test_a_name_that_pymol_would_change_is_refused(call, hiv_protease, name):
    result = await call("select", name=name, selection="organic")
    assert "Use e.g. `" in result.error
    assert hiv_protease.get_names("selections") == []


async def test_the_name_of_an_object_is_refused(call, hiv_protease):
    assert "is the name of an object" in (await call("select", name="1hpv", selection="organic")).error


async def test_an_empty_selection_is_not_named(call, hiv_protease):
    assert "matches no atom" in (await call("select", name="site", selection="resn XYZ")).error
    assert hiv_protease.get_names("selections") == []
