"""The settings, in sections; what is changed holds at once and is written into config.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .dialog import Dialog
from .labels import WrappedText, plain_label
from .qt import QtCore, QtGui, QtWidgets, Signal
from .setting_fields import SettingField
from .settings_rows import SECTIONS, Section

_AROUND_PX = 24


class SettingsDialog(Dialog):
    """Stays open beside the work.

    Signals:
        changed: A setting was set: (name, plain value, or None to take it out of the file).
        link_chosen: Another dialog is to open; carries its name.
        file_requested: config.yaml itself is to open.
    """

    changed = Signal(str, object)
    link_chosen = Signal(str)
    file_requested = Signal()

    def __init__(self, path: Path, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("pymolcode settings")
        self.setObjectName("settingsDialog")
        self.fields: dict[str, SettingField] = {}
        self.sections = QtWidgets.QListWidget()
        self.pages = QtWidgets.QStackedWidget()
        self.status = WrappedText("", "settingsStatus", max_lines=3)
        self.why = WrappedText("", "settingsWhy", max_lines=12)
        self._lay_out(path)
        self.resize(560, 460)

    def show_values(self, values: Mapping[str, tuple[object, str, bool, bool]], why: str) -> None:
        """Show what holds: by name, (value, source in words, is overruled, is in config.yaml); and why this model."""
        for name, (value, source, is_overruled, is_ours) in values.items():
            self.fields[name].show_value(value, source, is_overruled=is_overruled, is_ours=is_ours)
        self.why.show_text(why)
        self.why.setVisible(bool(why))

    def show_status(self, text: str, *, is_problem: bool = False) -> None:
        """Say what was written, or why nothing can be."""
        self.status.setProperty("level", "error" if is_problem else "")
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)
        self.status.show_text(text)
        self.status.setVisible(bool(text))

    def set_readable(self, readable: bool) -> None:
        """Where config.yaml cannot be read, nothing can be changed here."""
        self.pages.setEnabled(readable)

    def restyle(self) -> None:
        """The list is as wide as its words."""
        super().restyle()
        self.sections.setFixedWidth(self.sections.sizeHintForColumn(0) + _AROUND_PX)

    def _lay_out(self, path: Path) -> None:
        self.sections.setAccessibleName("Sections")
        for section in SECTIONS:
            self.sections.addItem(section.title)
            self.pages.addWidget(self._page(section))
        self.sections.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.sections.setCurrentRow(0)
        body, foot, layout = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout(), QtWidgets.QVBoxLayout(self)
        body.addWidget(self.sections)
        body.addWidget(self.pages, 1)
        opener = QtWidgets.QPushButton("Open config.yaml")
        opener.setToolTip(f"{path}: what is set here is written there; your comments stay")
        opener.clicked.connect(lambda _checked=False: self.file_requested.emit())
        close = QtWidgets.QPushButton("Close")
        close.clicked.connect(self.close)
        for button in (opener, close):
            button.setAutoDefault(False)  # Enter in a field sets the field
        foot.addWidget(opener)
        foot.addStretch()
        foot.addWidget(close)
        layout.addLayout(body, 1)
        layout.addWidget(self.status)
        layout.addLayout(foot)
        self.status.hide()

    def _page(self, section: Section) -> QtWidgets.QWidget:
        inside, area = QtWidgets.QWidget(), QtWidgets.QScrollArea()
        layout = QtWidgets.QVBoxLayout(inside)
        title = plain_label(section.title, "pickerTitle")
        layout.addWidget(title)
        for row in section.rows:
            field = self.fields[row.name] = SettingField(row)
            field.changed.connect(self.changed)
            layout.addWidget(field)
        for name, label in section.links.items():
            link = QtWidgets.QPushButton(label)
            link.setAutoDefault(False)
            link.clicked.connect(lambda _checked=False, name=name: self.link_chosen.emit(name))
            layout.addWidget(link, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        if section is SECTIONS[0]:
            layout.addWidget(self.why)
            self.why.hide()
        layout.addStretch()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Enter in a field sets it; it does not close the dialog."""
        keys = QtCore.Qt.Key
        if event.key() in (keys.Key_Return, keys.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)
