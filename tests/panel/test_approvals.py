"""Questions, undo, modes and privacy in a real window, through the panel's real widgets, with a scripted model."""

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel
from .test_panel import transcript_kinds

pytestmark = pytest.mark.window

DELETE = ("run_pymol", {"commands": "delete all"})


@pytest.fixture
def play(tmp_path):
    def run(scenario, *turns, script="approvals", **arguments):
        with ScriptedModel(*turns) as server:
            env = {**server.environment, **arguments.pop("env", {})}
            seen = run_inside(script, tmp_path, more_path=ROOT, env=env, scenario=scenario, shots=tmp_path, **arguments)
            return {**seen, "requests": server.requests}

    return run


def test_a_command_is_edited_before_it_is_allowed_and_only_the_edited_one_runs(play):
    seen = play("edit", DELETE, "Done.")
    assert seen["steps"] == [1, 1], "Shift+Tab from Deny to Edit, Tab from the command to Allow"
    assert seen["before"] == ["Allow edited", "Cancel edit", True]
    assert not seen["emptied"], "nothing is no command"
    assert seen["objects"] == ["1hpv"]
    assert seen["waters"] == 0
    assert "Allowed as edited" in seen["shown"]
    assert "remove solvent" in seen["shown"]
    assert seen["focus"], "the cursor is back where one writes"
    assert "approval_answered" in transcript_kinds(seen)


def test_a_cancelled_edit_leaves_the_command_as_it_was(play):
    seen = play("cancel_edit", DELETE, "Done.")
    assert seen["after"] == ["delete all", "Allow", True]
    assert seen["objects"] == []
    assert "as edited" not in seen["shown"]


def test_a_reason_given_with_deny_reaches_the_model_as_it_was_written(play):
    seen = play("reason", DELETE, "All right.")
    assert seen["focus"] == [True, True]
    assert seen["objects"] == ["1hpv"]
    assert "Denied: keep <b>chain A</b>" in seen["shown"]
    assert "did not allow this: keep <b>chain A</b>" in str(seen["requests"][-1]["messages"][-1])


TIDY = ("tidy", {"commands": "delete all"})


def test_always_allowed_is_not_asked_again_until_it_is_revoked(play):
    seen = play("always", TIDY, "One.", TIDY, "Two.", TIDY, "Three.")
    assert seen["words"].startswith("Always allow tidy in /")
    assert seen["ticked"], "the words beside the box are part of it"
    assert seen["unasked"] == []
    assert seen["rules"] == [1, 0]
    assert seen["again"] == ["1hpv"]
    assert "from now on tidy in" in seen["shown"]


def test_plan_mode_refuses_what_would_change_anything_and_says_so(play):
    red = ("run_pymol", {"commands": "color red, chain A"})
    seen = play("plan", red, "I would colour it.", red, "Done.")
    assert not seen["before"], "the usual mode needs no label"
    assert seen["label"] == ["Plan", True]
    assert seen["red"] == 0
    assert "The mode is plan" in seen["shown"]
    assert not seen["after"]
    assert seen["mode"] == "ask"
    assert seen["red_then"] == 758
    assert "none of ask, auto, plan" in seen["output"]


def test_the_model_cannot_change_the_mode_by_a_command_without_a_question(play):
    seen = play("mode_by_model", ("run_pymol", {"commands": "agent_mode auto"}), "Well.")
    assert "Run code" in seen["question"]
    assert seen["mode"] == "ask"


def test_the_mode_that_is_set_holds_from_the_start(play):
    red = ("run_pymol", {"commands": "color red, chain A"})
    assert play("plan", red, "No.", red, "Done.", env={"PYMOLCODE_MODE": "auto"})["before"]


COLOURED = (
    [
        ("run_pymol", {"commands": "color red, chain A"}),
        ("run_pymol", {"commands": "color blue, chain B"}),
        ("run_pymol", {"commands": "color yellow, organic"}),
    ],
    "Done.",
)


def test_a_step_in_the_middle_is_undone_with_every_later_one_and_done_again(play):
    seen = play("undo", *COLOURED)
    all_three = seen["done"][0]
    assert all(all_three.values())
    assert seen["done"][1:] == [["done"] * 3, [True] * 3, False]
    colours, states, buttons, redoable = seen["middle"]
    assert (colours["blue"], colours["yellow"]) == (0, 0)
    assert colours["red"]
    assert (states, buttons, redoable) == (["done", "undone", "undone"], [True, False, False], True)
    assert seen["redone"] == [all_three, ["done"] * 3, False]
    assert seen["history"] == [[False, False], [True, False], [False, True]], "before, done, all undone"


def test_undo_and_redo_at_pymols_prompt(play):
    seen = play("undo", *COLOURED)
    colours, states = seen["step"]
    assert (bool(colours["blue"]), colours["yellow"], states) == (True, 0, ["done", "done", "undone"])
    assert seen["turn"] == [{"red": 0, "blue": 0, "yellow": 0}, ["undone"] * 3]
    assert seen["again"] == [seen["done"][0], ["done"] * 3], "the whole turn, the step that was undone first too"
    assert seen["end"] == seen["again"][0]
    assert "neither turn nor step" in seen["output"]


def test_undo_says_what_was_changed_by_hand_and_keeps_it_where_that_is_wanted(play):
    seen = play("by_hand", ("run_pymol", {"commands": "color red, chain A"}), "Red.")
    assert seen["buttons"] == ["Undo anyway", "Keep", True]
    assert not seen["field"], "nothing to edit, and no reason to give"
    assert "would be lost: recoloured 758 atoms" in seen["question"]
    assert seen["busy"], "nothing else begins meanwhile"
    assert seen["kept"] == seen["stopped"]
    assert (bool(seen["kept"]["red"]), bool(seen["kept"]["blue"])) == (True, True)
    assert (seen["undone"]["red"], seen["undone"]["blue"]) == (0, 0)
    assert "Kept" in seen["shown"]


def test_a_question_of_the_model_is_answered_with_a_choice_own_words_or_not_at_all(play):
    which = ("which", {"question": "Which chain?", "choices": ["Chain A", "Chain B, " + "with a long reason " * 6]})
    seen = play("choice", which, "B then.", which, "Third.", which, "Nothing.", which)
    said = [message["content"] for message in seen["requests"][-1]["messages"] if message["role"] == "tool"]
    assert seen["first"]
    assert seen["back"]
    assert "'Chain B, with a long reason" in said[0]
    assert "the <b>third</b>" in said[1]
    assert said[2] == "answered: ''"
    assert "Dismissed without an answer" in seen["shown"]
    assert "Stopped before it was answered" in seen["shown"]


LONG = "delete " + "a_very_long_object_name_" * 8


def test_nothing_is_cut_at_320_px(play):
    tidy = ("tidy", {"commands": "\n".join([LONG, *(f"color red, resi {n}" for n in range(60))])})
    which = ("which", {"question": "Which of these?", "choices": ["a_long_name_" * 12, "B"]})
    effects = ["deletes " + "/a/very/long/path" * 9, *(f"recolours {n} atoms" for n in range(20))]
    seen = play(
        "narrow", tidy, which, "Done.", script="looks", effects=effects, warnings=["this matches everything " * 4]
    )
    assert seen["dock"] <= 330
    assert max(seen["heights"]) < 220, "long commands scroll"
    for name in ("question", "editing", "choice", "steps"):
        assert seen[name][0] == []
    for name in ("head", "failed"):
        width, height, _ = seen[name]
        assert width <= 330
        assert height < 130


def test_the_options_are_reached_by_the_keyboard_and_hold_for_the_session(play):
    seen = play("options", "x", script="looks")
    assert seen["name"] == "Options"
    assert seen["mode"] == "auto"
    assert seen["label"] == "Auto"
    assert all("Holds until PyMOL is closed." in tip for tip in seen["tips"])
    assert (seen["local"], seen["enabled"]) == (False, []), "nothing to switch where nothing leaves"
    names = ["Coordinates", "Sequences", "Images", "File names"]
    assert seen["elsewhere"][0] == [[name, True] for name in names]
    assert "models.example.org" in seen["elsewhere"][1]
    assert seen["withheld"] == ["coordinates"]
    assert seen["then"][0][0] == ["Coordinates", False]
    assert seen["none"] == []
    assert seen["only"]
    assert "nothing is sent" in seen["refused"]


def test_what_was_sent_last_is_read_searched_and_copied(play):
    seen = play("sent", "Teal it is.", script="looks")
    assert seen["empty"].startswith("Nothing has been sent")
    assert seen["found"] == ["teal", ""]
    assert seen["not_found"] == "Not found"
    assert not seen["modal"]
    assert "colour the flaps <b>teal</b>" in seen["copied"]
    assert "sk-test-canary" not in seen["copied"]


def test_no_key_leaks_from_a_question_to_pymol_and_escape_stops(play):
    seen = play("keys", DELETE, "Done.")
    assert seen["pressed"] == 72
    assert seen["before"] == seen["after"]
    assert seen["waits"], "none of them answers"
    assert "Stopped before it was answered" in seen["shown"]


def test_the_offer_after_a_crash_is_taken_or_not(play):
    seen = play("recover", "x")
    assert seen["heard"] == ["back", "dropped"]
    assert seen["label"] == "Bring it back"


GALLERY = (
    *COLOURED,
    ("tidy", {"commands": "remove solvent\nremove chain B and not organic"}),
    ("which", {"question": "Which figure do you want?", "choices": ["The binding site", "The whole dimer"]}),
    "Here is the **binding site**.",
)


@pytest.mark.parametrize("dark", [False, True])
def test_every_card_can_be_read_in_light_and_dark(play, dark):
    seen = play(
        "gallery",
        *GALLERY,
        effects=["removes 80 waters", "removes 758 atoms of chain B in 1hpv"],
        warnings=["`chain B` matches half of everything"],
        dark=dark or "",
        script="looks",
    )
    least = {"undone": 3, "reason": 3, "box": 1.4}  # grey on purpose; Qt's own grey of an empty field; a frame
    pale = {name: round(ratio, 1) for name, ratio in seen["legible"].items() if ratio < least.get(name, 4.5)}
    assert pale == {}


def test_the_pictures_of_the_documentation(play):
    seen = play(
        "pictures",
        ("run_pymol", {"commands": "remove solvent\nremove polymer and chain B"}),
        "Chain A and the ligand are left.",
        [
            ("run_pymol", {"commands": "show surface, chain A and polymer"}),
            ("run_pymol", {"commands": "spectrum count, rainbow, chain A and polymer and name CA"}),
        ],
        "Chain A has a surface, coloured from blue at its beginning to red at its end.",
        script="looks",
    )
    assert "remove polymer and chain B" in seen["question"]
    assert "undone" in seen["shown"]
