import pytest

from pymolcode_plugin.scene import commands
from pymolcode_plugin.scene.command_check import before_command


def checked(cmd, text):
    """Errors and warnings of a one-line command."""
    errors, warnings = [], []
    for command in commands.parse(cmd, text):
        more_errors, more_warnings = before_command(cmd, command)
        errors += more_errors
        warnings += more_warnings
    return " ".join(errors), " ".join(warnings)


@pytest.mark.parametrize(
    "text",
    [
        "show sticks, chain Q",
        "color red, chain Q",
        "as cartoon, chain Q",
        "label chain Q, resn",
        "distance d, chain A and name CA and resi 25, chain Q",
        "zoom chain Q",
        "orient chain Q",
        "create new, chain Q",
        "extract new, chain Q",
        "align 1hpv, chain Q",
        "alter chain Q, b=1",
        "select chosen, chain Q",
        "select chain Q",
        "spectrum b, rainbow, chain Q",
        "set transparency, 0.5, chain Q",
        "save out.pdb, chain Q",
        "h_add chain Q",
        "util.cbag chain Q",
        "iterate chain Q, name",
        "rotate x, 90, chain Q",
    ],
)
def test_a_command_that_would_silently_do_nothing_is_an_error(hiv_protease, text):
    errors, _ = checked(hiv_protease, text)
    assert "`chain Q` matches no atom" in errors
    assert "1hpv has chains '' (blank), A, B" in errors


@pytest.mark.parametrize("text", ["hide sticks, chain Q", "remove chain Q", "disable nosuch", "delete nosuch"])
def test_taking_away_what_is_not_there_is_a_warning(hiv_protease, text):
    errors, warnings = checked(hiv_protease, text)
    assert errors == ""
    assert "had nothing to do" in warnings


def test_enabling_what_is_not_there_is_an_error(hiv_protease):
    assert "nothing named `nosuch`; the objects and selections are 1hpv" in checked(hiv_protease, "enable nosuch")[0]


def test_counting_nothing_is_an_answer(hiv_protease):
    assert checked(hiv_protease, "count_atoms chain Q") == ("", "")


def test_a_selection_pymol_cannot_read_is_an_error_with_a_hint(hiv_protease):
    assert "write `organic`" in checked(hiv_protease, "show sticks, ligand")[0]


def test_a_selection_in_the_wrong_place_is_told_from_an_unknown_word(hiv_protease):
    assert "The colour comes first: `color red, chain A`" in checked(hiv_protease, "color chain A, red")[0]


def test_traps_are_warnings(hiv_protease):
    errors, warnings = checked(hiv_protease, "color red, resi -5")
    assert errors == ""
    assert "resi \\-5" in warnings


@pytest.mark.parametrize(
    "text",
    [
        "show sticks", "hide everything", "color red", "zoom", "select nothing, none", "show cartoon, all",
        "bg_color white", "color red, d1", "zoom m1", "hide everything, d1 m1", "set dash_width, 3, d1",
        "color blue, d*", "disable d1", "delete d*", "enable 1hpv", "delete (chain B)", "select s, chain A",
        "cartoon loop, chain A", "delete all", "isomesh mesh, m1, 1, organic", "set stick_radius, 0.2",
        "distance d2, organic, chain A, mode=2", "deselect", "save out.ccp4, m1", "group g1, 1hpv d1", "hide labels",
        "turn x, 90", "ray 100, 100", "python\nx = 1\npython end", "symexp sym, 1hpv, organic, 5", "show mesh, grp",
        "color green, grp", "spectrum count", "label all",
    ],
)  # fmt: skip
def test_everyday_commands_pass(hiv_protease, text):
    hiv_protease.distance("d1", "resi 25 and name CA and chain A", "resi 25 and name CA and chain B", quiet=1)
    hiv_protease.map_new("m1", "gaussian", 2.0, "organic", quiet=1)
    hiv_protease.group("grp")
    assert checked(hiv_protease, text) == ("", "")


def test_a_new_name_that_is_a_selection_keyword_is_said(hiv_protease):
    assert "PyMOL names it `b_`" in checked(hiv_protease, "create b, chain A")[1]


def test_one_name_for_an_object_and_a_selection_is_said(hiv_protease):
    hiv_protease.select("site", "chain A", quiet=1)
    assert "a selection `site` as well" in checked(hiv_protease, "create site, organic")[1]
    assert checked(hiv_protease, "select site, organic") == ("", "")


def test_all_is_no_error_where_there_are_objects_without_atoms(cmd):
    assert "no atoms yet" in checked(cmd, "zoom all")[0]
    cmd.load_cgo([2.0, 0.0], "shape")
    assert checked(cmd, "zoom all") == ("", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bg_color wihte", "Close: white"),
        ("turn 90, y", "There is no axis `90`"),
        ("set_name 1hpv, pept", "`pept` exists and would be lost"),
        ("set_name nosuch, other", "nothing named `nosuch`"),
        ("map_double nosuch", "nothing named `nosuch`"),
        ("matrix_copy nosuch, 1hpv", "nothing named `nosuch`"),
        ("symexp s, nosuch, 1hpv, 5", "nothing named `nosuch`"),
        ("group g, 1hpv nosuch", "nothing named `nosuch`"),
    ],
)
def test_what_pymol_says_nothing_about_is_an_error(hiv_protease, shipped, text, said):
    hiv_protease.load(str(shipped / "demo" / "pept.pdb"), quiet=1)
    assert said in checked(hiv_protease, text)[0]


@pytest.mark.parametrize("text", ["frame 100", "set state, 5", "iterate_state 5, 1hpv, x"])
def test_a_state_that_does_not_exist_is_a_warning(hiv_protease, text):
    errors, warnings = checked(hiv_protease, text)
    assert errors == ""
    assert "the last one is 1" in warnings


@pytest.mark.parametrize(
    "text", ["bg_color white", "bg_color 0xff00ff", "bg_color [1,1,1]", "bg_color", "turn x, 90", "set_name 1hpv, new"]
)
def test_what_is_right_stays_unmentioned(hiv_protease, text):
    assert checked(hiv_protease, text) == ("", "")


@pytest.mark.parametrize("name", ["enabled", "!nosuch", "not nosuch", "1hpv enabled"])
def test_words_of_delete_are_not_said_to_have_done_nothing(hiv_protease, name):
    assert checked(hiv_protease, f"delete {name}") == ("", "")
