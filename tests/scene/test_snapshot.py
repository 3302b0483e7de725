from pymolcode_plugin.scene import snapshot


def test_1hpv_is_described_as_two_protein_chains_and_its_drug(hiv_protease):
    (item,) = snapshot.read(hiv_protease).objects
    assert [(chain.chain, chain.kind, chain.n_residues) for chain in item.chains] == [
        ("A", "protein", 99),
        ("B", "protein", 99),
    ]
    assert [(drug.resn, drug.n_atoms) for drug in item.ligands] == [("478", 35)]
    assert item.n_atoms == 1631
    assert item.n_waters == len({atom.resi for atom in hiv_protease.get_model("resn HOH").atom})


def test_an_empty_scene_is_empty(cmd):
    assert snapshot.read(cmd).objects == ()


def test_representations_are_those_shown(hiv_protease):
    hiv_protease.show_as("cartoon", "polymer")
    hiv_protease.hide("everything", "not polymer")
    assert snapshot.read(hiv_protease).objects[0].representations == ("cartoon",)


def test_a_crowded_scene_is_cut_and_says_so(cmd):
    for number in range(45):
        cmd.pseudoatom(f"p{number}")
    scene = snapshot.read(cmd)
    assert len(scene.objects) == 40
    assert scene.truncated == "5 more objects are not listed"
