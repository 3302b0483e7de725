"""The panel at home in PyMOL's window: what a first start offers, the tour, where it stands, how it looks."""

import json
from pathlib import Path

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.window
LEFT, RIGHT = 1, 2


@pytest.fixture
def play(tmp_path):
    def run(scenario, *turns, env=None, **arguments):
        with ScriptedModel(*(turns or ("Here I am.",))) as server:
            given = {**server.environment, **(env or {})}
            return run_inside(
                "home", tmp_path, more_path=ROOT, env=given, scenario=scenario, shots=tmp_path, **arguments
            )

    return run


def test_an_empty_panel_offers_what_fits_what_is_loaded_now_and_writes_it_down(play):
    seen = play("first_start")
    assert seen["nothing"][0] == "Nothing is loaded yet."
    assert seen["ligand"][0] == "Loaded: 1hpv (2 chains, ligand 478)."
    assert seen["ligand"][1][0] == "Which residues are within 4 Å of 478?"
    assert "Align il2 to 1hpv and say how much they differ" in seen["several"]
    assert seen["written"] == seen["example"]
    assert not seen["busy"]


@pytest.mark.parametrize("loaded", [0, 1])
def test_the_tour_is_six_real_steps_by_the_keyboard_one_of_them_undone(play, loaded):
    seen = play("tour", loaded=loaded)
    assert seen["untouched"] == (["il2"] if loaded else []), "nothing is loaded before somebody agrees"
    assert ("stays as it is" in seen["said"][0][1]) is bool(loaded)
    assert all(has_keyboard for _count, _says, _click, has_keyboard in seen["said"])
    assert seen["names"][-1] == "1hpv"
    assert seen["colours"] == [1, 1, 1, 2, 1, 1], "coloured by chain, then undone"
    assert seen["states"] == ["done", "done", "done", "undone"]
    assert "25 residues" in seen["shown"]
    assert seen["chips"] == ["%1hpv and organic"]
    assert seen["written"] == "Which hydrogen bonds does the drug make?"
    assert seen["focus"]
    assert not seen["busy"], "nothing was sent"


def test_the_tour_is_left_with_escape_and_no_key_leaks_from_it(play):
    seen = play("leave")
    assert seen["before"] == seen["after"]
    assert seen["gone"]
    assert seen["focus"]


def test_the_panel_opens_where_it_was_and_pymols_own_layout_stays(play, tmp_path):
    first = play("place", to="left")
    assert (first["area"], first["floating"], first["width"]) == (RIGHT, False, 400)
    second = play("place", to="float")
    assert (second["area"], second["width"]) == (LEFT, 350)
    third = play("place", to="close")
    assert third["floating"]
    assert abs(third["at"][0] - 100) < 40, "window frames differ"
    assert third["width"] == 380
    assert first["others"] == second["others"] == third["others"]
    noted = json.loads((tmp_path / ".pymolcode" / "panel.json").read_text())
    assert noted["visible"] is False
    assert noted["floating"] is True


@pytest.mark.parametrize(("wanted", "to", "opens"), [("true", "", True), ("true", "close", False), ("", "", False)])
def test_it_opens_with_pymol_only_where_that_is_set_and_it_was_open(play, tmp_path, wanted, to, opens):
    play("place", to=to, env={"PYMOLCODE_OPEN_AT_START": wanted})
    seen = run_inside("opened_by_itself", tmp_path, more_path=ROOT)
    assert seen["opened"] is opens


def test_every_widget_that_the_keyboard_reaches_has_a_name(play):
    seen = play(
        "names", ("run_pymol", {"commands": "color red"}), "Red.", ("run_pymol", {"commands": "delete all"}), "So."
    )
    assert seen["n_focusable"] > 20
    assert seen["nameless"] == [], "\n".join(seen["nameless"])


@pytest.mark.parametrize(
    ("name", "width", "font"), [("narrow", 320, 1), ("big", 400, 1.5), ("narrow_big", 320, 1.5), ("dark", 400, 1)]
)
def test_narrow_with_a_large_font_and_in_the_dark_nothing_is_cut_off(play, name, width, font):
    seen = play("looks", name=name, width=width, dark=name == "dark", font=font)
    assert seen["too_wide"] == []
    if font == 1:
        assert seen["widths"] == [width, width]
    line_px, button_px, composer_px = seen["heights"]
    assert button_px >= line_px + 6
    assert composer_px >= 2 * line_px
    assert (line_px > 20) is (font > 1), "the font of the system is followed"
    assert all(Path(shot).is_file() for shot in seen["shots"])
