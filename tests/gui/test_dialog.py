"""The look that the panel's dialogs share: the panel's text size, and PyMOL's palette, also while they are open."""

import pytest

from pymolcode_plugin.gui.dialog import Dialog
from pymolcode_plugin.gui.dock import AgentDock
from pymolcode_plugin.gui.labels import plain_label
from pymolcode_plugin.gui.qt import QtGui, QtWidgets


@pytest.fixture
def window(qt_application):
    made = QtWidgets.QMainWindow()
    yield made
    made.deleteLater()


@pytest.fixture
def dock(window):
    made = AgentDock()
    made.attach(window)
    return made


def opened(dock):
    dialog = Dialog(dock)
    dialog.label = plain_label("Sign in", "legend")
    QtWidgets.QVBoxLayout(dialog).addWidget(dialog.label)
    dialog.show()
    return dialog


def test_a_dialog_has_the_text_size_of_the_panel(dock):
    usual = opened(dock).label.fontMetrics().height()
    dock.set_text_size(200)
    assert opened(dock).label.fontMetrics().height() >= 1.7 * usual


def test_one_that_is_open_follows_another_text_size(dock):
    dialog = opened(dock)
    usual = dialog.label.fontMetrics().height()
    dock.set_text_size(200)
    assert dialog.label.fontMetrics().height() >= 1.7 * usual
    dock.set_text_size(100)
    assert dialog.label.fontMetrics().height() == usual


def test_one_that_is_open_follows_the_palette(dock, qt_application):
    dialog = opened(dock)
    light, before = dialog.styleSheet(), qt_application.palette()
    palette = QtGui.QPalette(before)
    palette.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor("#232629"))
    qt_application.setPalette(palette)
    try:
        for _ in range(5):
            qt_application.processEvents()
        assert dialog.styleSheet() != light
        assert dialog.palette().color(QtGui.QPalette.ColorRole.Window).name() == "#232629"
    finally:
        qt_application.setPalette(before)


def test_it_has_as_much_more_room_as_its_text_needs(dock):
    dialog = Dialog(dock)
    dialog.resize(200, 100)
    dialog.show()
    assert (dialog.width(), dialog.height()) == (200, 100)
    dock.set_text_size(200)
    assert dialog.width() >= 340
    dock.set_text_size(100)
    assert abs(dialog.width() - 200) <= 2


@pytest.mark.parametrize("ground", ["#efefef", "#232629"])
def test_the_words_on_a_button_have_the_room_that_those_on_a_card_have(dock, qt_application, ground):
    before = qt_application.palette()
    palette = QtGui.QPalette(before)
    palette.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor(ground))
    qt_application.setPalette(palette)
    try:
        dialog = Dialog(dock)
        layout = QtWidgets.QVBoxLayout(dialog)
        long, short, off = (QtWidgets.QPushButton(text) for text in ("Sign in to another provider…", "Use", "Open"))
        for button in (long, short, off):
            layout.addWidget(button)
        off.setEnabled(False)
        dialog.show()
        hints = []
        for is_focused in (False, True):
            (long if is_focused else short).setFocus()
            for button in (long, short, off):
                spare = button.sizeHint() - button.fontMetrics().size(0, button.text())
                assert spare.width() >= 2 * 12, button.text()
                assert spare.height() >= 2 * 4, button.text()
            hints.append(long.sizeHint())
        assert hints[0] == hints[1], "nothing moves for the keyboard"
    finally:
        qt_application.setPalette(before)
