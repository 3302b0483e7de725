import pytest

from pymolcode_plugin.config import settings
from pymolcode_plugin.gui.settings_rows import SECTIONS, Row, parsed, shown

from .test_sign_in_dialog import heard

pytestmark = pytest.mark.usefixtures("qt_application")

ROWS = {row.name: row for section in SECTIONS for row in section.rows}


@pytest.fixture
def dialog(tmp_path):
    from pymolcode_plugin.gui.qt import QtWidgets
    from pymolcode_plugin.gui.settings_dialog import SettingsDialog

    parent = QtWidgets.QWidget()
    made = SettingsDialog(tmp_path / "config.yaml", parent)
    values = dict.fromkeys(ROWS, (None, "", False, False))
    made.show_values(values | {"mode": ("auto", "From config.yaml.", False, True)}, "")
    made.show()
    yield made
    made.close()


def test_every_row_is_a_setting_and_holds_its_usual_value():
    usual = settings.Settings()
    for name, row in ROWS.items():
        value = getattr(usual, name)
        if row.kind == "choice":
            assert value.value in row.choices
        elif row.kind not in ("switch", "several"):
            text = shown(row, value)
            assert not text or parsed(row, text) == pytest.approx(value), name


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("whole", "1,000", 1000),
        ("whole", " 7 ", 7),
        ("number", "2,5", 2.5),
        ("number", "", None),
        ("text", "  a b ", "a b"),
        ("lines", "a\n\n b \n", ["a", "b"]),
        ("lines", "\n", None),
    ],
)
def test_what_is_written_in_a_field_becomes_a_plain_value(kind, text, value):
    assert parsed(Row("x", "X", kind, ""), text) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("whole", "a"), ("whole", "1.5"), ("number", "nan"), ("number", "inf"), ("number", "-1")]
)
def test_what_is_no_number_is_said(kind, text):
    with pytest.raises(ValueError, match=r"number is wanted|more than nothing"):
        parsed(Row("x", "X", kind, ""), text)


def test_a_choice_a_switch_and_a_number_are_told_and_a_wrong_number_is_said_in_its_row(dialog):
    told = heard(dialog.changed)
    mode = dialog.fields["mode"]
    assert mode.field.currentData() == "auto"
    mode.field.setCurrentIndex(2)
    mode.field.activated.emit(2)
    dialog.fields["this_machine_only"].field.click()
    budget = dialog.fields["budget_usd"]
    budget.field.setText("much")
    budget.field.editingFinished.emit()
    assert not budget.problem.isHidden()
    assert budget.field.text() == "much", "what was written stays"
    budget.field.setText("2.5")
    budget.field.editingFinished.emit()
    assert budget.problem.isHidden()
    dialog.fields["withhold"].boxes["images"].click()
    assert told == [("mode", "plan"), ("this_machine_only", True), ("budget_usd", 2.5), ("withhold", ["images"])]


def test_a_field_that_was_only_visited_tells_nothing(dialog):
    told = heard(dialog.changed)
    dialog.fields["budget_usd"].field.editingFinished.emit()
    assert told == []


def test_what_something_goes_before_cannot_be_changed_here_and_says_what(dialog):
    dialog.show_values({"mode": ("plan", "Set by PYMOLCODE_MODE", True, True)}, "")
    mode = dialog.fields["mode"]
    assert not mode.field.isEnabled()
    assert mode.reset.isHidden()
    assert "PYMOLCODE_MODE" in mode.source.text()


def test_reset_takes_it_out_of_the_file(dialog):
    told = heard(dialog.changed)
    mode = dialog.fields["mode"]
    assert not mode.reset.isHidden()
    mode.reset.click()
    assert told == [("mode", None)]


def test_every_field_has_a_name_for_a_screen_reader(dialog):
    from pymolcode_plugin.gui.qt import QtCore, QtWidgets

    for widget in dialog.findChildren(QtWidgets.QWidget):
        if widget.focusPolicy() == QtCore.Qt.FocusPolicy.NoFocus or isinstance(widget, QtWidgets.QScrollArea):
            continue
        inside = widget.parent()
        if widget.objectName().startswith("qt_") or isinstance(inside, (QtWidgets.QAbstractItemView, QtWidgets.QFrame)):
            continue  # parts of a list or a field that Qt makes itself
        text = widget.text() if hasattr(widget, "text") else ""
        name = widget.accessibleName() or text or widget.objectName()
        assert name, f"{widget} in {widget.parent()}"
