from pymolcode_plugin.core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAsked,
    StepFinished,
    StepStarted,
    TextDelta,
    TurnFinished,
    TurnStarted,
)
from pymolcode_plugin.session.settled import settled

TURN = TurnStarted(turn_id="turn1", text="hi")
STEP = StepStarted(turn_id="turn1", call_id="c", tool="run_pymol", title="zoom", arguments="zoom")
END = TurnFinished(turn_id="turn1", stop_reason="done")


def test_what_a_crash_left_open_has_an_end_the_question_before_its_step():
    asked = ApprovalAsked(call_id="c", question="May it?", command="delete all")
    *_, answered, finished, end = settled([TURN, STEP, asked])
    assert (answered.kind, answered.call_id, answered.allowed) == ("approval_answered", "c", False)
    assert (finished.kind, finished.ok, finished.error) == ("step_finished", False, "PyMOL ended before this was done.")
    assert (end.kind, end.stop_reason) == ("turn_finished", "stopped")


def test_a_turn_that_was_cut_ends_before_the_next_one_begins():
    kinds = [event.kind for event in settled([TURN, TextDelta(turn_id="turn1", text="x"), TURN, END])]
    assert kinds == ["turn_started", "text_delta", "turn_finished", "turn_started", "turn_finished"]


def test_a_choice_that_nobody_made_is_dismissed():
    found = settled([TURN, ChoiceAsked(call_id="q", question="Which?"), END])
    assert [event.kind for event in found] == ["turn_started", "choice_asked", "choice_answered", "turn_finished"]
    assert found[2].text == ""


def test_no_step_of_an_ended_pymol_can_be_undone_and_signing_in_is_not_offered_again():
    done = StepFinished(turn_id="turn1", call_id="c", ok=True, undoable=True)
    failed = TurnFinished(turn_id="turn1", stop_reason="failed", sign_in="openai")
    found = settled([TURN, STEP, done, failed])
    assert (found[2].undoable, found[3].sign_in) == (False, None)
    assert len(found) == 4


def test_what_is_whole_stays_as_it_is():
    asked = ApprovalAsked(call_id="c", question="May it?", command="x")
    events = [
        TURN,
        STEP,
        asked,
        ApprovalAnswered(call_id="c", allowed=True),
        StepFinished(turn_id="turn1", call_id="c", ok=True),
        END,
    ]
    assert list(settled(events)) == events
