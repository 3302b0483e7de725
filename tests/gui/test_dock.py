import pytest

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
