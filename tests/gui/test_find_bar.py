import pytest

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def bar():
    from pymolcode_plugin.gui.find_bar import FindBar

    return FindBar()


def press(bar, key, *, shift=False):
    from pymolcode_plugin.gui.qt import QtCore, QtGui

    modifiers = QtCore.Qt.KeyboardModifier
    modifier = modifiers.ShiftModifier if shift else modifiers.NoModifier
    event = QtGui.QKeyEvent(QtCore.QEvent.Type.KeyPress, getattr(QtCore.Qt.Key, key), modifier)
    event.ignore()
    bar.keyPressEvent(event)
    return event.isAccepted()


def test_enter_and_f3_go_on_with_shift_back_esc_closes_and_every_key_is_taken(bar):
    moved, closed = [], []
    bar.moved.connect(moved.append)
    bar.closed.connect(lambda: closed.append(True))
    for key, shift in (("Key_Return", False), ("Key_Return", True), ("Key_F3", False), ("Key_F3", True)):
        assert press(bar, key, shift=shift)
    assert moved == [1, -1, 1, -1]
    assert press(bar, "Key_Delete")
    assert closed == []
    press(bar, "Key_Escape")
    assert closed == [True]


def test_how_many_there_are_is_said_in_words(bar):
    from pymolcode_plugin.gui.qt import QtCore, QtGui

    assert bar.found.text() == ""
    bar.field.setText("x")
    for arguments, words, moves in (
        ((0, 0, True), "…", False), ((0, 0, False), "none", False),
        ((2, 1234, True), "2 of 1,234…", True), ((3, 12, False), "3 of 12", True),
    ):  # fmt: skip
        current, n_found, goes_on = arguments
        bar.show_found(current, n_found, goes_on=goes_on)
        assert (bar.found.text(), bar.after.isEnabled()) == (words, moves)
    moved = []
    bar.moved.connect(moved.append)
    enter = QtGui.QKeyEvent(
        QtCore.QEvent.Type.KeyPress, QtCore.Qt.Key.Key_Return, QtCore.Qt.KeyboardModifier.NoModifier
    )
    bar.before.keyPressEvent(enter)
    assert moved == [-1], "Enter presses the button that has the keyboard"
