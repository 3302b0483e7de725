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
