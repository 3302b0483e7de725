import pytest

pytestmark = pytest.mark.usefixtures("qt_application")


def document(text):
    from pymolcode_plugin.gui import markdown
    from pymolcode_plugin.gui.qt import QtGui

    made = QtGui.QTextDocument()
    markdown.fill(made, text)
    return made


@pytest.mark.parametrize("bomb", ["- " * 3000 + "x", ">" * 4000, "|a" * 3000 + "|\n" + "|-" * 3000 + "|"])
def test_what_qt_would_take_seconds_for_is_shown_as_it_is_written(bomb):
    assert document(bomb).toPlainText() == bomb


def test_html_is_shown_as_text_and_pictures_are_never_loaded():
    text = document("a <b>x</b> <img src='file:///etc/passwd'> ![y](http://example.org/z.png)")
    assert "<b>x</b> <img src=" in text.toPlainText()
    assert "<img" not in text.toHtml()


def test_a_list_that_goes_on_after_code_keeps_its_numbers():
    assert document("3. three\n4. four").toPlainText().replace("\n", " ") == "3. three 4. four"
    assert document("1. one\n2. two").toPlainText() == "one\ntwo", "Qt numbers it"


def test_positions_in_the_plain_text_are_those_of_the_document():
    from pymolcode_plugin.gui import markdown

    text = "Some **bold** `code`\n\n| a | b |\n|---|---|\n| Asp 25 | 2.85 |"
    made = document(text)
    plain = markdown.plain(text)
    for word in ("bold", "code", "Asp 25", "2.85"):
        at = plain.index(word)
        assert "".join(made.characterAt(at + n) for n in range(len(word))) == word
