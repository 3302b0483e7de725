import pytest

from pymolcode_plugin.core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    SceneRestored,
    Steered,
    StepFinished,
    StepStarted,
    TurnStarted,
)
from pymolcode_plugin.session.markdown import as_markdown

STEP = StepStarted(turn_id="t", call_id="c", tool="run_pymol", title="delete all", arguments="delete all")
ASKED = ApprovalAsked(
    call_id="c",
    question="Delete or replace things in the scene?",
    command="delete all",
    effects=("deletes 1 object, 1,631 atoms",),
    editable=True,
    always="delete in /here",
)


def body(*events):
    return as_markdown(events, "A chat").split("\n\n", 1)[1]


def test_a_question_says_what_would_have_happened_and_what_was_answered():
    text = body(STEP, ASKED, ApprovalAnswered(call_id="c", allowed=False, reason="keep chain A"))
    assert "> **asked:** Delete or replace things in the scene?\n> - deletes 1 object, 1,631 atoms" in text
    assert "> offered: always allow delete in /here" in text
    assert "> **denied:** keep chain A" in text


def test_an_edited_command_stands_beside_the_one_that_was_asked_for():
    text = body(STEP, ASKED, ApprovalAnswered(call_id="c", allowed=True, command="remove solvent", always=False))
    assert "```\ndelete all\n```" in text
    assert "> **allowed as edited**:\n>\n> ```\n> remove solvent\n> ```" in text


def test_always_is_said():
    assert "> **allowed**, and always from now on" in body(ApprovalAnswered(call_id="c", allowed=True, always=True))


def test_a_step_says_its_warnings_what_it_changed_and_what_it_wrote():
    end = StepFinished(
        turn_id="t",
        call_id="c",
        ok=True,
        warnings=("this matches everything",),
        diff="recoloured 758 atoms of 1hpv; view moved",
        files=("/here/figure.png",),
        duration_s=0.12,
    )
    assert body(end) == (
        "> **ok**, 0.1 s  \n> **warning:** this matches everything\n> - recoloured 758 atoms of 1hpv\n"
        "> - view moved  \n> wrote `/here/figure.png`\n"
    )


@pytest.mark.parametrize(("action", "word"), [("undo", "undone"), ("redo", "done again")])
def test_undo_and_redo_say_how_many_steps_and_what_that_changed(action, word):
    text = body(SceneRestored(action=action, call_ids=("a", "b"), diff="added 1hpv"))
    assert text == f"> **{word}:** 2 steps\n> - added 1hpv\n"


def test_what_was_attached_and_what_was_said_meanwhile():
    text = body(
        TurnStarted(turn_id="t", text="hi", attachments=("site", "gel.png (64 × 64)")),
        Steered(turn_id="t", text="only chain A\n# please", attachments=("site",)),
    )
    assert "## hi\n\n*With site, gel.png (64 × 64).*\n" in text
    assert "> **meanwhile:** only chain A  \n> # please\n\n*With site.*" in text


def test_a_choice_and_its_answer():
    asked = ChoiceAsked(call_id="c", question="Which chain?", choices=("A", "B"))
    text = body(asked, ChoiceAnswered(call_id="c", text="B"))
    assert "> **question:** Which chain?\n> - A\n> - B" in text
    assert "> **answer:** B" in text
    assert "> **dismissed**" in body(asked, ChoiceAnswered(call_id="c", text=""))


def test_no_text_breaks_out_of_its_quotation_or_its_fence():
    code = "print('''\n```\n# not a heading\n''')"
    text = body(
        TurnStarted(turn_id="t", text="hi"),
        STEP.model_copy(update={"arguments": code}),
        ChoiceAsked(call_id="c", question="One?\n# not a heading"),
    )
    assert f"````\n{code}\n````" in text
    assert "\n> # not a heading" in text
    assert text.count("\n# not a heading") == 1, "the one inside the fence"
