import functools
import importlib
import types

import pytest
from pymol import menu as pymols_menu

from pymolcode_plugin.scene import menus, pointed_at, questions

TEXT = "\\359Ask agent about this"


@pytest.fixture
def menu():
    """A copy of PyMOL's menus, so that the real ones stay as they are."""
    made = types.ModuleType("menu")
    made.__dict__.update(vars(pymols_menu))
    return made


def shown(items):
    return [entry[1] for entry in items]


def submenu(items, text=TEXT):
    (entry,) = [entry for entry in items if entry[1] == text]
    return entry[2]()


@pytest.fixture
def asked(hiv_protease, menu):
    """The submenus of one of PyMOL's menus, as the mouse would open them."""
    menus.install(menu)

    def open_menu(name, *arguments, text=TEXT):
        return submenu(getattr(menu, name)(hiv_protease, *arguments), text)

    return open_menu


def commands(items):
    return {entry[1]: entry[2] for entry in items if entry[0] == 1 and isinstance(entry[2], str)}


ARGUMENTS = {
    "pick_menu": ("/1hpv/A/ASP`25/CG", "(1hpv`1)"),
    "pick_sele": ("sele", "sele"),
    "main_menu": ((0, 0, 0), (0, 0)),
}


@pytest.mark.parametrize(
    "name",
    [
        "pick_menu", "pick_sele", "main_menu", "sele_action", "mol_action", "group_action", "map_action",
        "surface_action", "simple_action", "all_action",
    ],
)  # fmt: skip
def test_every_original_entry_stays_in_its_order_below_ours(hiv_protease, menu, name):
    hiv_protease.select("sele", "resi 25")
    arguments = ARGUMENTS.get(name, ("1hpv",))
    before = shown(getattr(menu, name)(hiv_protease, *arguments))
    assert name in menus.install(menu)
    after = shown(getattr(menu, name)(hiv_protease, *arguments))
    assert after[1].startswith("\\359Ask agent about")
    assert after[:1] + after[3:] == before


def test_an_atoms_menu_asks_about_its_residue_and_offers_atom_chain_and_object(asked, hiv_protease):
    ((_model, index),) = hiv_protease.index("A/25/CG")
    items = asked("pick_menu", "/1hpv/A/ASP`25/CG", f"(1hpv`{index})")
    first = commands(items)
    assert items[0][1] == "1hpv/A/ASP`25"
    assert first["my own question..."] == "ask_agent /1hpv//A/ASP`25"
    assert first["contacts within 4 A"].startswith("ask_agent /1hpv//A/ASP`25, question=Which residues")
    below = [entry for entry in items if isinstance(entry[2], list) and entry[0] == 1]
    assert shown(below) == ["atom 1hpv/A/ASP`25/CG", "chain 1hpv/A", "object 1hpv"]
    assert commands(below[0][2])["my own question..."] == "ask_agent /1hpv//A/ASP`25/CG"


def test_a_drug_is_asked_other_things_than_a_residue(asked, hiv_protease):
    ((_model, index),) = hiv_protease.index("first organic")
    assert "show the pocket" in commands(asked("pick_menu", "", f"(1hpv`{index})"))


def test_the_background_asks_about_what_is_shown_and_each_object(asked):
    items = asked("main_menu", (0, 0, 0), (0, 0), text="\\359Ask agent about the scene")
    assert commands(items)["my own question..."] == "ask_agent visible"
    assert "object 1hpv" in shown(items)


def test_a_map_is_asked_what_suits_a_map(asked, hiv_protease):
    hiv_protease.map_new("density", "gaussian", 3.0, "organic")
    assert "does it fit?" in commands(asked("map_action", "density"))


def test_wrapping_happens_once_however_often_it_is_asked_for(menu):
    assert len(menus.install(menu)) == 13
    assert menus.install(menu) == ()


def test_a_menu_that_was_replaced_since_gets_its_entry_again(hiv_protease, menu):
    menus.install(menu)
    menu.mol_action = pymols_menu.mol_action  # as a reload of PyMOL's module does
    assert menus.install(menu) == ("mol_action",)
    assert shown(menu.mol_action(hiv_protease, "1hpv")).count(TEXT) == 1


@pytest.mark.parametrize("keeps_name", [True, False])
@pytest.mark.parametrize("ours_first", [True, False])
def test_other_plugins_that_wrap_the_same_menu_keep_their_entry(hiv_protease, menu, keeps_name, ours_first):
    if ours_first:
        menus.install(menu)
    original = menu.mol_action

    def wrapper(*args):
        return [*original(*args), [1, "theirs", "print(1)"]]

    menu.mol_action = functools.wraps(original)(wrapper) if keeps_name else wrapper
    menus.install(menu)
    items = shown(menu.mol_action(hiv_protease, "1hpv"))
    assert items.count(TEXT) == 1
    assert items[-1] == "theirs"


def test_a_menu_that_this_pymol_does_not_have_is_left_out(menu):
    del menu.slice_action
    assert "slice_action" not in menus.install(menu)


def test_what_pymol_itself_raises_passes_on_as_it_was(hiv_protease, menu):
    menus.install(menu)
    with pytest.raises(TypeError, match="self_cmd"):
        menu.mol_action()


@pytest.mark.parametrize("returned", [None, (), [["not an entry"]], "text"])
def test_a_menu_of_another_shape_is_given_back_as_it_is(hiv_protease, menu, returned):
    menu.mol_action = lambda _cmd, _name: returned
    menus.install(menu)
    if returned == ():
        assert shown(menu.mol_action(hiv_protease, "1hpv"))[0] == TEXT
    else:
        assert menu.mol_action(hiv_protease, "1hpv") is returned


def test_other_arguments_than_expected_give_the_original_menu(hiv_protease, menu):
    menu.pick_menu = lambda _cmd, **_named: [[2, "title", ""]]
    menus.install(menu)
    assert shown(menu.pick_menu(hiv_protease, surprise=1)) == ["title"]


def test_where_the_questions_cannot_be_read_one_can_still_ask(asked, monkeypatch):
    def broken(_kind):
        raise ValueError("no YAML")

    monkeypatch.setattr(questions, "about", broken)
    items = asked("pick_menu", "", "(1hpv`1)")
    assert commands(items) == {"my own question...": "ask_agent (1hpv`1)"}


def test_a_thing_that_went_while_its_menu_was_open_can_be_asked_about_and_pymol_says_that_it_is_gone(asked):
    assert commands(asked("mol_action", "gone")) == {"my own question...": "ask_agent gone"}


def test_names_from_files_neither_colour_the_menu_nor_continue_the_command(cmd):
    target = pointed_at.Target("residue", "m/A/\\900LI\u2028G`1" + "x" * 100, "(m`1)\\")
    items = menus._questions(target)
    assert items[0][1].startswith("m/A/?900LI?G`1")
    assert len(items[0][1]) == 60
    for command in commands(items).values():
        assert "\\" not in command
        assert command.isprintable()


def test_every_kind_has_its_questions_in_letters_that_pymols_menus_have():
    kinds = {
        "residue", "ligand", "water", "ion", "atom", "chain", "selection", "object", "group", "map", "surface",
        "drawing", "scene",
    }  # fmt: skip
    assert set(questions._all()) == kinds
    for kind in kinds:
        entries = [question.entry for question in questions.about(kind)]
        assert len(set(entries)) == len(entries) >= 2
        assert all(entry.isascii() and len(entry) < 24 for entry in entries)
        assert all(question.about("X").isprintable() for question in questions.about(kind))
        assert all("{" not in question.about("X") for question in questions.about(kind))


def test_importing_the_menus_reads_nothing_but_the_standard_library():
    import subprocess
    import sys

    code = (
        "import sys; import pymolcode_plugin.scene.menus;"
        "print([name for name in sys.modules if name.split('.')[0] in {'yaml', 'pydantic', 'structlog', 'pymol'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_question_for_the_real_pymol_is_read_back_whole(hiv_protease):
    """PyMOL's parser takes the rest of the line after the command as one text."""
    plugin = importlib.import_module("pymolcode_plugin.plugin")
    seen = []

    def ask_agent(text):
        seen.append(text)

    hiv_protease.extend("ask_agent", ask_agent)
    hiv_protease.keyword["ask_agent"] = [ask_agent, 0, 0, "", plugin.parsing.LITERAL]
    target = pointed_at.Target("residue", "1hpv/A/ASP`25", "/1hpv//A/ASP`25")
    wanted = "Which, of these; are # within 4 Å of 1hpv/A/ASP`25?"
    hiv_protease.do(menus._command(target.expression, wanted), echo=0)
    assert seen == [f"/1hpv//A/ASP`25, question={wanted}"]
