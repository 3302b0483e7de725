from datetime import datetime, timezone

import pytest

from .test_sign_in_dialog import heard, key, press

pytestmark = pytest.mark.usefixtures("qt_application")
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=timezone.utc)
DAY_S = 86_400


def session(folder, days_ago=0.0, **more):
    from pymolcode_plugin.gui.session_rows import ListedSession

    return ListedSession(
        folder=folder,
        title=more.pop("title", folder.title()),
        updated_at=NOW.timestamp() - days_ago * DAY_S,
        n_turns=more.pop("n_turns", 2),
        preview=(("You", f"about {folder}"), ("Agent", "<b>Done</b>.")),
        **more,
    )


SESSIONS = [
    session("now", 0.1, structures=("1hpv", "4hhb", "a", "b", "c", "d"), model="built-in"),
    session("here", 0.2, state="here"),
    session("night", 0.9),
    session("week", 5, state="elsewhere", n_turns=1),
    session("month", 20, snippet="… what it says …"),
    session("year", 400),
]


@pytest.fixture
def dialog():
    from pymolcode_plugin.gui.sessions_dialog import SessionsDialog

    made = SessionsDialog(None)
    made.show_sessions(SESSIONS, NOW)
    made.show()
    yield made
    made.close()


def said(dialog):
    return [row.spoken for row in dialog.rows.rows]


def choose(dialog, folder):
    rows = dialog.rows.rows
    number = next(number for number, row in enumerate(rows) if row.session and row.session.folder == folder)
    dialog.view.setCurrentIndex(dialog.rows.index(number))


def test_chats_stand_under_the_day_or_the_month_with_what_they_are_about(dialog):
    assert said(dialog) == [
        "Today",
        "Now, 09:36, 2 turns · 1hpv, 4hhb, a, b +2 · built-in",
        "Here, 07:12, open here · 2 turns",
        "Yesterday",
        "Night, 14:24, 2 turns",
        "This week",
        "Week, 25 Nov, open in another PyMOL · 1 turn",
        "November 2026",
        "Month, 10 Nov, 2 turns, … what it says …",
        "October 2025",
        "Year, 26 Oct, 2 turns",
    ]
    assert dialog.chosen().folder == "now"


def test_the_last_messages_are_previewed_as_they_are(dialog):
    choose(dialog, "night")
    assert dialog.preview.toPlainText() == "You: about night\nAgent: <b>Done</b>."


def test_enter_opens_what_is_chosen_from_the_search_field_too(dialog):
    opened = heard(dialog.resume_requested)
    press(dialog.search, key("Down"))  # over the one that is open here
    press(dialog.search, key("Down"))
    press(dialog.search, key("Return"))
    assert opened == [("night",)]


def test_enter_before_a_search_is_done_opens_nothing_it_was_not_for(dialog):
    opened, searched = heard(dialog.resume_requested), heard(dialog.search_changed)
    press(dialog.search, key("X"), "x")
    press(dialog.search, key("Return"))
    assert (opened, searched) == ([], [("x",)])
    press(dialog.search, key("Return"))
    assert opened == []
    dialog.show_sessions(SESSIONS[2:3], NOW)
    press(dialog.search, key("Return"))
    assert opened == [("night",)]


def test_the_chat_that_is_open_here_is_not_opened_again_and_what_is_open_is_not_deleted(dialog):
    opened, removed = heard(dialog.resume_requested), heard(dialog.remove_requested)
    choose(dialog, "here")
    assert not dialog.resume.isEnabled()
    dialog.view.doubleClicked.emit(dialog.view.currentIndex())
    assert opened == []
    choose(dialog, "week")
    assert (dialog.resume.text(), dialog.resume.isEnabled()) == ("Open copy", True)
    assert "another PyMOL" in dialog.where.text()
    press(dialog.view, key("Delete"))
    assert dialog.strip.isHidden()
    assert removed == []


def test_while_the_agent_works_none_is_opened(dialog):
    opened = heard(dialog.resume_requested)
    dialog.set_busy(True)
    press(dialog.search, key("Return"))
    assert opened == []
    assert "works" in dialog.where.text()
    dialog.set_busy(False)
    press(dialog.search, key("Return"))
    assert opened == [("now",)]


def test_deleting_asks_in_place_and_enter_keeps(dialog):
    removed = heard(dialog.remove_requested)
    press(dialog.view, key("Delete"))
    assert dialog.strip.isVisible()
    assert "Delete “Now”" in dialog.strip.words.text()
    press(dialog.strip.no, key("Return"))
    assert dialog.strip.isHidden()
    assert removed == []
    dialog.remove.click()
    dialog.strip.yes.click()
    assert removed == [("now",)]


def test_a_question_about_one_chat_never_falls_on_another(dialog):
    removed = heard(dialog.remove_requested)
    dialog.remove.click()
    choose(dialog, "night")
    assert dialog.strip.isHidden()
    assert removed == []


def test_a_title_is_typed_in_place(dialog):
    renamed, opened = heard(dialog.rename_requested), heard(dialog.resume_requested)
    press(dialog.search, key("F2"))
    assert dialog.strip.title.text() == "Now"
    dialog.strip.title.setText("Figure 3")
    press(dialog.strip.title, key("Return"))
    assert renamed == [("now", "Figure 3")]
    assert opened == [], "Enter was for the title"
    assert dialog.isVisible()


def test_escape_takes_back_the_question_first(dialog):
    press(dialog.view, key("F2"))
    press(dialog.strip.title, key("Escape"))
    assert dialog.strip.isHidden()
    assert dialog.isVisible()
    press(dialog.view, key("Escape"))
    assert not dialog.isVisible()


def test_letters_typed_in_the_list_search(dialog):
    press(dialog.view, key("H"), "h")
    assert dialog.search.text() == "h"


def test_where_there_is_nothing_it_says_why(dialog):
    dialog.show_sessions([], NOW)
    assert "No chats yet" in dialog._nothing.text()
    assert not any(button.isEnabled() for button in (dialog.resume, dialog.rename, dialog.remove))
    dialog.search.setText("zzz")
    dialog.show_sessions([], NOW)
    assert "No chat has all of these words" in dialog._nothing.text()
    dialog.show_reading()
    assert "Reading" in dialog._nothing.text()


def test_what_was_chosen_stays_chosen_when_the_list_is_read_again(dialog):
    choose(dialog, "month")
    dialog.show_sessions([session("newer"), *SESSIONS], NOW)
    assert dialog.chosen().folder == "month"
    dialog.show_sessions(SESSIONS[:3], NOW)
    assert dialog.chosen().folder == "now"


def test_it_is_as_narrow_as_the_panel(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets

    QtWidgets.QApplication.processEvents()  # the style sheet holds
    dialog.resize(320, 400)
    assert dialog.width() == 320
    QtWidgets.QApplication.processEvents()
    for button in (dialog.rename, dialog.remove, dialog.resume, dialog.close_button):
        option = QtWidgets.QStyleOptionButton()
        button.initStyleOption(option)
        inside = button.style().subElementRect(QtWidgets.QStyle.SubElement.SE_PushButtonContents, option, button)
        assert inside.width() >= button.fontMetrics().horizontalAdvance(button.text()), button.text()
        assert button.sizeHint().width() >= button.fontMetrics().horizontalAdvance(button.text()) + 2 * 12


def test_a_file_is_asked_for_without_a_loop_and_named_by_the_title(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets

    saved = heard(dialog.save_requested)
    dialog.show_sessions([session("now", title="Is it: a/b?")], NOW)
    dialog.save.trigger()
    (asking,) = dialog.findChildren(QtWidgets.QFileDialog)
    assert asking.selectedFiles()[0].endswith("Is it a b.pymolcode")
    asking.fileSelected.emit("/x/y.pymolcode")
    assert saved == [("now", "/x/y.pymolcode")]
    asking.close()
