"""The menu of what holds for this session: the mode, what is sent to the model, what is always allowed."""

from __future__ import annotations

from collections.abc import Callable

from ..core.outgoing import Data
from ..core.risk import Mode
from ..core.scene import Frozen
from .head import MODES
from .labels import plain_label
from .qt import QtCore, QtWidgets, Signal

_KINDS = {
    Data.COORDINATES: "Coordinates",
    Data.SEQUENCES: "Sequences",
    Data.IMAGES: "Images",
    Data.FILE_NAMES: "File names",
}
_SESSION = "Holds until PyMOL is closed."
_NOTE_WIDTH_PX = 300


class Options(Frozen):
    """What the menu shows.

    Attributes:
        statement: What goes where, in words.
        leaves_machine: False where nothing is sent anywhere else.
    """

    mode: Mode = Mode.ASK
    this_machine_only: bool = False
    withheld: frozenset[Data] = frozenset()
    leaves_machine: bool = False
    statement: str = ""


class OptionsMenu(QtWidgets.QMenu):  # type: ignore[misc]  # pymol.Qt is untyped
    """Made anew whenever it opens.

    Signals:
        mode_chosen: Carries a `core.risk.Mode`.
        this_machine_only_switched: Carries whether it is on.
        withheld_changed: Carries the set of `core.outgoing.Data` that is not sent.
        last_request_requested: To read what was sent last.
        model_requested: To choose another model.
        sign_in_requested: To sign in or out.
        sessions_requested: To find an earlier chat.
        compact_requested: What the model is reminded of is to become shorter.
        export_requested: What was done is to be written as files.
        rules_requested: To read and revoke what is always allowed.
        settings_requested: To read and change the settings.
        doctor_requested: To look whether everything is right.
        tour_requested: To see the panel in a minute.
        help_requested: To read what can be typed.
    """

    mode_chosen = Signal(object)
    this_machine_only_switched = Signal(bool)
    withheld_changed = Signal(object)
    last_request_requested = Signal()
    rules_requested = Signal()
    model_requested = Signal()
    sign_in_requested = Signal()
    sessions_requested = Signal()
    compact_requested = Signal()
    export_requested = Signal()
    settings_requested = Signal()
    doctor_requested = Signal()
    tour_requested = Signal()
    help_requested = Signal()

    def __init__(self, options: Options, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self.setFont(parent.font())  # a window of its own, which does not get the panel's text size by itself
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self._options = options
        self._add_modes()
        self.addSeparator()
        self._entry("Earlier chats…", "Find a chat and go on with it, in its scene", self.sessions_requested.emit)
        self._entry("Model…", "Choose the model, and see why it is this one", self.model_requested.emit)
        self._entry("Sign in…", "Sign in to a provider of models, or out", self.sign_in_requested.emit)
        self._entry(
            "Shorten the chat",
            "Sum up what the model is reminded of; the transcript keeps everything",
            self.compact_requested.emit,
        )
        self._entry(
            "Export…",
            "Write what was done as scripts that replay, a notebook, a report, a methods paragraph",
            self.export_requested.emit,
        )
        self.addSeparator()
        only = self._check("This machine only", "Refuses any model, fetch or server elsewhere.")
        only.setChecked(options.this_machine_only)
        only.toggled.connect(self.this_machine_only_switched)
        self._add_kinds()
        self._entry(
            "What was sent last…", "The last request to the model, as it was sent", self.last_request_requested.emit
        )
        self.addSeparator()
        self._entry(
            "Always allowed…",
            "Commands that no longer ask in a folder. These are kept when PyMOL is closed.",
            self.rules_requested.emit,
        )
        self.addSeparator()
        self._entry("Settings…", "What holds for every session, and where it was set", self.settings_requested.emit)
        self._entry(
            "Doctor…",
            "Look whether everything is here and right, with the remedy where it is not",
            self.doctor_requested.emit,
        )
        self._entry("Tour", "The panel in a minute, on 1HPV; no model is needed", self.tour_requested.emit)
        self._entry("Help", "What can be typed after a slash, and the keys", self.help_requested.emit)

    def _entry(self, text: str, words: str, requested: Callable[[], None]) -> None:
        action = self.addAction(text)
        action.setToolTip(words)
        action.triggered.connect(lambda: requested())

    def _add_modes(self) -> None:
        modes = QtWidgets.QActionGroup(self) if hasattr(QtWidgets, "QActionGroup") else _action_group(self)
        for mode, words in MODES.items():
            action = self._check(f"{mode.value.capitalize()} mode", words)
            action.setChecked(mode is self._options.mode)
            action.triggered.connect(lambda _checked=False, mode=mode: self.mode_chosen.emit(mode))
            modes.addAction(action)

    def _add_kinds(self) -> None:
        menu = self.addMenu("Sent to the model")
        menu.setToolTipsVisible(True)
        menu.menuAction().setToolTip(self._options.statement)
        note = QtWidgets.QWidgetAction(menu)
        words = plain_label(self._options.statement, "menuNote")
        words.setFixedWidth(_NOTE_WIDTH_PX)
        words.setContentsMargins(8, 4, 8, 4)
        note.setDefaultWidget(words)
        note.setText(self._options.statement)
        note.setEnabled(False)
        menu.addAction(note)
        words.setEnabled(True)  # the entry is none to choose, but its words are to be read
        menu.addSeparator()
        for kind, name in _KINDS.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(kind not in self._options.withheld)
            action.setEnabled(self._options.leaves_machine)
            action.setToolTip(f"Checked: may be sent. {_SESSION}")
            action.toggled.connect(lambda sent, kind=kind: self._on_kind_toggled(kind, sent))

    def _check(self, text: str, words: str) -> QtWidgets.QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setToolTip(f"{words} {_SESSION}")
        return action

    def _on_kind_toggled(self, kind: Data, sent: bool) -> None:
        withheld = self._options.withheld - {kind} if sent else self._options.withheld | {kind}
        self._options = self._options.model_copy(update={"withheld": withheld})
        self.withheld_changed.emit(withheld)


def _action_group(menu: QtWidgets.QMenu) -> QtWidgets.QActionGroup:
    """Qt 6 moved it to another module."""
    from .qt import QtGui  # noqa: PLC0415  # only there

    return QtGui.QActionGroup(menu)
