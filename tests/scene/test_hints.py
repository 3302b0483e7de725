import pytest

from pymolcode_plugin.scene import hints
from pymolcode_plugin.scene.listening import Listener

# What is typed, which entry of the table answers, and a part of the answer.
_CASES = [
    ("set cartoon_transparancy, 0.5", "unknown setting", "Close: cartoon_transparency"),
    ("get nosuch_setting", "unknown setting", "`help nosuch setting`"),
    ('cmd.set("cartoon_transparancy", 1)', "unknown setting", "Close: cartoon_transparency"),
    ("set_bond stick_radus, 0.2, organic", "unknown setting", "Close: stick_radius"),
    ("set cartoon_transparency, abc", "a number for a setting", "`cartoon_transparency` takes a number; it is 0.0"),
    ("set cartoon_fancy_helices, maybe", "on or off", "`cartoon_fancy_helices` is on or off (1 or 0)"),
    ("set cartoon_color, redd", "colour of a setting", "Close: red"),
    ('bg_color "white"', "colour of a setting", "Without quotes: `white`"),
    ("color chain A, red", "colour and selection the wrong way round", "`color red, chain A`"),
    ("color salmn, chain A", "unknown colour", "Close: salmon"),
    ("color red chain A", "unknown colour", "A comma is missing: `color red, chain A`"),
    ('color "red", chain A', "unknown colour", "Without quotes: `red`"),
    ('cmd.color("gren", "all")', "unknown colour", "Close: green"),
    ("spectrum b, blue white redd", "colours of a spectrum", "Close: red"),
    ("spectrum b, nosuch, chain A", "palette", "rainbow, blue_white_red"),
    ("spectrum nosuch, rainbow", "expression of a spectrum", "b, q, count"),
    ("set_color mine, red", "colour list", "[1.0, 0.5, 0.0]"),
    ("show chain A, sticks", "representation and selection the wrong way round", "`show sticks, chain A`"),
    ("show catoon, chain A", "unknown representation", "Close: cartoon"),
    ("show spacefill", "unknown representation", "It is called spheres"),
    ("as nosuchthing", "unknown representation", "There are"),
    ("cartoon helix, chain A", "cartoon type", "automatic"),
    ("stereo crosseyed", "unknown choice", "Close: crosseye"),
    ("distance d, chain A, chain B, mode=hb", "distance mode", "2 hydrogen bonds"),
    ('alter chain A, b="x"', "value of an atom", "take numbers"),
    ("distance d, chain A", "two atoms for a distance", "Usage: `distance name"),
    ("dihedral d, organic, organic, organic", "two atoms for a distance", "Usage: `dihedral name"),
    ("delete 1hpv, pept", "second object is a list", "`delete 1hpv pept`"),
    ("show cartoon, chain A, extra, more, evenmore", "too many arguments", "Usage: `show representation"),
    ("color", "missing argument", "Usage: `color color, selection"),
    ("fetch", "missing argument of a function", "Usage: `fetch code"),
    ("color red, selektion=chain A", "unknown argument", "Usage: `color color, selection"),
    ("zoom 1hpv,,", "a comma too many", "leave out the comma"),
    ("enable 1hpv, pept", "names with commas", "`enable 1hpv pept`"),
    ("remove chain A, chain B", "remove takes one selection", "`remove chain A or chain B`"),
    ("set_view 1,2,3", "18 numbers", "`get_view`"),
    ("turn 90, y", "axis", "`turn y, 90`"),
    ("rotate w, 90", "axis", "`rotate y, 90`"),
    ("translate 1, chain A", "vector", "`translate [1, 0, 0], SELECTION`"),
    ("ramp_new r, m1, abc", "a range", "[-5, 0, 5]"),
    ("zoom chain A, abc", "a number", "`abc` stands where a number belongs. Usage: `zoom"),
    ("ray abc", "a number", "Usage: `ray width"),
    ("png x.png, width=abc", "size of a picture", "pixels"),
    ("save /nosuchdir/x.pdb", "folder to write in", "The folder /nosuchdir does not exist"),
    ("png /nosuchdir/x.png", "folder to write in", "The folder /nosuchdir does not exist"),
    ("load 1hvp.pdb", "file not found", "In that folder: 1hpv.pdb"),
    ("@figure1.pml", "file not found", "In that folder: figure.pml"),
    ("run nosuch.py", "file not found", "The working folder is"),
    ("load /nosuchdir/x.pdb", "file not found", "The folder /nosuchdir does not exist"),
    ("load notes.docx", "file type", "pdb, cif"),
    ("save x.docx", "file type for saving", ".pdb .cif"),
    ("load_traj nosuch.dcd, d", "trajectory for a discrete object", "`create NEW, d, 1, 1`"),
    ("rms_cur d, pept", "counts differ for a discrete object", "write `d and state 1`"),
    ("fit d, pept", "counts differ for a discrete object", "`align` or `super`"),
    ("load_traj nosuch.dcd, 1hpv", "trajectory", "Is the file there"),
    ("isomesh x, nosuch, 1", "no such map", "The maps are m1"),
    ("isolevel m1, 2", "of another type", "`m1` is a map"),
    ("select 1hpv, chain A", "a name that is taken", "the objects are 1hpv, pept"),
    ("set_name 1hpv, b", "a name that is a keyword", "`b_1`"),
    ("create x1, nosuch", "failed to create", "the new name comes first"),
    ("sculpt_activate 1hvp", "no such object", "Did you mean 1hpv?"),
    ("copy x1, nosuch", "no such object", "The objects are 1hpv, pept"),
    ("scene F1, recall", "no such scene", "`scene NAME, store`"),
    ("get_area 1hpv, 9", "no such state", "States: 1hpv has 1"),
    ("symexp s, pept, pept, 5", "no unit cell", "`set_symmetry OBJECT"),
    ("align 1hpv, organic", "nothing to align", "residues on both sides"),
    ("cealign 1hpv, pept", "too short for cealign", "`super` or `align`"),
    ("fit 1hpv, pept", "no matching atoms", "`matchmaker=4`"),
    ("pair_fit chain A and name CA, pept", "counts differ", "99 are not 107"),
    ("pair_fit 1hpv", "pairs of selections", "`pair_fit m1, t1, m2, t2`"),
    ("get_distance organic, chain A", "one atom each", "has to be one atom"),
    ("iterate chain A, print(element)", "another name for a property", "It is called elem"),
    ("label chain A, resname", "another name for a property", "It is called resn"),
    ("alter chain A, resn=ALA", "text without quotes in alter", "`resn='ALA'`"),
    ("label chain A and resi 25, hello", "text without quotes in a label", '"hello"'),
    ("iterate chain A, resis.append(resi)", "names of an expression", "`stored.resis = []`"),
    ("iterate first chain A, stored.none_yet.append(resi)", "nothing stored", "`stored.none_yet = []`"),
    ("alter chain A, x=1", "coordinates in alter", "`alter_state 1, SELECTION, x=x+1`"),
    ("iterate chain A and resi 25, print(x)", "coordinates in iterate", "`iterate_state 1"),
    ("label chain A and resi 25, resn+b", "numbers and text in a label", '"%s %.1f" % (resn, b)'),
    ("alter chain A, resi=resi+1", "numbers and text", "`alter SELECTION, resv=resv+10`"),
    ("label chain A and resi 25, Asp 25", "syntax of a label", "The label is no Python expression"),
    ("iterate first chain A, print resn", "syntax of an expression", "`iterate SELECTION, print(resn, resi)`"),
    ("iterate_state first chain A, print(x)", "state before the selection", "`iterate_state 1, SELECTION"),
    ("iterate chain A and resi 25", "missing expression", "`iterate SELECTION, EXPRESSION`"),
    ("morph x1, 1hpv", "not in this PyMOL", "not part of open-source PyMOL"),
    ("invert", "a picked atom", "`edit SELECTION`"),
    ("fragment phenol", "fragment", "Close: "),
    ("wizard mutagensis", "wizard", "Close: mutagenesis"),
    ("fab AC1", "sequence", "one-letter codes"),
    ("help settin", "no such help", "`help` tool"),
    ("preset.pretty 1hpv", "preset", '`preset.pretty("1hpv")`'),
    ("cmd.color(red, chain A)", "quotes in Python", '`cmd.color("red", "chain A")`'),
    ("cmd.get_atoms()", "no such function", "Close: cmd."),
    ("import nosuchmodule", "no such module", "numpy"),
    ("print(nosuch)", "a name in Python", "`stored.nosuch`"),
    ('cmd.show("sticks", "ligand")', "selection", "write `organic`"),
    ('cmd.color("red", "1hvp")', "selection", "Did you mean `1hpv`?"),
    ('print(cmd.count_atoms("resi 25 and"))', "selection", "missing after `and`"),
    ("cealign 1hpv, ligand", "selection", "write `organic`"),
]
# Their errors need a network, which no test has, or are the runner's own or warnings.
_ELSEWHERE = {"fetch", "block never closed", "a setting of the whole scene", "a setting of objects"}


@pytest.fixture
def scene(hiv_protease, shipped, tmp_path, monkeypatch):
    hiv_protease.load(str(shipped / "demo" / "pept.pdb"), quiet=1)
    for state in (1, 2):
        hiv_protease.create("d", "pept", 1, state, discrete=1, quiet=1)
    hiv_protease.map_new("m1", "gaussian", 2.0, "organic", quiet=1)
    for name in ("1hpv.pdb", "figure.pml", "notes.docx"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return hiv_protease


def errors(cmd, text):
    """What PyMOL itself says."""
    with Listener(cmd).listening() as heard:
        for line in text.splitlines():
            cmd.do(line, 1, 1)
    return [*heard.reported(), *heard.shown()]


@pytest.mark.parametrize(("text", "entry", "said"), _CASES)
def test_an_error_that_really_happened_says_what_to_try_next(scene, text, entry, said):
    happened = errors(scene, text)
    assert happened
    answered = {hints.entry_for(scene, text, error) for error in happened}
    assert entry in answered
    assert any(said in hints.explained(scene, text, error) for error in happened)


def test_a_failed_fetch_has_a_hint(scene):
    assert "four characters" in hints.hint(scene, "fetch xxxx", "Error-fetch: unable to load 'xxxx'.")


def test_every_entry_of_the_table_is_produced_by_a_case():
    assert {entry.id for entry in hints.entries()} - {entry for _, entry, _ in _CASES} == _ELSEWHERE
    assert len(hints.entries()) >= 40


def test_a_hint_is_at_most_two_sentences_and_bounded(scene):
    for text, _, _ in _CASES[::6]:
        for error in errors(scene, text):
            assert len(hints.hint(scene, text, error)) < 600


def test_an_error_nobody_knows_stays_as_it_is(scene):
    assert hints.explained(scene, "zoom", "Something else.") == "Something else."
    assert hints.hint(scene, "zoom", "Something else.") == ""


def test_a_traceback_is_cut_to_its_last_line(scene):
    (error,) = errors(scene, "iterate first chain A, 1/0")
    assert hints.shortened(error) == "ZeroDivisionError: division by zero"


def test_an_empty_scene_needs_no_objects_for_a_hint(cmd):
    assert "There is no map" in hints.explained(cmd, "isomesh x, nosuch, 1", 'Map object "nosuch" not found')


async def test_the_runner_hands_on_what_to_try_next(gateway, scene):
    output = await gateway.run_commands("set cartoon_transparancy, 0.5")
    assert output.errors[0].startswith("There is no setting `cartoon_transparancy`. Close: cartoon_transparency")
    assert "lines of their own" in (await gateway.run_commands("python\nx = 1")).errors[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "set ray_trace_mode, 1, 1hpv",
            "'ray_trace_mode' is a global-level setting. There is one value for everything",
        ),
        ("set label_size, 20, resi 25", "Atoms have no value of their own: `set label_size, VALUE, OBJECT`"),
    ],
)
async def test_a_setting_that_cannot_be_set_for_a_part_is_a_warning(gateway, scene, text, said):
    output = await gateway.run_commands(text)
    assert output.ok
    assert said in " ".join(output.warnings)
