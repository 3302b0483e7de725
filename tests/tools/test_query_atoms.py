import pytest

from pymolcode_plugin.core.errors import ArgumentsInvalid, SelectionEmpty, ToolFailed
from pymolcode_plugin.core.tool import Context
from pymolcode_plugin.tools.query_atoms import QueryAtomsArgs, query_atoms


async def ask(gateway, what, *selections, **more):
    return (
        await query_atoms(
            QueryAtomsArgs(what=what, selections=list(selections), **more), Context(gateway, None, None, "c")
        )
    ).text


async def test_a_distance_is_pymols_own(gateway, hiv_protease):
    one, other = "chain A and resi 25 and name CG", "chain B and resi 25 and name CG"
    expected = hiv_protease.get_distance(one, other)
    assert (await ask(gateway, "distance", one, other)).startswith(f"{expected:.2f} Å")


async def test_an_angle_and_a_dihedral_are_pymols_own(gateway, hiv_protease):
    atoms = [f"chain A and resi 25 and name {name}" for name in ("N", "CA", "CB", "CG")]
    assert await ask(gateway, "angle", *atoms[:3]) == f"{hiv_protease.get_angle(*atoms[:3]):.1f}°."
    assert await ask(gateway, "dihedral", *atoms) == f"{hiv_protease.get_dihedral(*atoms):.1f}°."


async def test_contacts_are_the_residues_around_the_drug(gateway, hiv_protease):
    text = await ask(gateway, "contacts", "polymer", "organic", cutoff_angstrom=4)
    expected = set()
    hiv_protease.iterate(
        "byres (polymer within 4 of organic)", "note((resn, chain, resi))", space={"note": expected.add}
    )
    assert text.startswith(f"{len(expected)} residues within 4 Å: ")
    assert "ASP A/25" in text


async def test_counts_and_lists_name_what_they_found(gateway, hiv_protease):
    assert await ask(gateway, "count", "chain A and polymer") == "758 atoms in 99 residues (chain A of 1hpv)."
    assert await ask(gateway, "count", "chain Q") == "0 atoms."
    assert await ask(gateway, "ligands", "all") == "1 ligand: 478 /200."
    assert (await ask(gateway, "sequence", "chain A")).splitlines()[1].startswith("PQITLWQRPLVTIKIGGQLKEALLDTG")


async def test_nothing_to_measure_is_an_error_and_so_is_a_missing_selection(gateway, hiv_protease):
    with pytest.raises(SelectionEmpty):
        await ask(gateway, "center", "chain Q")
    with pytest.raises(ArgumentsInvalid, match="distance needs 2"):
        await ask(gateway, "distance", "chain A")


@pytest.mark.parametrize("what", ["angle", "dihedral"])
async def test_points_that_fall_together_have_no_angle(gateway, hiv_protease, what):
    one = "chain A and resi 25 and name CA"
    with pytest.raises(ToolFailed, match="no such angle"):
        await ask(gateway, what, *[one] * (3 if what == "angle" else 4))


async def test_an_angle_between_more_than_single_atoms_says_so(gateway, hiv_protease):
    groups = [f"resi {number} and name CA" for number in (24, 25, 26)]
    assert "between the centroids of 2, 2, 2 atoms" in await ask(gateway, "angle", *groups)
