"""PyMOL's own context menus in a real window, gone through with the real mouse."""

import shutil

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.window


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    assert shutil.which("xdotool"), "xdotool is missing; `python3 -m installer test` installs it"
    folder = tmp_path_factory.mktemp("menus")
    with ScriptedModel("That is an aspartate.") as server:
        found = run_inside("menus", folder, more_path=ROOT, env=server.environment, shots=folder)
        return {**found, "requests": list(server.requests)}


def test_a_right_clicked_atom_opens_the_panel_with_its_residue_and_the_question_and_sends_nothing(seen):
    assert not seen["opened_before"]
    assert seen["atom"] == {
        "chips": [["1hpv/A/ASP`25  ×", "/1hpv//A/ASP`25"]],
        "expressions": ["/1hpv//A/ASP`25"],
        "written": "Which residues, ligands and waters are within 4 Å of 1hpv/A/ASP`25?",
        "visible": True,
        "focus": True,
        "busy": False,
    }


def test_the_dots_of_a_selection_ask_about_the_selection(seen):
    assert seen["selection"]["expressions"] == ["sele"]
    assert seen["selection"]["written"] == "Describe what is in the selection sele."


def test_the_background_asks_about_what_is_shown(seen):
    assert seen["background"]["chips"] == [["what is shown  ×", "visible"]]
    assert seen["background"]["written"] == "What is loaded, and what is shown of it?"


def test_the_a_button_of_the_object_panel_asks_about_the_object(seen):
    assert seen["object"]["expressions"] == ["1hpv"]
    assert seen["object"]["written"].startswith("Describe 1hpv")


def test_a_menu_in_the_menu_asks_about_the_chain_and_brings_a_closed_panel_back(seen):
    assert seen["inner"]["chips"] == [["1hpv/A  ×", "/1hpv//A"]]
    assert seen["inner"]["written"].startswith("Give me the sequence of 1hpv/A")
    assert seen["inner"]["visible"]


@pytest.mark.parametrize(
    ("name", "title", "entries"),
    [
        ("atom", "/1hpv/1HPV/A/ASP`25/CG", {"drag object matrix", "atom", "residue", "fragment+joint(s)"}),
        ("selection", "sele", {"disable", "actions", "color", "clean"}),
        ("background", "Main Pop-Up", {"new", "zoom (vis)", "(all)", "ray"}),
        ("object", "Action:", {"zoom", "drag matrix", "copy to object", "compute"}),
    ],
)
def test_pymols_own_entries_are_all_there_below_the_title_and_ours(seen, name, title, entries):
    first = seen[f"{name} menus"][0]
    assert first[0] == title
    assert first[1].startswith("\\359Ask agent about")
    assert entries <= set(first)


def test_the_selection_is_resolved_when_the_message_is_sent(seen):
    """One of its eight atoms was removed between asking and sending."""
    (request,) = seen["requests"]
    assert "Attached selection `sele`: 7 atoms, 1 residue." in str(request["messages"])
    assert "That is an aspartate." in seen["answered"]


def test_what_is_no_selection_is_refused_where_it_was_typed_and_attaches_nothing(seen):
    assert seen["refused"]["chips"] == []
    assert "ask_agent: `nosuch` is no selection or object. Nothing was attached." in seen["output"]
