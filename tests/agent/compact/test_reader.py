import pytest

from pymolcode_plugin.agent.compact.reader import read_steps
from pymolcode_plugin.agent.compact.slots import SceneNames

NAMES = SceneNames(objects=("1hpv", "il2"), selections=("pocket",), chains=("A", "B"), ligands=("478",))


def steps(request):
    found = read_steps(request, NAMES)
    return None if found is None else "; ".join(step.text for step in found)


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("paint chain B cyan", "color cyan | chain=B"),
        ("colour the protien grey", "color grey | protein"),
        ("color chain A red and chain B blue", "color red | chain=A; color blue | chain=B"),
        ("show lysines and arginines as sticks", "show sticks | resn=LYS; show sticks | resn=ARG"),
        ("what residues are within 3.5 Å of the inhibitor?", "tell residues | protein near=3.5:ligand"),
        ("hide everything except the ligand", "hide everything | all but ligand"),
        ("show only chain A", "hide everything | all but chain=A; show cartoon | chain=A"),
        ("remove the waters", "remove | water"),
        ("delete il2", "delete il2"),
        ("make pocket yellow", "color yellow | selection=pocket"),
        ("turn 30 degrees about z", "turn z 30"),
        ("superpose il2 on 1hpv", "align | object=il2 to object=1hpv"),
        ("are there any waters", "count residues | water"),
        ("thicker sticks", "set stick_radius 0.4"),
        ("make the surface 40% transparent", "set transparency 0.4"),
        ("hello", "chat hello"),
        ("dock aspirin into the pocket", "cannot docking"),
    ],
)
def test_an_everyday_request_is_read_without_a_model(request_text, expected):
    assert steps(request_text) == expected


@pytest.mark.parametrize(
    "request_text",
    [
        "",
        "do the usual thing",
        "color chain A",
        "show me the money",
        "delete",
        "remove",
        "zoom on the flap tips",
        "color red blue",
        "hide",
    ],
)
def test_what_is_not_wholly_understood_is_left_to_the_model(request_text):
    assert steps(request_text) is None


def test_a_distance_is_not_a_chain():
    assert "chain" not in steps("show residues within 4 A of the ligand as sticks")


@pytest.mark.parametrize("number", range(200))
def test_nonsense_never_raises(number):
    words = [
        "color",
        "red",
        "chain",
        "A",
        "4",
        "within",
        "of",
        "ligand",
        "and",
        "but",
        "it",
        ",",
        "%",
        "'",
        "show",
        "as",
        "resi",
        "-5",
        "ß",
        "\n",
    ]
    text = " ".join(words[(number * 7 + step * (number % 11 + 1)) % len(words)] for step in range(number % 13))
    found = read_steps(text, NAMES)
    assert found is None or all(step.text for step in found)
