async def test_objects_and_selections_are_deleted_by_name_after_a_question(call, person, hiv_protease):
    hiv_protease.create("drug", "organic")
    hiv_protease.select("site", "resi 25")
    result = await call("delete", names=["drug", "si*"])
    assert result.text == "What is left: 1hpv."
    assert len(person.asked) == 1
    await call.undo()
    assert set(hiv_protease.get_names("all")) >= {"1hpv", "drug", "site"}


async def test_a_name_that_is_not_there_deletes_nothing(call, person, hiv_protease):
    result = await call("delete", names=["1hpv", "2hpv"])
    assert "Nothing is named `2hpv`" in result.error
    assert "There is: 1hpv" in result.error
    assert person.asked == []
    assert hiv_protease.get_names() == ["1hpv"]


async def test_all_is_everything(call, hiv_protease):
    assert (await call("delete", names=["all"])).text == "Nothing is left: the scene is empty."
    assert hiv_protease.get_names("all") == []


async def test_atoms_are_removed(call, hiv_protease):
    result = await call("delete", atoms="solvent")
    assert "eliminated 80 atoms" in result.text
    assert "lost 80 atoms" in result.diff.text
    assert hiv_protease.count_atoms("solvent") == 0
    await call.undo()
    assert hiv_protease.count_atoms("solvent") == 80


async def test_neither_or_both_or_nothing_is_an_error(call, hiv_protease):
    assert "either names or atoms" in (await call("delete")).error
    assert "either names or atoms" in (await call("delete", names=["1hpv"], atoms="solvent")).error
    assert "matches no atom" in (await call("delete", atoms="chain Q")).error
