import pytest

from pymolcode_plugin.core.events import ApprovalAnswered, ApprovalAsked, ChoiceAsked, ModelState

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def dock():
    from pymolcode_plugin.gui.dock import AgentDock
    from pymolcode_plugin.gui.qt import QtWidgets

    window = QtWidgets.QMainWindow()
    made = AgentDock(window)
    made.attach(window, text_percent=150)
    window.show()
    QtWidgets.QApplication.processEvents()
    yield made
    window.close()


def test_it_opens_with_text_of_the_size_that_was_set(dock):
    from pymolcode_plugin.gui.qt import QtWidgets

    usual = QtWidgets.QApplication.font().pointSizeF()
    assert dock.composer.font().pointSizeF() == pytest.approx(1.5 * usual, abs=1)


def test_the_style_sheet_is_made_anew_for_another_palette_or_size_and_only_then(dock, monkeypatch):
    from pymolcode_plugin.gui import sheets
    from pymolcode_plugin.gui.qt import QtCore, QtGui, QtWidgets

    made, real = [], sheets.filled
    monkeypatch.setattr(sheets, "filled", lambda *given: made.append(given) or real(*given))

    def restyled(change):
        made.clear()
        change()
        QtWidgets.QApplication.processEvents()
        return len(made)

    palette = QtGui.QPalette(dock.palette())
    event = QtCore.QEvent(QtCore.QEvent.Type.PaletteChange)
    assert restyled(lambda: QtWidgets.QApplication.sendEvent(dock, event)) == 0, "the same palette"
    assert restyled(lambda: dock.set_text_size(150)) == 0, "the same size"
    palette.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor("#232629"))
    assert restyled(lambda: dock.setPalette(palette)) == 1
    assert restyled(lambda: dock.set_text_size(100)) == 1


def test_a_double_click_on_send_does_not_stop_what_it_sent(dock, monkeypatch):
    from pymolcode_plugin.gui.qt import QtWidgets

    sent, stopped = [], []
    dock.submitted.connect(lambda text: (sent.append(text), dock.set_busy(True)))
    dock.stop_requested.connect(lambda: stopped.append(True))
    dock.composer.setPlainText("colour it red")
    dock._send.click()
    dock._send.click()
    assert (sent, stopped) == (["colour it red"], [])
    monkeypatch.setattr(QtWidgets.QApplication, "doubleClickInterval", lambda: 0)
    dock._send.click()
    assert stopped == [True]


APPROVAL = ApprovalAsked(call_id="c1", question="Delete?", command="delete all")
CHOICE = ChoiceAsked(call_id="c2", question="Which chain?", choices=("A", "B"))


def test_the_head_says_that_a_question_waits_for_the_person_until_it_is_answered(dock):
    said = dock.head.state.text
    dock.head.set_model_state(ModelState(model="m", phase="ready"))
    dock.set_busy(True)
    assert said() == "Working"
    dock.transcript.ask_approval(APPROVAL)
    assert said() == "Waits for you"
    dock.transcript.resolve_approval("c1", ApprovalAnswered(call_id="c1", allowed=True))
    assert said() == "Working"
    dock.transcript.ask_choice(CHOICE)
    dock.transcript.ask_approval(APPROVAL)
    dock.transcript.resolve_choice("c2", "A")
    assert said() == "Waits for you", "the other question stands"
    dock.head.set_model_state(ModelState(model="m", phase="ready"))
    assert said() == "Waits for you", "of a model that is ready again"
    dock.transcript.clear()
    assert said() == "Working"


def test_a_question_that_stop_closes_does_not_hide_that_it_stops(dock):
    dock.head.set_model_state(ModelState(model="m", phase="ready"))
    dock.set_busy(True)
    dock.transcript.ask_choice(CHOICE)
    dock.head.set_activity("Stopping")
    dock.transcript.resolve_choice("c2", None)
    assert dock.head.state.text() == "Stopping"
    dock.set_busy(False)
    assert dock.head.state.text() == "Ready"
