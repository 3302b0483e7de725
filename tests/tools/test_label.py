def labels(cmd, selection="all"):
    found = []
    cmd.iterate(f"({selection}) and not label ''", "found.append(label)", space={"found": found})
    return found


async def test_residues_get_one_label_each_at_their_ca(call, hiv_protease):
    result = await call("label", selection="chain A and resi 25-27")
    assert labels(hiv_protease) == ["ASP25", "THR26", "GLY27"]
    assert hiv_protease.count_atoms("name CA and not label ''") == 3
    assert result.text.endswith("3 labels on these residues now.")
    await call.undo()
    assert labels(hiv_protease) == []


async def test_a_ligand_has_no_ca_and_is_labelled_all_the_same(call, hiv_protease):
    await call("label", selection="organic or (chain A and resi 25)")
    assert sorted(labels(hiv_protease)) == ["478200", "ASP25"]


async def test_atom_names_b_factors_texts_and_expressions(call, person, hiv_protease):
    await call("label", selection="resi 25 and chain A and name CG", text="name")
    assert labels(hiv_protease) == ["CG"]
    await call("label", selection="resi 25 and chain A and name CG", text='"active site"')
    assert labels(hiv_protease) == ["active site"]
    await call("label", selection="organic and name N1", text="b")
    assert "." in labels(hiv_protease, "organic")[0]
    await call("label", selection="all", text="none")
    assert labels(hiv_protease) == []


async def test_text_without_quotes_is_refused_with_the_way_to_write_it(call, hiv_protease):
    assert "in quotes" in (await call("label", selection="organic", text="active site")).error
    assert "No atom property: drug" in (await call("label", selection="organic", text="drug")).error
    assert "matches no atom" in (await call("label", selection="chain Q")).error
    assert labels(hiv_protease) == []


async def test_code_in_a_label_does_not_run_silently(call, person, hiv_protease, tmp_path):
    trace = tmp_path / "trace"
    result = await call("label", selection="organic", text=f"open({str(trace)!r}, 'w').name")
    assert "No atom property: open" in result.error
    assert not trace.exists()
