import pytest

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


def test_numbers_that_are_left_out_are_said(hiv_protease):
    hiv_protease.remove("chain A and resi 10+20-25")
    chain = snapshot.read(hiv_protease).objects[0].chains[0]
    assert (chain.n_residues, chain.gaps) == (92, ("10", "20-25"))
    hiv_protease.remove("chain B and resi 2+4+6+8+10+12+14+16")
    assert snapshot.read(hiv_protease).objects[0].chains[1].gaps == ("2", "4", "6", "8", "10", "12", "2 more")


def test_insertion_codes_are_part_of_a_residue_number(hiv_protease):
    hiv_protease.alter("chain A and resi 99", "resi = '98A'")
    hiv_protease.sort()
    chain = snapshot.read(hiv_protease).objects[0].chains[0]
    assert (chain.n_residues, chain.resi_last) == (99, "98A")


@pytest.mark.parametrize("known", [True, False])
def test_records_and_the_slow_way_say_what_selections_say(cmd, shipped, known, monkeypatch):
    if not known:
        monkeypatch.setattr(snapshot, "is_known", lambda _atoms: False)
    for path in ("demo/1tii.pdb", "demo/il2.pdb", "tut/1hpv.pdb", "demo/pept.pdb"):
        cmd.load(str(shipped / path), quiet=1)
    cmd.fragment("atp")
    cmd.pseudoatom("zinc", elem="ZN", resn="ZN", name="ZN", hetatm=1)
    cmd.show("spheres", "organic")
    for item in snapshot.read(cmd).objects:
        inside = f"%{item.name}"
        guides, organic, inorganic = set(), set(), set()
        space = {"guides": guides, "organic": organic, "inorganic": inorganic}
        cmd.iterate(f"{inside} and polymer and guide", "guides.add((chain, resi, resn))", space=space)
        cmd.iterate(f"{inside} and organic", "organic.add((chain, resi, resn))", space=space)
        cmd.iterate(f"{inside} and inorganic", "inorganic.add(resn)", space=space)
        assert item.n_atoms == cmd.count_atoms(inside)
        assert sum(chain.n_residues for chain in item.chains) == len(guides)
        assert {(drug.chain, drug.resi, drug.resn) for drug in item.ligands} == organic
        assert item.metals == tuple(sorted(inorganic))
        assert [r for r in item.representations if not cmd.count_atoms(f"{inside} and rep {r}")] == []
        assert cmd.count_atoms(f"{inside} and rep spheres") == 0 or "spheres" in item.representations


def test_a_crowded_scene_is_cut_and_says_so(cmd):
    for number in range(105):
        cmd.pseudoatom(f"p{number}")
    scene = snapshot.read(cmd)
    assert len(scene.objects) == 100
    assert scene.n_atoms == 100
    assert [item.described for item in scene.objects].count(True) == 40
    assert scene.truncated == "5 more objects are not listed"


def test_many_selections_are_counted_at_once(hiv_protease):
    for number in range(1, 6):
        hiv_protease.select(f"s{number}", f"resi {number}")
    hiv_protease.select("nothing", "none")
    found = {item.name: item.n_atoms for item in snapshot.read(hiv_protease).selections}
    assert found == {name: hiv_protease.count_atoms(f"%{name}") for name in found}
    assert len(found) == 6
    hiv_protease.scene("F1", "store")
    assert {item.name: item.n_atoms for item in snapshot.read(hiv_protease).selections} == found


def test_an_object_of_many_states_that_is_only_counted_is_counted_right(cmd, shipped, monkeypatch):
    monkeypatch.setattr(snapshot, "_MAX_DESCRIBED", 1)
    cmd.load(str(shipped / "demo/pept.pdb"), quiet=1)
    cmd.create("many", "pept and resi 1", 1, 1)
    cmd.create("many", "pept and resi 2", 1, 2)
    _, many = snapshot.read(cmd).objects
    assert (many.n_atoms, many.n_states, many.described) == (cmd.count_atoms("many"), 2, False)
