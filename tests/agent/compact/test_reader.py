import pytest

from pymolcode_plugin.agent.compact.reader import read_most, read_parts, read_steps
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
        ("select the lysines and arginines and call them plus", "select plus | resn=LYS+ARG"),
        ("make pocket yellow", "color yellow | selection=pocket"),
        ("turn 30 degrees about z", "turn z 30"),
        ("superpose il2 on 1hpv", "align | object=il2 to object=1hpv"),
        ("are there any waters", "count residues | water"),
        ("thicker sticks", "set stick_radius 0.4"),
        ("make the surface 40% transparent", "set transparency 0.4"),
        ("swap the cartoon for a ribbon", "hide cartoon; show ribbon"),
        ("chain B as sticks instead of cartoon", "hide cartoon | chain=B; show sticks | chain=B"),
        ("helices cyan, strands magenta and a grey background", "color cyan | helix; color magenta | sheet; bg grey"),
        ("lines off, surface on", "hide lines; show surface"),
        ("sticks for everything, no cartoon", "show sticks; hide cartoon"),
        (
            "paint residue 30 of A blue and residue 31 of B red",
            "color blue | chain=A resi=30; color red | chain=B resi=31",
        ),
        ("A surface for chain B", "show surface | chain=B"),
        (
            "how far is ligand atom N1 from the catalytic Asp 25 CG of chain A",
            "distance | ligand name=N1 to chain=A resn=ASP resi=25 name=CG",
        ),
        (
            "what is the CA distance between residue 40 and residue 60 of chain B",
            "distance | resi=40 name=CA to chain=B resi=60 name=CA",
        ),
        (
            "label Asp 29 and Asp 30 in chain A",
            "label residue | chain=A resn=ASP resi=29; label residue | chain=A resn=ASP resi=30",
        ),
        ("select the ligand as lig and zoom on it", "select lig | ligand; zoom | it"),
        ("for the talk: white background", "bg white"),
        ("colour chain A red, B stays as it is", "color red | chain=A"),
        ("number of hydrogens", "count atoms | hydrogens"),
        ("show the cysteins as spheres", "show spheres | resn=CYS"),
        ("which residues lie closer than 5 A to residue 30", "tell residues | protein near=5:resi=30"),
        ("colour chains A and B red and blue, respectively", "color red | chain=A; color blue | chain=B"),
        ("tint chain A’s ligand lilac", "color violet | ligand chain=A"),
        ("rotate by ninety degrees about z", "turn z 90"),
        ("which residues are less than five Å from the ligand", "tell residues | protein near=5:ligand"),
        ("a close-up of amprenavir", "zoom | ligand"),
        ("make the cartoon opaque", "set cartoon_transparency 0"),
        ("make the spheres smaller", "set sphere_scale 0.5"),
        ("add hydrogens to the ligand", "h_add | ligand"),
        ("how long is chain A?", "count residues | chain=A"),
        ("select atoms with b-factor above 50 and call them hot", "select hot | b=>50"),
        ("chain a green chain b orange", "color green | chain=A; color orange | chain=B"),
        ("waters off", "hide everything | water"),
        ("colr teh ligand yelow", "color yellow | ligand"),
        ("show the protein as sticks but without the hydrogens", "as sticks | protein; hide everything | hydrogens"),
        ("show the ligand as sticks and in orange color", "as sticks | ligand; color orange | ligand"),
        ("center on the CA of residue 67, chain B", "center | chain=B resi=67 name=CA"),
        ("select the aromatics (Phe, Tyr, Trp)", "select sele | resn=PHE+TYR+TRP"),
        ("is there a tryptophan in chain A?", "tell residues | chain=A resn=TRP"),
        ("how many heavy atoms has the ligand", "count heavy | ligand"),
        ("delete il2, I don't need it any more", "delete il2"),
        ("angle between CA of 24, 25 and 26 in chain A", "angle | resi=24 name=CA to resi=25 to chain=A resi=26"),
        ("make chain A invisible", "hide everything | chain=A"),
        ("hello", "chat hello"),
        ("Thanks, that helped!", "chat thanks"),
        ("colour Arg 8 orange", "color orange | resn=ARG resi=8"),
        ("glutamic acids in red", "color red | resn=GLU"),
        (
            "measure the CA-CB-CG angle of asp 25",
            "angle | resn=ASP resi=25 name=CA to resn=ASP resi=25 name=CB to resn=ASP resi=25 name=CG",
        ),
        ("show spheres for the ligand and paint its oxygens red", "show spheres | ligand; color red | it element=O"),
        ("hmm, no. show the ligand as lines", "as lines | ligand"),
        ("I don't want to see the waters, but don't delete them", "hide everything | water"),
        ("color chain A red and leave the rest alone", "color red | chain=A"),
        ("hide the waters but keep the ions", "hide everything | water"),
        ("take the labels off chain A", "hide labels | chain=A"),
        ("remove chain B from the view", "hide everything | chain=B"),
        ("rename 1hpv to protease and il2 to cytokine", "rename 1hpv protease; rename il2 cytokine"),
        ("make a new object of chain A", "copy chain_A_copy | chain=A"),
        ("create an object mono from chain A and color it teal", "copy mono | chain=A; color teal | it"),
        ("which residues are close to tyr 59? say 5 angstroms", "tell residues | protein near=5:resn=TYR,resi=59"),
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
        "color the catalytic residues red",
        "color both residues blue",
        "color the residues red",
        "rotate the ligand",
        "delete the two chains",
        "select some residues",
        "hide the waters but keep those near the ligand",
        "color everything red and leave chain A as it is",
    ],
)
def test_what_is_not_wholly_understood_is_left_to_the_model(request_text):
    assert steps(request_text) is None


@pytest.mark.parametrize(
    "request_text",
    [
        "which residues are more than 10 A from the ligand",
        "don't remove the ligand",
        "do not hide chain A",
        "never delete anything",
        "color it all red but don't touch il2",
    ],
)
def test_what_must_not_be_done_is_not_done(request_text):
    assert steps(request_text) == "cannot unsure"


@pytest.mark.parametrize(
    ("before", "request_text", "expected"),
    [
        ("color chain A red", "and chain B too", "color red | chain=B"),
        ("color chain A red", "now the same for chain B, but in olive", "color olive | chain=B"),
        ("what is the mean b factor of chain A", "and of chain B?", "tell bfactor | chain=B"),
        ("show the side chain of residue 25 of chain A", "same for chain B", "show sticks | sidechain chain=B resi=25"),
        ("paint chain A blue", "do the same with B", "color blue | chain=B"),
        ("show the ligand as sticks", "what about the waters?", "as sticks | water"),
        ("show the protein as sticks", "too heavy. use lines instead", "as lines | it"),
        ("save the picture", "and chain B too", None),
        ("turn 90 degrees around x", "one more time, please", "turn x 90"),
        ("show the ligand as sticks", "and in violet", "color violet | it"),
        ("zoom on chain A", "and now show the others as ribbon", "show ribbon | other"),
        ("zoom on residue 17 of chain B", "not that one, I meant the one in chain A", "zoom | chain=A resi=17"),
        ("make the background grey", "no, white is better", "bg white"),
        (
            "distance between residue 25 CA of A and residue 25 CA of B",
            "and the same for residue 87",
            "distance | chain=A resi=87 name=CA to chain=B resi=87 name=CA",
        ),
        ("copy chain B to a new object called monoB", "rename it to protB", "rename it protB"),
        ("color chain A red", "and then hide chain B", "hide everything | chain=B"),
    ],
)
def test_a_follow_up_repeats_the_turn_before_for_something_else(before, request_text, expected):
    found = read_steps(request_text, NAMES, read_steps(before, NAMES))
    assert (found and "; ".join(step.text for step in found)) == expected


def test_a_follow_up_without_a_turn_before_is_left_to_the_model():
    assert steps("and chain B too") is None


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


@pytest.mark.parametrize(
    ("request_text", "expected", "left_out"),
    [
        ("color chain A vividly red", "color red | chain=A", ["vividly"]),
        ("show the ligand neatly as sticks", "as sticks | ligand", ["neatly"]),
    ],
)
def test_a_word_that_nobody_knows_is_left_out_where_the_rest_says_enough(request_text, expected, left_out):
    found, unknown = read_most(request_text, NAMES)
    assert ("; ".join(step.text for step in found), unknown) == (expected, left_out)


@pytest.mark.parametrize(
    "request_text",
    [
        "color the catalytic residues red",
        "remove the floppy waters",
        "zoom on the flap tips",
        "what is the pKa of the ligand",
        "book me a flight to Berlin",
        "don't vividly color chain A red",
        "color chain A red",
    ],
)
def test_a_word_that_may_say_what_is_meant_is_not_left_out(request_text):
    assert read_most(request_text, NAMES) is None


def test_the_clauses_that_are_understood_are_kept_and_the_others_are_left_to_the_model():
    parts = read_parts("color chain A red, zoom on the frobs and make the background white", NAMES)
    assert [part if isinstance(part, str) else part.text for part in parts] == [
        "color red | chain=A",
        "zoom on frobs",
        "bg white",
    ]
    assert read_parts("zoom on the frobs", NAMES) == []
    assert read_parts("color chain A red and don't frobnicate", NAMES) == []
