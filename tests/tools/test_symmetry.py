async def test_mates_are_counted_and_named_and_undone(call, hiv_protease):
    result = await call("symmetry", action="mates", object="1hpv", cutoff_angstrom=4)
    mates = [name for name in hiv_protease.get_names() if name != "1hpv"]
    assert len(mates) > 3
    assert result.text.startswith(f"{len(mates)} symmetry mates within 4 Å: {mates[0]}")
    assert "Space group P 61, cell 63.4 × 63.4 × 83.8 Å" in result.text
    await call.undo()
    assert hiv_protease.get_names() == ["1hpv"]


async def test_the_unit_cell_is_shown(call, hiv_protease):
    assert (await call("symmetry", action="cell", object="1hpv")).text.startswith("The unit cell is shown. Space group")


async def test_without_crystal_symmetry_it_says_so_in_words(call, cmd):
    cmd.fragment("ala")
    assert "ala has no crystal symmetry" in (await call("symmetry", action="mates", object="ala")).error
    assert "There are: ala" in (await call("symmetry", action="mates", object="1hpv")).error
