import pytest

from pymolcode_plugin.agent import attached
from pymolcode_plugin.core.errors import CommandFailed


async def test_a_selection_is_counted_as_it_is_now(gateway, hiv_protease):
    hiv_protease.select("site", "resi 25")
    assert await attached.described(gateway, "site") == "Attached selection `site`: 16 atoms, 2 residues."
    hiv_protease.remove("A/25/")
    assert await attached.described(gateway, "site") == "Attached selection `site`: 8 atoms, 1 residues."


async def test_a_map_has_no_atoms_and_is_attached_all_the_same(gateway, hiv_protease):
    hiv_protease.map_new("density", "gaussian", 3.0, "organic")
    assert await attached.described(gateway, "density") == "Attached object `density`: a map, without atoms."


async def test_what_is_gone_is_an_error_of_pymols(gateway, hiv_protease):
    with pytest.raises(CommandFailed, match="gone"):
        await attached.described(gateway, "gone")
