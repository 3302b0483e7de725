import pytest

from pymolcode_plugin.core.scene import ChainInfo, LigandInfo, NamedSelection, ObjectInfo, SceneSnapshot
from pymolcode_plugin.gui import suggestions


def protein(name="1hpv", **more):
    chains = tuple(ChainInfo(chain=chain, kind="protein", n_residues=99) for chain in "AB")
    return ObjectInfo(name=name, type="object:molecule", n_atoms=1631, **{"n_states": 1, "chains": chains, **more})


def examples(*objects, **more):
    return suggestions.suggest(SceneSnapshot(objects=objects, **more)).examples


def test_an_empty_scene_offers_to_fetch_something():
    found = suggestions.suggest(SceneSnapshot())
    assert found.loaded == ""
    assert any("Fetch 1HPV" in text for text in found.examples)


def test_a_ligand_is_asked_about_by_its_name_first():
    drug = LigandInfo(resn="478", chain="B", resi="200", n_atoms=35)
    assert examples(protein(ligands=(drug,)))[0] == "Which residues are within 4 Å of 478?"


@pytest.mark.parametrize(
    ("objects", "text"),
    [
        ((protein("1tii"), protein("2xyz")), "Align 2xyz to 1tii and say how much they differ"),
        ((protein(n_states=20),), "How much do the 20 states of 1hpv differ from each other?"),
        ((ObjectInfo(name="density", type="object:map"),), "Show the map density as a mesh at 1.5 sigma"),
        ((protein(metals=("ZN",)),), "What coordinates the ZN, and at which distances?"),
        ((protein(),), "Colour 1hpv by chain"),
        ((protein(chains=(ChainInfo(chain="A", kind="nucleic", n_residues=12),)),), "Show the bases of 1hpv"),
    ],
)
def test_what_is_loaded_decides_what_is_offered(objects, text):
    assert any(text in offered for offered in examples(*objects))


def test_an_empty_selection_is_not_offered_and_one_with_atoms_comes_first():
    chosen = (NamedSelection(name="none", n_atoms=0), NamedSelection(name="site", n_atoms=8))
    assert examples(protein(), selections=chosen)[0] == "What is in the selection site?"


def test_a_full_scene_gives_five_different_ones():
    drug = LigandInfo(resn="478", chain="B", resi="200", n_atoms=35)
    full = (
        protein("a", ligands=(drug,), metals=("ZN",), n_states=5),
        protein("b"),
        ObjectInfo(name="m", type="object:map"),
    )
    found = examples(*full, selections=(NamedSelection(name="site", n_atoms=8),))
    assert len(set(found)) == len(found) == 5


def test_names_from_files_are_words_and_no_format():
    assert "{evil}" in suggestions.suggest(SceneSnapshot(objects=(protein("{evil}"),))).examples[0]


def test_what_is_loaded_is_said_on_a_line_however_much_it_is():
    drugs = tuple(LigandInfo(resn=resn, chain="A", resi="1", n_atoms=9) for resn in ("478", "478", "GOL"))
    one = suggestions.suggest(SceneSnapshot(objects=(protein(ligands=drugs),)))
    assert one.loaded == "1hpv (2 chains, ligand 478, GOL)"
    density = ObjectInfo(name="m", type="object:map")
    rest = (protein(f"p{number}") for number in range(9))
    many = suggestions.suggest(SceneSnapshot(objects=(density, protein(n_states=20), *rest)))
    assert many.loaded == "m (a map); 1hpv (2 chains, 20 states); p0 (2 chains); 8 more"


def test_every_situation_of_the_file_is_one_that_is_looked_for():
    known = {
        "nothing", "selection", "ligand", "several", "states", "map", "metal", "chains", "nucleic", "protein",
        "anything",
    }  # fmt: skip
    assert set(suggestions._table()) == known


def test_objects_that_were_not_listed_are_counted_and_only_polymers_aligned():
    ions = tuple(ObjectInfo(name=f"ion{n}", type="object:molecule", n_atoms=1) for n in range(4))
    found = suggestions.suggest(SceneSnapshot(objects=(protein(), *ions), n_unlisted=1200))
    assert found.loaded == "1hpv (2 chains); ion0 (1 atom); ion1 (1 atom); 1,202 more"
    assert not any("Align" in text for text in found.examples)
