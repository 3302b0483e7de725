import itertools

import pytest

from pymolcode_plugin.core.events import StepFinished, StepStarted

pytestmark = pytest.mark.usefixtures("qt_application")


def card(title="color red, chain A", arguments="color red, chain A"):
    from pymolcode_plugin.gui.cards import StepCard

    return StepCard(StepStarted(turn_id="t", call_id="c", tool="run_pymol", title=title, arguments=arguments))


def ended(**more):
    return StepFinished(**{"turn_id": "t", "call_id": "c", "ok": True, "duration_s": 0.1, **more})


def picture(width=320, height=200):
    from pymolcode_plugin.gui.qt import QtCore, QtGui

    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("teal"))
    data, buffer = QtCore.QByteArray(), None
    buffer = QtCore.QBuffer(data)
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data)


def test_a_long_step_shows_how_long_it_has_run_and_a_short_one_no_clock(monkeypatch):
    seconds = itertools.chain([0.0, 1.0], itertools.repeat(7.2))
    monkeypatch.setattr("pymolcode_plugin.gui.cards.time.monotonic", lambda: next(seconds))
    step = card()
    step._on_clock_timeout()
    assert step._head.line == "… color red, chain A"
    step._on_clock_timeout()
    assert step._head.line == "… color red, chain A  7 s"
    step.finish(ended(duration_s=8.04))
    assert step._head.line == "✓ color red, chain A  8.0 s"
    assert not step._clock.isActive()


def test_changes_warnings_and_files_stand_on_lines_of_their_own():
    step = card()
    lines = ("recoloured 758 atoms", "renamed a; b to c")
    step.finish(ended(diff="; ".join(lines), diff_lines=lines, warnings=("careful",), files=("/here/a.png",)))
    assert step.part("diff") == "• recoloured 758 atoms\n• renamed a; b to c\n• wrote /here/a.png"
    assert step.part("warnings") == "⚠ careful"
    old = card()
    old.finish(ended(diff="recoloured 758 atoms; moved the view"))
    assert old.part("diff") == "• recoloured 758 atoms\n• moved the view"


def test_the_exact_command_and_what_it_gave_are_shown_on_request_each_in_a_field_of_its_own():
    step = card(arguments='color {"color":"red"}')
    step.finish(ended(commands=("color red, chain A",), text="Colored 758 atoms."))
    assert (step.part("command"), step.part("output")) == ("", "")
    step._head.click()
    assert step.part("command") == 'color {"color":"red"}'
    assert step.part("output") == "color red, chain A\n\nColored 758 atoms."
    step._head.click()
    assert (step.part("command"), step.part("output")) == ("", "")
    same = card()
    same.finish(ended(commands=("color red, chain A",)))
    same._head.click()
    assert (same.part("command"), same.part("output")) == ("color red, chain A", "")


def test_a_failure_opens_its_card_and_a_picture_can_be_enlarged_by_the_keyboard():
    from pymolcode_plugin.gui.qt import QtCore, QtGui

    step = card()
    step.finish(ended(ok=False, error="no such object", image_png=picture()))
    assert step.part("command") == "color red, chain A"
    assert step.picture.iconSize().width() == 240
    enter = QtGui.QKeyEvent(
        QtCore.QEvent.Type.KeyPress, QtCore.Qt.Key.Key_Return, QtCore.Qt.KeyboardModifier.NoModifier
    )
    step.picture.keyPressEvent(enter)
    assert step.picture.opened.isVisible()
    assert "320 × 200" in step.picture.opened.windowTitle()
    step.picture.opened.close()


def test_a_long_step_has_a_bar_until_it_ends(monkeypatch):
    seconds = itertools.chain([0.0], itertools.repeat(7.2))
    monkeypatch.setattr("pymolcode_plugin.gui.cards.time.monotonic", lambda: next(seconds))
    step = card()
    assert step._progress is None
    step._on_clock_timeout()
    assert (step._progress.isHidden(), step._progress.maximum()) == (False, 0)
    step.show_progress(0.25)
    assert (step._progress.value(), step._progress.maximum()) == (250, 1000)
    step.finish(ended())
    assert step._progress.isHidden()


def test_undo_is_offered_where_there_is_something_to_undo_and_undone_steps_say_so():
    step = card()
    assert step.undo.isHidden()
    step.finish(ended(undoable=True, ok=False, error="line 2 failed"))
    assert not step.undo.isHidden()
    step.show_undone(True)
    assert (step.property("state"), step.undo.isHidden(), step._head.line[0]) == ("undone", True, "↶")
    assert step._head.line.endswith("undone")
    step.show_undone(False)
    assert (step.property("state"), step.undo.isHidden(), step._head.line[0]) == ("failed", False, "✗")


def test_an_edited_command_is_what_the_step_is_called():
    step = card("delete all", "delete all")
    step.show_edited("remove solvent\nzoom")
    step.finish(ended(diff="1hpv lost 80 atoms"))
    assert step._head.line == "✓ remove solvent (edited)  0.1 s"
    assert "delete all" not in step.plain_text()


def test_an_ampersand_is_no_shortcut():
    step = card("select a & b & c")
    step.resize(600, 80)
    step._head.resize(600, 20)
    step._head._cut()
    assert step._head.text().startswith("… select a && b && c")
    assert step._head.shortcut().isEmpty()


def test_what_the_person_did_not_allow_is_no_failure_and_does_not_tell_them_what_they_said():
    step = card("Delete everything", "delete all")
    said = "The user did not allow this. Ask what they want instead, or take another way."
    step.finish(ended(ok=False, denied=True, error=said))
    assert step._head.line == "– Delete everything  not allowed"
    assert step.property("state") == "denied"
    assert step.plain_text() == f"{step._head.line}\ndelete all"
    assert not step._head.isChecked()
    assert step._head.accessibleName().startswith("Not allowed: ")


def test_large_text_leaves_the_title_its_room():
    step = card()
    step.finish(ended(undoable=True))
    width = 60 * step.fontMetrics().averageCharWidth()
    step.resize(width, 60)
    step.show()
    assert step.undo.text() == "Undo to here"
    font = step.font()
    font.setPointSizeF(2 * font.pointSizeF())
    step.setFont(font)
    step.resize(width - 1, 60)
    assert step.undo.text() == "Undo"
    step.close()


LONG = f"Select {'byres polymer within 4 of organic and ' * 4}chain A"


@pytest.mark.parametrize("n_chars", [12, 40, 60, 120])
def test_a_narrow_card_cuts_the_words_of_its_title_and_not_how_many_more_commands_there_are(n_chars):
    step = card(f"{LONG} (+12 more)")
    step.finish(ended())
    width = n_chars * step._head.fontMetrics().averageCharWidth()
    step._head.resize(width, 20)
    step._head._cut()
    assert step._head.text().endswith("… (+12 more)  0.1 s")
    assert step._head.text().startswith("✓ ")
    if n_chars >= 40:
        assert step._head.fontMetrics().horizontalAdvance(step._head.text()) <= width
        assert step._head.text().startswith("✓ Sel")


def test_that_a_command_was_edited_is_not_cut_off_and_a_title_with_room_is_whole():
    step = card()
    step.show_edited(LONG)
    step.finish(ended())
    step._head.resize(240, 20)
    step._head._cut()
    assert step._head.text().endswith("… (edited)  0.1 s")
    short = card("Zoom (+1 more)")
    short._head.resize(240, 20)
    short._head._cut()
    assert short._head.text() == "… Zoom (+1 more)"


def test_a_step_that_cannot_be_undone_now_says_why():
    step = card()
    step.finish(ended(undoable=True))
    step.set_busy(True)
    assert (step.undo.isEnabled(), step.undo.toolTip().split(":")[0]) == (False, "Not while something runs")
    step.set_busy(False)
    assert (step.undo.isEnabled(), step.undo.toolTip()) == (True, "Undo this step and every later one")
