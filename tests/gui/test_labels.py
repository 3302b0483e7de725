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


NAMES = "\n".join(f"Colour-chain-A-marine-and-zoom-on-the-ligand{end}" for end in (".pml", ".py", ".ipynb", ".md") * 3)


def standing(text):
    """Height, whether it scrolls, and whether every line has room."""
    from pymolcode_plugin.gui.qt import QtCore

    block, widest = text.document().firstBlock(), 0.0
    while block.isValid():
        text.blockBoundingRect(block)
        widest = max(widest, *(block.layout().lineAt(n).naturalTextWidth() for n in range(block.layout().lineCount())))
        block = block.next()
    scrolls = text.verticalScrollBarPolicy() == QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOn
    return text.height(), scrolls, widest <= text.viewport().width()


def wrapped(width):
    from pymolcode_plugin.gui.labels import WrappedText

    text = WrappedText(NAMES, "files", max_lines=14)
    text.resize(width, 20)
    text.show()
    return text


def test_text_stands_the_same_at_a_width_however_it_came_to_it(qt_application):
    changing = wrapped(200)
    for width in (*range(200, 640, 7), *range(640, 200, -7)):
        changing.resize(width, changing.height())
        fresh = wrapped(width)
        assert standing(changing) == standing(fresh), width
        assert standing(fresh)[2], width
        fresh.close()
    changing.close()


def test_as_many_lines_as_are_allowed_stand_without_scrolling(qt_application):
    from pymolcode_plugin.gui.labels import WrappedText
    from pymolcode_plugin.gui.qt import QtCore

    off, on = QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff, QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOn
    for points in range(7, 20):
        for n_lines, policy in ((12, off), (13, on)):
            text = WrappedText("\n".join("Ångström gy" for _ in range(n_lines)), "files", max_lines=12)
            text.setStyleSheet(f"font-size: {points}pt")
            text.resize(400, 20)
            text.show()
            assert text.verticalScrollBarPolicy() == policy, (points, n_lines)
            text.close()
