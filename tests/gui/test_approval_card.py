import pytest

from pymolcode_plugin.core.events import ApprovalAnswered, ApprovalAsked
from pymolcode_plugin.core.ports import Answer

pytestmark = pytest.mark.usefixtures("qt_application")

ASKED = ApprovalAsked(
    call_id="c",
    question="Run <b>code</b>?",
    command="print('<b>&amp;')",
    effects=("runs <i>Python</i>",),
    editable=True,
    always="python in /here",
)


def card(**more):
    from pymolcode_plugin.gui.approval_card import ApprovalCard

    made = ApprovalCard(ASKED.model_copy(update=more))
    heard = []
    made.answered.connect(heard.append)
    return made, heard


def outcome(answered, **more):
    made, _ = card(**more)
    made.resolve(answered and ApprovalAnswered(call_id="c", **answered))
    return made._outcome.toPlainText()


def test_nothing_in_a_question_is_read_as_html():
    made, _ = card()
    assert made.plain_text() == "Run <b>code</b>?\n• runs <i>Python</i>\nprint('<b>&amp;')"


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        ({"allowed": True}, "✓ Allowed"),
        ({"allowed": True, "command": "x"}, "✓ Allowed as edited"),
        ({"allowed": True, "always": True}, "✓ Allowed; from now on python in /here always"),
        ({"allowed": False}, "✗ Denied"),
        ({"allowed": False, "reason": "no"}, "✗ Denied: no"),
        (None, "Stopped before it was answered"),
    ],
)
def test_a_card_says_what_was_decided(answered, words):
    assert outcome(answered) == words


def test_a_question_about_hand_made_changes_is_kept_or_not():
    assert outcome({"allowed": True}, command="") == "Done anyway"
    assert outcome({"allowed": False}, command="") == "Kept"


def test_always_is_offered_only_where_it_can_be_and_not_for_an_edited_command():
    assert card(always="")[0]._always_row.isHidden()
    made, heard = card()
    made.always.setChecked(True)
    made.edit.click()
    made.command.setPlainText("print(1)")
    made.allow.click()
    assert heard == [Answer(allowed=True, command="print(1)", always=False)]


def test_an_edit_that_changes_nothing_is_no_edit():
    made, heard = card(command="a\u00a0b")  # the field gives back a plain blank
    made.edit.click()
    made.allow.click()
    assert heard == [Answer(allowed=True)]


def test_what_cannot_be_edited_offers_no_edit():
    assert card(editable=False)[0].edit.isHidden()
    assert card(command="x" * 30_000)[0].edit.isHidden(), "the field shows only its beginning"


def test_hidden_characters_are_said():
    assert card()[0]._hidden.isHidden()
    made, _ = card(command="delete \u202ella")
    assert "U+202E" in made._hidden.text()
