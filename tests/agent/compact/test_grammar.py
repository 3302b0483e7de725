import pytest

from pymolcode_plugin.agent.compact.grammar import grammar
from pymolcode_plugin.agent.compact.slots import SceneNames, read

NAMES = SceneNames(objects=("1hpv",), chains=("A", "B"), ligands=("478",))


def rules(request, names=NAMES):
    lines = grammar(request, read(request, names), names).splitlines()
    return dict(line.split(" ::= ", 1) for line in lines)


@pytest.mark.parametrize(
    ("request_text", "root"),
    [
        ("gently wrap it in a mesh", 'show "\\n"'),
        ("paint the flaps red and zoom there", 'color "; " look "\\n"'),
        ("could I have a close-up of the amprenavir", 'look "\\n"'),
        ("a fancy white backdrop", 'bg "\\n"'),
    ],
)
def test_what_the_request_names_must_come_in_its_order(request_text, root):
    assert rules(request_text)["root"] == root


def test_a_step_is_offered_only_where_the_request_gives_evidence():
    offered = rules("gently wrap it in a mesh")
    assert "cut" not in offered
    assert "cannot" not in offered["step"]
    assert "cannot" in rules("order me a pizza")["step"]
    assert "cut" in rules("remove the frobnicated bits")["step"]


def test_names_and_numbers_come_from_the_request_and_the_scene():
    found = rules("paint the 17 frobnicated things near chain B cyan")
    assert found["colorname"] == '("cyan")'
    assert '"A"' in found["t-chain"]
    assert '"C"' not in found["t-chain"]


def test_a_scene_without_a_ligand_offers_none():
    empty = SceneNames(objects=("il2",), chains=("A",))
    found = rules("what frobnicates near Phe42? say 5 angstroms", empty)
    assert "ligand" not in found["thing"]
    assert "resn=PHE,resi=42" in found["thing"]
