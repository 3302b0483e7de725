import pytest

from pymolcode_plugin.core.events import ModelState, TurnFinished

from .test_sign_in_dialog import heard

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def head():
    from pymolcode_plugin.gui.head import Head

    made = Head()
    made.resize(400, 80)
    made.show()
    yield made
    made.close()


def test_the_models_name_is_a_button_that_says_so_and_is_cut_where_there_is_no_room(head):
    asked = heard(head.model_requested)
    head.set_model_state(ModelState(model="a/very-long-name-" + "x" * 80, phase="ready", detail="chosen in this chat"))
    head.model.click()
    assert asked == [()]
    assert head.model.text().endswith("▾")
    assert "…" in head.model.text()
    assert head.model.name in head.model.toolTip()
    assert "chosen in this chat" in head.model.toolTip()
    assert head.model.accessibleName().startswith("Model: a/very-long-name")
    assert head.minimumSizeHint().width() <= 320


def test_a_first_start_offers_to_download_and_to_sign_in(head):
    asked = heard(head.sign_in_requested)
    head.set_model_state(ModelState(model="Qwen", phase="absent", detail="Not downloaded (1.1 GB)"))
    assert not head.download.isHidden()
    head.sign_in.click()
    assert asked == [("",)]
    assert head.minimumSizeHint().width() <= 320
    head.set_model_state(ModelState(model="Qwen", phase="ready"))
    assert head.download.isHidden()
    assert head.sign_in.isHidden()


def test_a_model_that_wants_a_sign_in_offers_that_of_its_provider(head):
    asked = heard(head.sign_in_requested)
    head.set_model_state(ModelState(model="x", phase="failed", detail="xAI wants a key.", sign_in="xai"))
    head.sign_in.click()
    assert asked == [("xai",)]
    head.set_model_state(ModelState(model="x", phase="failed", detail="It died."))
    assert head.sign_in.isHidden()


def test_a_turn_that_failed_for_want_of_a_sign_in_offers_it_below_its_message():
    from pymolcode_plugin.gui.qt import QtWidgets
    from pymolcode_plugin.gui.transcript import Transcript

    transcript = Transcript()
    asked = heard(transcript.sign_in_requested)
    transcript.finish_turn(TurnFinished(turn_id="t", stop_reason="failed", message="Broken."))
    assert transcript.plain_text() == "Broken."
    transcript.finish_turn(TurnFinished(turn_id="t", stop_reason="failed", message="Refused.", sign_in="groq"))
    assert transcript.plain_text() == "Broken.\n\nRefused.\n\nSign in…"
    transcript.findChild(QtWidgets.QPushButton).click()
    assert asked == [("groq",)]


def offered(head):
    return [button.isEnabled() for button in (head.undo, head.redo, head.new_chat)]


def test_what_can_be_undone_or_done_again_is_offered_and_else_the_tooltip_says_why_not(head):
    assert offered(head) == [False, False, True]
    assert head.undo.toolTip().startswith("Nothing to undo")
    assert head.redo.toolTip().startswith("Nothing to redo")
    head.set_history(undoable=True, redoable=False)
    assert offered(head) == [True, False, True]
    assert head.undo.toolTip().startswith("Bring back the scene")
    head.set_history(undoable=False, redoable=True)
    assert offered(head) == [False, True, True]
    assert head.redo.toolTip().startswith("Do again")
    head.set_busy(True)
    assert offered(head) == [False, False, False]
    assert head.undo.toolTip().startswith("Nothing to undo")
    assert {head.redo.toolTip(), head.new_chat.toolTip()} == {
        "Not while something runs: wait until it is done, or stop it"
    }
    head.set_history(undoable=True, redoable=False)
    assert offered(head) == [False, False, False], "what was done meanwhile waits"
    head.set_busy(False)
    assert offered(head) == [True, False, True]
    assert head.new_chat.toolTip().startswith("Begin")
