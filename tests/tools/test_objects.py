import pytest


async def test_create_and_copy_leave_the_source_and_extract_takes_from_it(call, hiv_protease):
    created = await call("objects", action="create", name="drug", source="organic")
    assert created.text == "Now there is drug (35 atoms)."
    assert hiv_protease.count_atoms("1hpv") == 1631
    await call("objects", action="copy", name="twin", source="1hpv")
    assert hiv_protease.count_atoms("twin") == 1631
    await call("objects", action="extract", name="water", source="1hpv and solvent")
    assert hiv_protease.count_atoms("1hpv and solvent") == 0
    await call.undo()
    assert hiv_protease.get_object_list() == ["1hpv"]
    assert hiv_protease.count_atoms("1hpv") == 1631


async def test_an_object_and_a_selection_are_renamed(call, hiv_protease):
    hiv_protease.select("drug", "organic")
    result = await call("objects", action="rename", name="protease", source="1hpv")
    assert result.text == "Now there is protease (1,631 atoms); no more 1hpv."
    assert (await call("objects", action="rename", name="ligand", source="drug")).ok
    assert hiv_protease.get_names("all") == ["protease", "ligand"]


async def test_objects_are_grouped_and_switched(call, hiv_protease):
    hiv_protease.create("drug", "organic")
    grouped = await call("objects", action="group", name="complex", source="1hpv, drug")
    assert "complex (group)" in grouped.text
    assert sorted(hiv_protease.get_object_list("complex")) == ["1hpv", "drug"]
    await call("objects", action="ungroup", name="drug")
    assert hiv_protease.get_object_list("complex") == ["1hpv"]
    await call("objects", action="disable", name="drug")
    assert "drug" not in hiv_protease.get_names(enabled_only=1)
    await call("objects", action="enable", name="drug")
    assert "drug" in hiv_protease.get_names(enabled_only=1)


@pytest.mark.parametrize("name", ["b", "1hpv", "a b"])
async def test_a_name_that_is_taken_or_would_be_changed_is_refused(call, hiv_protease, name):
    result = await call("objects", action="create", name=name, source="organic")
    assert not result.ok
    assert "Use " in result.error
    assert hiv_protease.get_names("all") == ["1hpv"]


async def test_what_is_not_there_is_an_error(call, hiv_protease):
    assert "matches no atom" in (await call("objects", action="create", name="x1", source="chain Q")).error
    assert "There are: 1hpv" in (await call("objects", action="enable", name="2hpv")).error
    assert "There are: 1hpv" in (await call("objects", action="copy", name="x1", source="2hpv")).error
    assert "needs a source" in (await call("objects", action="group", name="g")).error
    assert "There are: 1hpv" in (await call("objects", action="group", name="g", source="1hpv 2hpv")).error
