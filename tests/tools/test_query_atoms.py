async def ask(call, what, *selections, **more):
    result = await call("query_atoms", what=what, selections=list(selections), **more)
    return result.error or result.text


async def test_contacts_are_the_residues_around_the_drug(call, hiv_protease):
    text = await ask(call, "contacts", "polymer", "organic", cutoff_angstrom=4)
    expected = set()
    hiv_protease.iterate(
        "byres (polymer within 4 of organic)", "note((resn, chain, resi))", space={"note": expected.add}
    )
    assert text.startswith(f"{len(expected)} residues of polymer within 4 Å of organic: ")
    assert "ASP A/25" in text


async def test_counts_and_lists_name_what_they_found(call, hiv_protease):
    assert await ask(call, "count", "chain A and polymer") == "758 atoms in 99 residues (chain A of 1hpv)."
    assert await ask(call, "count", "chain Q") == "0 atoms."
    assert await ask(call, "ligands", "all") == "1 ligand: 478 /200."


async def test_the_sequence_comes_with_the_numbers_of_its_ends(call, hiv_protease):
    text = await ask(call, "sequence", "1hpv")
    one, other = text.splitlines()
    assert one.startswith("1hpv chain A, 99 residues 1-99: PQITLWQRPLVTIKIGGQLKEALLDTG")
    assert other.startswith("1hpv chain B, 99 residues 1-99: PQITLWQRPLVTIKIGGQLKEALLDTG")
    assert "missing" not in text
    assert "".join(line for line in hiv_protease.get_fastastr("chain A").splitlines() if ">" not in line) in one


async def test_what_is_missing_is_told_from_a_jump_in_the_numbers(call, hiv_protease):
    hiv_protease.remove("chain A and resi 51-54")
    hiv_protease.alter("chain B and resi 60-99", "resi=str(resv+10)")
    hiv_protease.sort()
    one, other = (await ask(call, "sequence", "polymer")).splitlines()
    assert "(51-54 missing)" in one
    assert "(numbering jumps from 59 to 70, nothing missing)" in other


async def test_insertion_codes_and_residues_that_are_not_standard_are_named(call, hiv_protease):
    hiv_protease.alter("chain A and resi 40", "resi='39A'")
    hiv_protease.alter("chain A and resi 46", "resn='MSE'")
    hiv_protease.sort()
    text = await ask(call, "sequence", "chain A")
    assert "insertion codes 39A" in text
    assert "non-standard MSE 46" in text
    assert "break" not in text


async def test_one_missing_residue_and_a_break_without_one(call, hiv_protease):
    hiv_protease.remove("chain A and resi 51")
    hiv_protease.translate([20, 0, 0], "chain B and resi 70-99", camera=0)
    one, other = (await ask(call, "sequence", "polymer")).splitlines()
    assert "(51 missing)" in one
    assert "(chain break between 69 and 70)" in other


async def test_a_centre_needs_atoms_and_contacts_need_two_selections(call, hiv_protease):
    assert "matches no atom" in await ask(call, "center", "chain Q")
    assert "contacts needs 2 selections" in await ask(call, "contacts", "chain A")
    assert "Centroid at (" in await ask(call, "center", "organic")
    assert await ask(call, "sequence", "organic") == "No polymer in this selection."
