"""The options' menu: what can be reached from it, in the panel's text size."""

import pytest

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def panel():
    from pymolcode_plugin.gui.qt import QtWidgets

    made = QtWidgets.QWidget()
    yield made
    made.deleteLater()


def menu(panel):
    from pymolcode_plugin.gui.options_menu import Options, OptionsMenu

    return OptionsMenu(Options(), panel)


@pytest.mark.parametrize(
    ("text", "signal"), [("Export…", "export_requested"), ("Tour", "tour_requested"), ("Help", "help_requested")]
)
def test_what_can_be_typed_is_there_for_who_does_not_know_that(panel, text, signal):
    made, asked = menu(panel), []
    getattr(made, signal).connect(lambda: asked.append(text))
    (action,) = [action for action in made.actions() if action.text() == text]
    action.trigger()
    assert asked == [text]
    assert action.toolTip() != text


def test_it_has_the_text_size_of_the_panel(panel):
    font = panel.font()
    font.setPointSizeF(2 * font.pointSizeF())
    panel.setFont(font)
    assert menu(panel).font().pointSizeF() == font.pointSizeF()
