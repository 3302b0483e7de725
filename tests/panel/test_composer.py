"""Writing, recalling, completing, attaching, queueing and steering in a real window, with a scripted model."""

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel, Silence, Status

pytestmark = pytest.mark.window

QUESTION = ("ask_user", {"question": "Which one?", "choices": ["A", "B"]})


@pytest.fixture
def play(tmp_path):
    def run(scenario, *turns, **arguments):
        with ScriptedModel(*turns) as server:
            seen = run_inside(
                "composing",
                tmp_path,
                more_path=ROOT,
                env=server.environment,
                scenario=scenario,
                shots=tmp_path,
                **arguments,
            )
            return {**seen, "requests": server.requests}

    return run


def asked(seen):
    """What the model was sent as the user's, without its context, one text a message."""
    messages = [item["content"] for item in seen["requests"][-1]["messages"] if item["role"] == "user"]
    texts = [item if isinstance(item, str) else item[-1]["text"] for item in messages]
    return [text.splitlines()[-1] for text in texts]


def test_earlier_prompts_come_back_in_the_next_session_too_and_so_does_what_was_being_written(play, tmp_path):
    seen = play("recall", "Yes.")
    second = "second\nquestion ********"
    masked = "second\nquestion sk-canary-0123456789"
    assert seen["before"] == []
    assert seen["seen"] == ["a draft", masked, "first question", masked, "a draft", "a draft", "a draft"]
    assert seen["moved"] == "a draft\nof two lines", "Up within the text moves in it"
    assert seen["recalled"] == masked
    assert seen["back"] == "a draft\nof two lines"
    everything, found, _shot, taken, closed, busy, nothing, left, kept = seen["found"]
    assert everything == ["Earlier prompts", masked.replace("\n", " "), "first question"]
    assert found == ["Earlier prompts", "first question"]
    assert (taken, closed, busy) == ("first question", [], False), "it is taken, and not sent"
    assert (nothing, left, kept) == (["No earlier prompt is like this"], [], "first question zzz")
    again = play("recall", "Yes.", earlier=2)
    assert again["before"] == ["first question", second]
    assert "canary" not in (tmp_path / ".pymolcode" / "prompts.jsonl").read_text()


def test_commands_are_listed_filtered_completed_and_run(play):
    seen = play("slash", "x")
    assert seen["all"][:3] == ["/new", "/model", "/mode [ask|auto|plan]"]
    assert seen["described"] == "/new begin an empty chat; the scene stays"
    assert seen["filtered"] == ["/model", "/mode [ask|auto|plan]"]
    assert seen["closed"] == [[], "/mo"]
    assert seen["stays_closed"] == []
    assert seen["completed"] == ["/mode ", ["ask", "auto", "plan"]]
    assert seen["mode"] == ["plan", ""]
    assert seen["whole"] == "ask"
    assert seen["clicked"] == [True, "", True]
    assert "There is no command /nosuch" in seen["unknown"]
    assert seen["no_command"] == []
    assert seen["requests"] == []


@pytest.mark.parametrize("look", ["light", "dark and narrow"])
def test_what_is_mentioned_is_completed_by_key_and_mouse_and_reaches_the_model_resolved(play, look):
    seen = play("mention", "I see.", dark="yes" if "dark" in look else "", narrow="yes" if "narrow" in look else "")
    headings = ["Objects", "Selections", "Chains", "Ligands", "Scenes", "Files"]
    assert [row for row in seen["all"] if row in headings] == headings
    assert seen["details"]["1hpv"] == "1,631 atoms"
    assert seen["details"]["chain A"] == "1hpv, protein, 99 residues"
    assert seen["details"]["Objects"] == "1"
    assert seen["chain"][:2] == ["Chains", "chain B"]
    assert seen["completed"] == "what lines @/1hpv//B "
    assert seen["written"] == 'what lines @/1hpv//B in @site and @"binding data.csv" '
    assert seen["reads"] == ["what lines @"], "read once, and kept for a moment"
    width, popup_width, left = seen["geometry"]
    assert left + popup_width <= width
    context = seen["requests"][0]["messages"][-1]["content"].splitlines()
    assert context[0].startswith("[Attached selection `/1hpv//B`: ")
    assert "`site`" in context[1]
    assert context[2].endswith('/hiv/binding data.csv": 1.5 kB, not loaded.]')
    assert (seen["left"], seen["visible"]) == ("", False)


def test_pictures_files_and_structures_are_attached_and_sent(play):
    seen = play("attach", "A gel and a peptide.")
    assert seen["hint"] == [True, "Structures and maps are loaded,\npictures and other files attached", False]
    assert "is a folder" in seen["said"]
    assert seen["titles"] == ["picture (1568 × 392)", "gel.jpg (64 × 64)"]
    assert seen["files"] == ["table.csv"]
    assert seen["selections"] == ["pept", "a_rather_long_name_of_a_selection_that_somebody_made"]
    assert "broken.png is no picture that can be read" in seen["said"]
    assert "Load pept.pdb" in seen["said"]
    assert max(seen["widths"][1:]) <= seen["widths"][0], "chips go on in the next line"
    assert seen["heights"][0] == seen["heights"][1]
    assert seen["accessible"].startswith("Attached picture")
    assert seen["blank"] == [False, False, "Write what to do with what is attached"]
    content = seen["requests"][0]["messages"][-1]["content"]
    assert [item["type"] for item in content] == ["image_url", "image_url", "text"]
    words = content[-1]["text"]
    assert "[Attached selection `pept`: 107 atoms" in words
    assert "table.csv" in words
    assert "The user did this by hand: Load pept.pdb." in words
    assert words.endswith("what are these?")
    assert seen["left"] == [[], [], []]
    assert "gel.jpg (64 × 64), table.csv.*" in seen["written"]
    assert seen["planning"] == [["1hpv"], ["pept.pdb"]]
    assert "[pept]" not in seen["shown"]


def test_messages_wait_for_the_turn_and_steering_reaches_it(play):
    red = ("run_pymol", {"commands": "color red, chain A"})
    seen = play("queue", QUESTION, "A it is.", red, "Coloured.")
    assert "Enter: next" in seen["placeholder"]
    assert seen["while_busy"]
    assert seen["not_while_busy"]
    assert seen["waiting"] == ["Next: and then colour it", "Then: not this one", "Then: the thrid"]
    assert seen["buttons"] == ["Say now", "×"]
    assert seen["edited"] == ["the thrid", ["Next: and then colour it"], True]
    assert seen["steering"] == ["Next: and then colour it", "At the next step: only chain A please"]
    assert asked(seen) == ["ask me something", "only chain A please", "and then colour it"]
    second = seen["requests"][1]["messages"]
    assert second[-1]["role"] == "user", "beside the step's result"
    assert seen["red"] == 758
    shown = seen["shown"]
    assert shown.index("only chain A please") < shown.index("A it is.") < shown.index("and then colour it")
    assert seen["left"] == "still writing"


def test_what_waits_is_kept_after_stop_and_after_a_failure(play):
    seen = play("held", Silence("Let me think"), "Else.", "After.", "One.", "Two.", Status(400, "no"), "Three.")
    assert seen["stopped"] == [["Not sent: one", "Not sent: two"], False]
    assert seen["buttons"] == ["Send", "×"]
    assert seen["during"] == ["Not sent: one", "Not sent: two", "Next: after that"]
    assert seen["other"] == ["Not sent: one", "Not sent: two"]
    assert asked({"requests": seen["requests"][:5]})[-4:] == ["something else", "after that", "one", "two"]
    assert seen["failed"] == ["Not sent: three"]
    assert "Three." in seen["shown"]
    assert seen["left"] == []


def test_a_model_that_cannot_be_steered_gets_it_as_the_next_message(play):
    seen = play("compact", QUESTION, "A.", "Chain A.")
    assert seen["waiting"] == ["Next: only chain A please"]
    assert "cannot be told anything before it is done" in seen["said"]
    assert asked(seen) == ["ask me something", "only chain A please"]
    assert len(seen["requests"]) == 3


def test_odd_texts_do_no_harm(play):
    seen = play("odd", "Well.")
    assert not seen["blank"]
    assert seen["pasted"] == [60_000, True]
    low, high, dock = seen["heights"]
    assert low < high < dock / 2
    assert seen["low_again"]
    assert seen["wrapped"], "it grows with lines that are wrapped, too"
    assert seen["input_method"] == "日本 @"
    assert seen["completed"] == "日本 @1hpv "
    assert seen["astral"] == "😀 @1hpv "
    assert "שלום" in seen["requests"][0]["messages"][-1]["content"]
    assert "<b>x</b>" in seen["shown"]


def test_no_key_leaks_while_the_list_is_open_and_tab_goes_from_chips_to_send(play):
    seen = play("keys", "x")
    assert seen["before"] == seen["after"]
    assert not seen["busy"]
    assert seen["tabs"] == [2, 1]
