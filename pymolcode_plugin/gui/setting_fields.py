"""One setting in the settings dialog: its words, its field, where its value comes from, and what was wrong with it."""

from __future__ import annotations

from .labels import plain_label
from .qt import QtCore, QtWidgets, Signal
from .settings_rows import Row, parsed, shown

_MAX_LINES = 3


class SettingField(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A row of the dialog.

    Signals:
        changed: The user set it: (name, plain value, or None for the usual one).
    """

    changed = Signal(str, object)

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self._shown = ""
        self.boxes: dict[str, QtWidgets.QCheckBox] = {}
        self.label = plain_label(row.label, "settingLabel")
        self.words = plain_label(row.words, "faint")
        self.source = plain_label("", "settingSource")
        self.problem = plain_label("", "settingProblem")
        self.reset = QtWidgets.QToolButton()
        self.field = self._field()
        self._lay_out()

    def show_value(self, value: object, source: str, *, is_overruled: bool, is_ours: bool) -> None:
        """Show what holds.

        Args:
            value: As plain YAML has it.
            source: Where it comes from, in words.
            is_overruled: Something goes before config.yaml, so it cannot be changed here.
            is_ours: config.yaml sets it.
        """
        self._put(value)
        self.problem.hide()
        self.source.setText(source)
        self.source.setVisible(bool(source))
        self.field.setEnabled(not is_overruled)
        self.reset.setVisible(is_ours and not is_overruled)

    def show_problem(self, text: str) -> None:
        """Say what was wrong with what was written, which stays."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _field(self) -> QtWidgets.QWidget:
        make = {"choice": self._choice, "switch": self._switch, "several": self._several, "lines": self._lines}
        field = make.get(self.row.kind, self._line)()
        field.setAccessibleName(self.row.label)
        field.setAccessibleDescription(self.row.words)
        return field

    def _choice(self) -> QtWidgets.QWidget:
        box = QtWidgets.QComboBox()
        box.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        for value, label in self.row.choices.items():
            box.addItem(label, value)
        box.activated.connect(lambda number: self._tell(box.itemData(number)))
        return box

    def _switch(self) -> QtWidgets.QWidget:
        box = QtWidgets.QCheckBox(self.row.label)
        box.clicked.connect(lambda checked: self._tell(bool(checked)))
        return box

    def _several(self) -> QtWidgets.QWidget:
        group = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(group)
        layout.setContentsMargins(0, 0, 0, 0)
        for value, label in self.row.choices.items():
            box = self.boxes[value] = QtWidgets.QCheckBox(label)
            box.clicked.connect(self._on_box_clicked)
            layout.addWidget(box)
        return group

    def _lines(self) -> QtWidgets.QWidget:
        field = _Lines()
        field.setPlaceholderText(self.row.empty)
        field.setFixedHeight(field.fontMetrics().lineSpacing() * _MAX_LINES + 14)
        field.left.connect(self._on_text_finished)
        return field

    def _line(self) -> QtWidgets.QWidget:
        field = QtWidgets.QLineEdit()
        field.setPlaceholderText(self.row.empty)
        field.editingFinished.connect(self._on_text_finished)
        return field

    def _lay_out(self) -> None:
        layout, head, line = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(3)
        self.label.setBuddy(self.field)
        head.addWidget(self.label, 1)
        if self.row.kind != "switch":
            layout.addLayout(head)
        else:
            self.label.hide()
        line.addWidget(self.field, 1)
        if self.row.unit:
            line.addWidget(QtWidgets.QLabel(self.row.unit))
        if self.row.kind == "file":
            line.addWidget(self._browse())
        self.reset.setText("Reset")
        self.reset.setToolTip("Take it out of config.yaml")
        self.reset.setAccessibleName(f"Reset {self.row.label}")
        self.reset.clicked.connect(lambda _checked=False: self.changed.emit(self.row.name, None))
        layout.addLayout(line)
        layout.addWidget(self.words)
        foot = QtWidgets.QHBoxLayout()
        foot.addWidget(self.source, 1)
        foot.addWidget(self.reset, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        layout.addLayout(foot)
        layout.addWidget(self.problem)
        for widget in (self.source, self.problem, self.reset):
            widget.hide()

    def _browse(self) -> QtWidgets.QWidget:
        button = QtWidgets.QPushButton("Browse…")
        button.setAutoDefault(False)
        button.setAccessibleName(f"Choose a file: {self.row.label}")
        button.clicked.connect(self._on_browse_clicked)
        return button

    def _put(self, value: object) -> None:
        field = self.field
        if isinstance(field, QtWidgets.QComboBox):
            field.setCurrentIndex(max(0, field.findData(value)))
        elif isinstance(field, QtWidgets.QCheckBox):
            field.setChecked(bool(value))
        elif self.boxes:
            ticked = value if isinstance(value, (list, tuple)) else ()
            for name, box in self.boxes.items():
                box.setChecked(name in ticked)
        else:
            self._shown = shown(self.row, value)
            if self._text() != self._shown:
                set_text = field.setText if isinstance(field, QtWidgets.QLineEdit) else field.setPlainText
                set_text(self._shown)

    def _text(self) -> str:
        field = self.field
        return str(field.text() if isinstance(field, QtWidgets.QLineEdit) else field.toPlainText())

    def _tell(self, value: object) -> None:
        self.show_problem("")
        self.changed.emit(self.row.name, value)

    def _on_box_clicked(self, _checked: bool = False) -> None:
        self._tell([name for name, box in self.boxes.items() if box.isChecked()] or None)

    def _on_text_finished(self) -> None:
        text = self._text()
        if text.strip() == self._shown.strip():
            self.show_problem("")
            return
        try:
            value = parsed(self.row, text)
        except ValueError as error:
            self.show_problem(str(error))
            return
        self._tell(value)

    def _on_browse_clicked(self) -> None:
        dialog = QtWidgets.QFileDialog(self, self.row.label)  # shown without a loop of its own, which would end tasks
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._tell(str(path)))
        dialog.open()


class _Lines(QtWidgets.QPlainTextEdit):  # type: ignore[misc]
    """Several lines; Tab goes on.

    Signals:
        left: The keyboard went elsewhere.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def focusOutEvent(self, event: QtCore.QEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
