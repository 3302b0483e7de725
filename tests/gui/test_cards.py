import itertools

import pytest

from pymolcode_plugin.core.events import StepFinished, StepStarted

pytestmark = pytest.mark.usefixtures("qt_application")


def card(title="color red, chain A", arguments="color red, chain A"):
    from pymolcode_plugin.gui.cards import StepCard

    return StepCard(StepStarted(turn_id="t", call_id="c", tool="run_pymol", title=title, arguments=arguments))


def ended(**more):
    return StepFinished(**{"turn_id": "t", "call_id": "c", "ok": True, "duration_s": 0.1, **more})


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
    step.finish(ended(diff="recoloured 758 atoms; view moved", warnings=("careful",), files=("/here/a.png",)))
    assert step._diff.toPlainText() == "• recoloured 758 atoms\n• view moved\n• wrote /here/a.png"
    assert step._warnings.toPlainText() == "⚠ careful"


def test_what_ran_stands_beside_the_arguments_where_it_is_something_else():
    step = card(arguments='color {"color":"red"}')
    step.finish(ended(commands=("color red, chain A",), text="Colored 758 atoms."))
    assert step._details.toPlainText() == 'color {"color":"red"}\n\ncolor red, chain A\n\nColored 758 atoms.'
    same = card()
    same.finish(ended(commands=("color red, chain A",)))
    assert same._details.toPlainText() == "color red, chain A"


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
