import pytest

from pymolcode_plugin.gui.labels import bounded, breakable, hidden_characters

pytestmark = pytest.mark.usefixtures("qt_application")


def field(text, **more):
    from pymolcode_plugin.gui.labels import CodeField

    made = CodeField(text, "command", **more)
    made.resize(300, made.height())
    made.show()
    return made


def test_characters_that_do_not_show_or_turn_the_order_are_found():
    assert hidden_characters("delete all\n\tzoom") == ()
    assert hidden_characters("delete \u202ella\u2069 \u200b\r") == ("U+000D", "U+200B", "U+202E", "U+2069")


def test_long_words_can_break_and_lose_nothing():
    text = "a " + "long_name_" * 9 + " /some/where/else"
    assert breakable(text).replace("\u200b", "") == text
    assert max(map(len, breakable(text).replace("\u200b", " ").split())) <= 16


def test_a_text_is_as_high_as_its_lines_up_to_a_limit_then_scrolls():
    one, three, many = field("a"), field("a\nb\nc"), field("\n".join("abc" * 30))
    assert one.height() < three.height() < many.height() <= field("\n" * 500).height() + 1
    assert many.height() < 12 * many.fontMetrics().lineSpacing()
    assert many.verticalScrollBar().maximum() > 0
    assert three.verticalScrollBar().maximum() == 0


def test_a_long_line_is_wrapped_and_never_scrolls_sideways():
    wrapped = field("x" * 500)
    assert wrapped.horizontalScrollBar().maximum() == 0
    assert wrapped.height() > field("x").height()


def test_a_megabyte_is_shown_by_its_beginning():
    shown = field("delete all; " * 100_000).toPlainText()
    assert shown.endswith("… (1,200,000 characters in all)")
    assert bounded("short") == "short"
