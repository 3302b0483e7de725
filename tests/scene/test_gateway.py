import asyncio

import pytest

from pymolcode_plugin.core.errors import CommandFailed, SelectionEmpty


async def test_atoms_carry_names_and_coordinates(gateway, hiv_protease):
    rows = await gateway.atoms("resi 25 and name CG")
    assert [(row.chain, row.resn, row.resi) for row in rows] == [("A", "ASP", "25"), ("B", "ASP", "25")]
    assert (rows[0].x, rows[0].y, rows[0].z) == pytest.approx(
        tuple(hiv_protease.get_atom_coords("chain A and resi 25 and name CG"))
    )


async def test_an_empty_selection_and_a_broken_one_are_different_errors(gateway, hiv_protease):
    with pytest.raises(SelectionEmpty):
        await gateway.atoms("chain Q")
    with pytest.raises(CommandFailed, match="resi and"):
        await gateway.atoms("resi and (")


async def test_the_area_leaves_the_setting_as_it_was(gateway, hiv_protease):
    molecular = await gateway.area("chain A", solvent=False)
    accessible = await gateway.area("chain A", solvent=True)
    assert molecular != accessible
    assert hiv_protease.get_setting_int("dot_solvent") == 0


async def test_the_area_of_several_objects_is_their_sum(gateway, hiv_protease):
    hiv_protease.create("copy", "chain A")
    parts = [await gateway.area(f"%{name} and chain A", solvent=False) for name in ("1hpv", "copy")]
    assert await gateway.area("chain A", solvent=False) == pytest.approx(sum(parts))


async def test_calls_run_in_the_order_they_were_made(gateway, cmd):
    texts = [f"pseudoatom p{number}" for number in range(20)]
    await asyncio.gather(*(gateway.run_commands(text) for text in texts))
    assert cmd.get_names() == [f"p{number}" for number in range(20)]


async def test_help_knows_commands_settings_and_close_names(gateway):
    assert "color yellow, chain A" in (await gateway.help("color"))
    assert (await gateway.help("sphere_scale")).startswith("setting sphere_scale = ")
    assert "color" in (await gateway.help("colr"))


async def test_the_picture_is_a_png(gateway, hiv_protease):
    assert (await gateway.image()).startswith(b"\x89PNG")
