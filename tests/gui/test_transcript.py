import time

import pytest

from pymolcode_plugin.core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TurnFinished,
    TurnStarted,
)

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def transcript():
    from pymolcode_plugin.gui.transcript import Transcript

    made = Transcript()
    made.resize(340, 500)
    made.show()
    settle(made)
    yield made
    made.close()


def settle(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    for _ in range(2000):
        QtWidgets.QApplication.processEvents()
        if transcript._recorded is None and transcript.is_settled:
            return
    raise AssertionError("it never came to rest")


def started(call_id="c1", title="color red, chain A"):
    return StepStarted(turn_id="t", call_id=call_id, tool="run_pymol", title=title, arguments=title)


def finished(call_id="c1", **more):
    return StepFinished(**{"turn_id": "t", "call_id": call_id, "ok": True, "duration_s": 0.1, **more})


RECORDED = (
    TurnStarted(turn_id="t", text="Colour chain A red"),
    ThinkingDelta(turn_id="t", text="The user wants red."),
    StepStarted(turn_id="t", call_id="c1", tool="run_pymol", title="delete all", arguments="delete all"),
    ApprovalAsked(call_id="c1", question="May this be deleted?", command="delete all"),
    ApprovalAnswered(call_id="c1", allowed=True, command="remove solvent"),
    StepFinished(turn_id="t", call_id="c1", ok=True, diff="1hpv lost 80 atoms", undoable=True),
    ChoiceAsked(call_id="c2", question="Which?", choices=("A", "B")),
    ChoiceAnswered(call_id="c2", text="B"),
    TextDelta(turn_id="t", text="It is **red**.\n\n```pml\ncolor red\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    TurnFinished(turn_id="t", stop_reason="done"),
    SceneRestored(action="undo", call_ids=("c1",), diff="1hpv gained 80 atoms"),
    Notice(text="Careful."),
    TurnStarted(turn_id="u", text="And now?"),
    TurnFinished(turn_id="u", stop_reason="failed", message="The model is gone.", sign_in="groq"),
)


def play(transcript, events):
    """As the controller does, live."""
    shows = {
        TurnStarted: lambda e: transcript.add_user(e.text, e.attachments),
        TextDelta: lambda e: transcript.append_text(e.text),
        ThinkingDelta: lambda e: transcript.append_thinking(e.text),
        StepStarted: transcript.start_step,
        StepFinished: transcript.finish_step,
        ApprovalAsked: transcript.ask_approval,
        ApprovalAnswered: lambda e: transcript.resolve_approval(e.call_id, e),
        ChoiceAsked: transcript.ask_choice,
        ChoiceAnswered: lambda e: transcript.resolve_choice(e.call_id, e.text),
        SceneRestored: transcript.mark_restored,
        TurnFinished: transcript.finish_turn,
        Notice: transcript.add_notice,
    }
    for event in events:
        shows[type(event)](event)


def test_recorded_events_look_as_they_did_when_they_happened(transcript):
    from pymolcode_plugin.gui.transcript import Transcript

    live = Transcript()
    live.resize(340, 500)
    live.show()
    play(live, RECORDED)
    settle(live)
    transcript.show_events(RECORDED)
    settle(transcript)
    said = transcript.plain_text()
    assert "Sign in…" not in said, "that is long past"
    assert live.plain_text().replace("\n\nSign in…", "") == said
    for words in ("remove solvent (edited)", "It is **red**.", "✓ B", "Undone: 1hpv gained 80 atoms.", "is gone"):
        assert words in said
    assert live.markdown() == transcript.markdown()


def test_what_was_recorded_cannot_be_undone_here(transcript):
    transcript.show_events((started(), finished(undoable=True, diff="recoloured 9 atoms")))
    settle(transcript)
    assert transcript._steps["c1"].undo.isHidden()
    redone = SceneRestored(action="redo", call_ids=("c1",), diff="x")
    transcript.clear()
    transcript.show_events((started(), finished(undoable=True), redone))
    settle(transcript)
    assert transcript._steps["c1"].undo.isHidden()


def test_pieces_of_one_answer_are_one_answer_and_a_step_undone_much_later_says_so(transcript):
    pieces = [TextDelta(turn_id="t", text=text) for text in ("One ", "**two**.", "\n\nThree.")]
    undone = SceneRestored(action="undo", call_ids=("c1",))
    transcript.show_events([TurnStarted(turn_id="t", text="x"), started(), finished(), *pieces, *many(200), undone])
    settle(transcript)
    answer = next(row.plain_text() for row in transcript.rows if hasattr(row, "block"))
    assert answer == "One **two**.\n\nThree."
    transcript.reveal(transcript._step_rows["c1"])
    assert transcript._steps["c1"].property("state") == "undone"


def test_while_it_fills_what_is_seen_stays_and_the_reader_can_scroll(transcript, monkeypatch):
    from pymolcode_plugin.gui.qt import QtCore

    monkeypatch.setattr("pymolcode_plugin.gui.transcript._SLICE_S", 0)  # one turn a slice
    transcript.show_events(many(60))
    transcript._filling.stop()
    for _ in range(20):
        transcript._fill(0)
    settle_widgets(transcript)
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    settle_widgets(transcript)
    row = transcript.rows[transcript.first_seen() + 1]
    before = row.widget.mapTo(transcript.viewport(), QtCore.QPoint(0, 0)).y()
    while not transcript._fill(0):
        assert row.widget.mapTo(transcript.viewport(), QtCore.QPoint(0, 0)).y() == before
    assert [row.text for row in transcript.rows if hasattr(row, "attachments")] == [f"Question {n}" for n in range(60)]


def settle_widgets(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    for _ in range(500):
        QtWidgets.QApplication.processEvents()
        if transcript.is_settled:
            return
    raise AssertionError("it never came to rest")


def test_a_question_that_was_never_answered_asks_no_more(transcript):
    transcript.show_events((started(), ApprovalAsked(call_id="c1", question="May it?", command="delete all")))
    settle(transcript)
    assert transcript._questions == {}
    assert "Stopped before it was answered" in transcript.plain_text()


def many(n):
    for number in range(n):
        yield TurnStarted(turn_id=str(number), text=f"Question {number}")
        yield TextDelta(turn_id=str(number), text=f"Answer {number}.\n\nA second paragraph, longer than that.")
        yield TurnFinished(turn_id=str(number), stop_reason="done")


def test_a_thousand_messages_are_shown_with_few_widgets_and_come_before_what_is_said_meanwhile(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    filled = []
    transcript.filled.connect(lambda: filled.append(True))
    transcript.show_events(many(500))
    transcript.add_user("now")
    settle(transcript)
    assert filled == [True]
    texts = [row.plain_text() for row in transcript.rows if row.plain_text()]
    assert texts[:2] == ["Question 0", "Answer 0.\n\nA second paragraph, longer than that."]
    assert texts[-1] == "now"
    assert len(transcript.rows) == 1501
    assert len(transcript.widget().findChildren(QtWidgets.QTextBrowser)) < 150


def test_an_answer_grows_block_by_block_and_only_what_changed_is_laid_out_again(transcript):
    text = "One **two**.\n\nThree.\n\n```pml\nshow sticks\nzoom\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd."
    widgets = []
    for letter in text:
        transcript.append_text(letter)
        transcript.flush()
        widgets.append([row.widget for row in transcript.rows])
    kinds = [(row.block.kind, row.block.text.splitlines()[0]) for row in transcript.rows]
    assert kinds == [
        ("text", "One **two**."), ("text", "Three."), ("code", "show sticks"), ("table", "| a | b |"), ("text", "End."),
    ]  # fmt: skip
    assert transcript.plain_text() == text
    assert widgets[-1][:2] == widgets[20][:2], "the first paragraphs kept their widgets"
    assert transcript.rows[2].widget.field.toPlainText() == "show sticks\nzoom"


def test_code_runs_only_once_it_is_whole_of_a_kind_that_runs_and_while_nothing_else_does(transcript):
    asked = []
    transcript.run_requested.connect(lambda code, language: asked.append((code, language)))
    transcript.append_text("```pml\ncolor red")
    transcript.flush()
    code = transcript.rows[0].widget
    assert code.run.isHidden()
    transcript.append_text("\n```\n\n```bash\nls\n```\n\n```\nzoom\n```")
    transcript.flush()
    settle(transcript)
    assert [row.widget.run.isHidden() for row in transcript.rows] == [False, True, False]
    transcript.set_busy(True)
    assert code.run.isHidden()
    transcript.set_busy(False)
    code.run.click()
    assert asked == [("color red", "pml")]


def test_code_is_copied_as_it_is(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    transcript.append_text("```python\nif x:\n    print('<b>')\n```")
    transcript.flush()
    settle(transcript)
    transcript.rows[0].widget.copy.click()
    assert QtWidgets.QApplication.clipboard().text() == "if x:\n    print('<b>')"


def test_thinking_is_folded_says_how_long_it_took_and_unfolds_with_enter(transcript, monkeypatch):
    from pymolcode_plugin.gui.qt import QtCore, QtGui, QtWidgets

    now = [100.0]
    monkeypatch.setattr("pymolcode_plugin.gui.rows.time.monotonic", lambda: now[0])
    transcript.append_thinking("First I ")
    transcript.flush()
    card = transcript.rows[0].widget
    now[0] = 112.4
    transcript.append_thinking("look.")
    transcript.flush()
    assert card.head.text() == "Thinking… 12 s"
    assert card._body is None
    enter = QtGui.QKeyEvent(
        QtCore.QEvent.Type.KeyPress, QtCore.Qt.Key.Key_Return, QtCore.Qt.KeyboardModifier.NoModifier
    )
    QtWidgets.QApplication.sendEvent(card.head, enter)
    assert card._body.toPlainText() == "First I look."
    transcript.append_thinking(" Then")
    transcript.flush()
    assert card._body.toPlainText() == "First I look. Then", "it streams while it is unfolded"
    transcript.append_text("Answer.")
    transcript.flush()
    assert card.head.text() == "Thought for 12 s"
    assert transcript.plain_text() == "Answer."


def test_thoughts_between_two_pieces_of_an_answer_stay_between_them(transcript):
    transcript.append_thinking("a")
    transcript.append_text("b")
    transcript.append_thinking("c")
    transcript.append_text("d")
    transcript.flush()
    assert [row.searched() for row in transcript.rows] == ["a", "b", "c", "d"]


def test_a_card_that_was_let_go_comes_back_as_it_was(transcript):
    transcript.add_user("x")
    transcript.start_step(started())
    transcript.finish_step(finished(diff="recoloured 9 atoms", undoable=True))
    transcript.mark_restored(SceneRestored(action="undo", call_ids=("c1",)))
    settle(transcript)
    transcript._steps["c1"]._head.click()
    settle(transcript)
    row = transcript._step_rows["c1"]
    before = row.widget.plain_text(), row.widget.part("command"), row.widget.property("state")
    transcript._let_go(row)
    transcript.reveal(row)
    assert row.widget.property("state") == "undone"
    assert before == (row.widget.plain_text(), row.widget.part("command"), row.widget.property("state"))


def test_what_was_attached_stands_below_the_message(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    transcript.add_user("What is this?", ("site (16 atoms)", "picture.png"))
    settle(transcript)
    chips = transcript.widget().findChildren(QtWidgets.QLabel, "attached")
    assert [chip.accessibleName() for chip in chips] == ["Attached: site (16 atoms)", "Attached: picture.png"]


def test_one_message_is_copied_as_the_model_wrote_it_and_the_chat_as_markdown(transcript):
    from pymolcode_plugin.gui.transcript_menu import message_markdown

    play(transcript, RECORDED)
    answer = next(row for row in transcript.rows if hasattr(row, "block"))
    assert message_markdown(answer) == RECORDED[8].text + "\n"
    assert message_markdown(transcript.rows[0]) == "Colour chain A red\n"
    step = transcript._step_rows["c1"]
    assert message_markdown(step).startswith("```\ndelete all\n```")
    assert "- 1hpv lost 80 atoms" in message_markdown(step)
    assert transcript.markdown().startswith("# Chat with pymolcode\n\n## Colour chain A red\n")


def test_nothing_of_an_answer_is_wider_than_the_panel_and_a_wide_table_scrolls(transcript):
    cells = " | ".join(f"column {n} with words" for n in range(8))
    table = f"| {cells} |\n|{'---|' * 8}\n| {cells} |"
    transcript.append_text(f"{'x' * 300}\n\n{table}\n\n```\n{'y' * 300}\n```")
    transcript.flush()
    settle(transcript)
    for row in transcript.rows:
        assert row.widget.width() <= transcript.viewport().width()
    table = transcript.rows[1].widget
    assert table.horizontalScrollBar().maximum() > 0
    assert table.verticalScrollBar().maximum() == 0


def test_links_to_atoms_say_what_they_select_and_go_with_the_text(transcript):
    from pymolcode_plugin.gui.qt import QtCore
    from pymolcode_plugin.gui.text_block import Link

    asked = []
    transcript.atoms_requested.connect(asked.append)
    transcript.append_text("The **Asp25** is near.\n\n```\nAsp25\n```")
    transcript.flush()
    settle(transcript)
    text, code = (row.widget for row in transcript.rows)
    transcript.link(transcript.rows[0].message, lambda shown: [Link(4, 9, "resi 25", "two atoms")])
    settle(transcript)
    assert text.toPlainText() == "The Asp25 is near."
    formats = text.document().begin().textFormats()
    (anchor,) = [part.format for part in formats if part.format.isAnchor()]
    assert anchor.underlineStyle() == anchor.UnderlineStyle.DotLine
    text.anchorClicked.emit(QtCore.QUrl(anchor.anchorHref()))
    assert asked == ["resi 25"]
    assert code.field.toPlainText() == "Asp25"
    transcript._let_go(transcript.rows[0])
    transcript.reveal(transcript.rows[0])
    again = transcript.rows[0].widget
    assert any(f.format.isAnchor() for f in again.document().begin().textFormats()), "made again with its links"


def test_a_link_of_a_model_cannot_pass_for_one_to_atoms(transcript):
    from pymolcode_plugin.gui.qt import QtCore

    atoms, pages = [], []
    transcript.atoms_requested.connect(atoms.append)
    transcript.link_activated.connect(pages.append)
    transcript.append_text("[a](atoms:4) [b](https://example.org)")
    transcript.flush()
    settle(transcript)
    for address in ("atoms:4", "https://example.org"):
        transcript.rows[0].widget.anchorClicked.emit(QtCore.QUrl(address))
    assert (atoms, pages) == ([], ["https://example.org"])


def found(transcript):
    """What the bar says once the search, which waits a moment for more letters, is through."""
    end = time.monotonic() + 10
    while transcript.finding._timer.isActive() and time.monotonic() < end:
        settle(transcript)
    assert not transcript.finding._timer.isActive()
    return transcript.finding.bar.found.text()


def test_what_is_looked_for_is_found_also_where_nothing_was_built_yet(transcript):
    transcript.show_events(many(300))
    settle(transcript)
    transcript.finding.open()
    transcript.finding.bar.field.setText("question 7")
    assert found(transcript).endswith(" of 11")
    assert transcript.rows[transcript.finding._current.number].widget is not None
    seen = set()
    for _ in range(11):
        transcript.finding.move(1)
        row = transcript.rows[transcript.finding._current.number]
        assert row.widget.words.selectedText().lower() == "question 7"
        seen.add(row.text)
    assert seen == {"Question 7", *(f"Question {n}" for n in range(70, 80))}
    transcript.finding.move(-1)
    transcript.finding.bar.closed.emit()
    assert transcript.finding.bar.isHidden()
    assert not row.widget.words.hasSelectedText()


def test_words_are_found_across_bold_and_code_and_in_folded_steps(transcript):
    play(transcript, [*RECORDED[:6], TextDelta(turn_id="t", text="The **Asp25** of `chain A`, a | b")])
    transcript.finish_step(finished(text="Selector says 42"))
    transcript.finding.open()
    field = transcript.finding.bar.field
    for words, n in (("asp25 OF chain", "1 of 1"), ("says 42", "1 of 1"), ("| b", "1 of 1"), ("nowhere", "none")):
        field.setText(words)
        assert found(transcript) == n
    field.setText("asp25 of chain")
    found(transcript)
    (marks,) = [row.widget.extraSelections() for row in transcript.rows if hasattr(row, "block")]
    assert [mark.cursor.selectedText() for mark in marks] == ["Asp25 of chain"]


def test_the_menu_copies_what_is_selected_the_message_and_the_chat(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    transcript.append_text("The **Asp25** is near.")
    transcript.flush()
    settle(transcript)
    text = transcript.rows[0].widget
    text.selectAll()
    menu = transcript._menu.open(text.mapToGlobal(text.rect().center()))
    actions = {action.text(): action for action in menu.actions() if action.text()}
    clipboard = QtWidgets.QApplication.clipboard()
    for name, wanted in (
        ("Copy", "The Asp25 is near."),
        ("Copy message as Markdown", "The **Asp25** is near.\n"),
        ("Copy chat as Markdown", "# Chat with pymolcode\n\nThe **Asp25** is near.\n"),
    ):
        actions[name].trigger()
        assert clipboard.text() == wanted
    opened = []
    transcript.find_requested.connect(lambda: opened.append(True))
    actions["Find…\tCtrl+F"].trigger()
    assert opened
    menu.close()


QUESTION = ApprovalAsked(call_id="c1", question="May this be deleted?", command="delete all")


@pytest.fixture
def window(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    made = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(made)
    made.field = QtWidgets.QPlainTextEdit()
    layout.addWidget(transcript)
    layout.addWidget(made.field)
    made.show()
    made.field.setFocus()
    yield made
    transcript.setParent(None)


@pytest.mark.parametrize("asked", [QUESTION, ChoiceAsked(call_id="c1", question="Which?", choices=("A", "B"))])
def test_a_question_does_not_take_the_keyboard_from_who_writes(transcript, window, asked):
    ask = transcript.ask_approval if isinstance(asked, ApprovalAsked) else transcript.ask_choice
    window.field.setPlainText("and then")
    ask(asked)
    assert window.focusWidget() is window.field
    window.field.clear()
    ask(asked.model_copy(update={"call_id": "c2"}))
    assert window.focusWidget() is not window.field


def test_another_chat_is_not_searched_for_what_was_looked_for_in_the_last(transcript):
    transcript.add_notice(Notice(text="Careful."))
    transcript.finding.open()
    assert not transcript.finding.bar.isHidden()
    transcript.clear()
    assert transcript.finding.bar.isHidden()


@pytest.mark.parametrize("name", ["find", "copy"])
def test_there_is_nothing_to_find_or_copy_in_an_empty_chat(transcript, name):
    from pymolcode_plugin.gui.transcript_menu import transcript_commands

    command = next(command for command in transcript_commands(transcript) if command.name == name)
    command.run("")
    assert transcript.plain_text() == f"There is nothing to {name} yet."
    assert transcript.finding.bar.isHidden()
