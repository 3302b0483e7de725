from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.core.scene import ChainInfo, LigandInfo, NamedSelection, ObjectInfo, SceneSnapshot
from pymolcode_plugin.scene import snapshot
from pymolcode_plugin.tools.scene_state import describe

MAX_CHARS = 800 * 3.2
TEXT = st.text("abcXYZ123_ ", max_size=40)
CHAINS = st.builds(
    ChainInfo,
    chain=st.text("ABC1", max_size=3),
    kind=st.sampled_from(["protein", "nucleic"]),
    n_residues=st.integers(1, 99999),
    resi_first=st.just("1"),
    resi_last=st.just("99999"),
    gaps=st.lists(st.just("10-20"), max_size=7).map(tuple),
)
LIGANDS = st.builds(
    LigandInfo, resn=st.text("ABC1", max_size=3), chain=st.just("A"), resi=st.just("1"), n_atoms=st.integers(1, 200)
)
OBJECTS = st.builds(
    ObjectInfo,
    name=st.text("abc_123", min_size=1, max_size=60),
    type=st.sampled_from(["object:molecule", "object:map", "object:measurement"]),
    enabled=st.booleans(),
    n_atoms=st.integers(0, 10**7),
    n_states=st.integers(0, 10**5),
    title=TEXT,
    chains=st.lists(CHAINS, max_size=30).map(tuple),
    ligands=st.lists(LIGANDS, max_size=20).map(tuple),
    described=st.booleans(),
)


def test_1hpv_in_words(hiv_protease):
    hiv_protease.show_as("cartoon", "polymer")
    hiv_protease.hide("everything", "not polymer")
    assert describe(snapshot.read(hiv_protease)).splitlines()[0] == (
        "1hpv: 1,631 atoms; 1 state; chain A protein 99 residues 1-99; chain B protein 99 residues 1-99; "
        "ligand 478 /200 (35 atoms); 80 waters; shown as cartoon."
    )


def test_gaps_in_the_numbering_are_said(hiv_protease):
    hiv_protease.remove("chain A and resi 10-12")
    assert "chain A protein 96 residues 1-99 (no 10-12);" in describe(snapshot.read(hiv_protease))


def test_objects_that_look_alike_are_said_together(hiv_protease):
    for number in range(1, 9):
        hiv_protease.create(f"m{number}", "1hpv and chain A")
    hiv_protease.color("red", "m3")
    lines = describe(snapshot.read(hiv_protease)).splitlines()
    assert lines[1].startswith("m1: 758 atoms; 1 state; chain A")
    assert lines[2] == "m2 to m8: 758 atoms each, like m1."


def test_objects_that_are_only_counted_say_no_more_than_that(cmd):
    for number in range(50):
        cmd.pseudoatom(f"p{number}")
    text = describe(snapshot.read(cmd))
    assert "p40 to p49: 1 atoms, 1 state each." in text


def test_an_empty_scene_says_so(cmd):
    assert describe(snapshot.read(cmd)) == "The scene is empty: no object is loaded."


@given(
    objects=st.lists(OBJECTS, max_size=100),
    selections=st.lists(st.builds(NamedSelection, name=TEXT, n_atoms=st.integers(0, 10**7)), max_size=40),
    folder=st.text("/abc", max_size=4000),
)
def test_no_scene_takes_more_than_eight_hundred_tokens(objects, selections, folder):
    scene = SceneSnapshot(
        objects=tuple(objects),
        selections=tuple(selections),
        truncated="12 more objects are not listed",
        background="0x123456",
        working_folder=folder,
    )
    text = describe(scene)
    assert len(text) <= MAX_CHARS
    if objects and "more objects, which" not in text:
        assert all(item.name in text for item in objects[:1])
