"""The panel: status, transcript, composer; shows state and emits signals, decides nothing."""

from __future__ import annotations

import itertools

from . import dock_place, sheets
from .chips import Chips
from .completions_popup import CompletionsPopup
from .composer import Composer, local_files
from .dialog import Dialog
from .dock_state import DockState
from .empty_state import EmptyState
from .head import Head
from .labels import plain_label
from .qt import QtCore, QtGui, QtWidgets, Shortcut, Signal
from .tour_bar import TourBar
from .transcript import Transcript
from .usage_line import UsageLine
from .waiting_lines import WaitingLines
from .web import open_page

_DROP_HINT = "Structures and maps are loaded,\npictures and other files attached"


class _Root(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """Accepts every key a child left over: PyMOL would take it as a command (Alt+A builds an alanine).

    Signals:
        escaped: Escape was pressed anywhere in the panel.
        files_given: Files were dropped (list of paths).
        image_given: A picture was dropped (QImage).
    """

    escaped = Signal()
    files_given = Signal(list)
    image_given = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._hint = plain_label(_DROP_HINT, "dropHint")
        self._hint.setParent(self)
        self._hint.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.hide()

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:
        if local_files(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._hint.setGeometry(self.rect().adjusted(6, 6, -6, -6))
            self._hint.show()
            self._hint.raise_()

    def dragLeaveEvent(self, _event: QtGui.QDragLeaveEvent) -> None:
        self._hint.hide()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:
        """PyMOL's window would load the file without a word to the agent."""
        self._hint.hide()
        event.acceptProposedAction()
        paths = local_files(event.mimeData())
        if paths:
            self.files_given.emit(paths)
        else:
            self.image_given.emit(event.mimeData().imageData())

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        event.accept()
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.escaped.emit()

    def keyReleaseEvent(self, event: QtGui.QKeyEvent) -> None:
        event.accept()


class AgentDock(QtWidgets.QDockWidget):  # type: ignore[misc]
    """The docked chat.

    Signals:
        submitted: The user sent a message, or a command, whether a turn runs or not.
        steered: The user said something that is to reach the turn that runs.
        files_given: Files were pasted or dropped (list of paths).
        stop_requested: Stop was pressed, or Escape anywhere in the panel, while busy.
        new_chat_requested: The user wants an empty chat.
        undo_requested: The user wants the last turn undone.
        redo_requested: The user wants done again what was undone last.
        options_requested: The options' menu is to open.
        download_requested: The user wants the built-in model.
        model_requested: The user wants another model.
        sign_in_requested: The user wants to sign in; carries the provider's id where it is known.
    """

    submitted = Signal(str)
    steered = Signal(str)
    files_given = Signal(list)
    stop_requested = Signal()
    new_chat_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    options_requested = Signal()
    download_requested = Signal()
    model_requested = Signal()
    sign_in_requested = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__("pymolcode", parent)
        self.setObjectName("pymolcode_dock")
        self._busy = False
        self._proposed = ""
        self._look: tuple[QtGui.QPalette, str, int] | None = None  # what the style sheet was made for
        self.head = Head()
        self._text_percent = 100
        self.transcript = Transcript()
        self.composer = Composer()
        self.usage = UsageLine()
        self.chips = Chips()
        self.waiting = WaitingLines()
        self.empty = EmptyState()
        self.tour = TourBar()
        self._pages = QtWidgets.QStackedWidget()
        self._send = QtWidgets.QPushButton("Send")
        self._clicked = QtCore.QElapsedTimer()  # since Send was clicked
        self.transcript.setAccessibleName("Conversation")
        self._lay_out()
        self.completions = CompletionsPopup(self.widget())
        self._connect()

    def attach(self, window: QtWidgets.QMainWindow, state: DockState | None = None, *, text_percent: int = 100) -> None:
        """Stand where it stood, with text of a size; at a first start, at full height on the right."""
        self._text_percent = text_percent
        dock_place.put(self, window, state or DockState())
        QtWidgets.QApplication.instance().fontChanged.connect(lambda _font: self._restyle())
        self._restyle()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Follow a change between light and dark: a style sheet keeps the palette it was first used with."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.PaletteChange:
            QtCore.QTimer.singleShot(0, self._restyle)

    def _restyle(self) -> None:
        # Only when it stands in the window: PyMOL's own style sheet would have been applied over it.
        if self.parentWidget() is None or self.widget() is None:
            return
        font = self._font()
        look = (QtGui.QPalette(self.palette()), font.toString(), self._text_percent)
        if look == self._look:
            return  # Qt says that the palette changed also where it did not, and this costs as much as opening
        self._look = look
        if self.font().pointSizeF() != font.pointSizeF():
            self.setFont(font)  # what stands in PyMOL's window does not follow by itself: that has a style sheet
        resized = self._text_percent != 100  # percent
        sheets.style(self.widget(), "panel.qss", font, scope="#pymolcode ", resized=resized)
        for dialog in self.findChildren(Dialog):
            dialog.restyle()

    def set_text_size(self, percent: int) -> None:
        """How large text is, of the system's size."""
        self._text_percent = percent
        self._restyle()

    def _font(self) -> QtGui.QFont:
        font = QtGui.QFont(QtWidgets.QApplication.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * self._text_percent / 100)
        else:
            font.setPixelSize(round(font.pixelSize() * self._text_percent / 100))
        return font

    @property
    def busy(self) -> bool:
        """Whether a turn runs, or something is undone."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """While a turn runs, Send is Stop; what is typed stays."""
        self._busy = busy
        self._send.setText("Stop" if busy else "Send")
        self.head.set_busy(busy)
        self.composer.set_busy(busy)
        self.transcript.set_busy(busy)

    def open_menu(self, menu: QtWidgets.QMenu) -> None:
        """Below the options' button; at once, without a loop of its own."""
        button = self.head.options
        menu.popup(button.mapToGlobal(QtCore.QPoint(button.width() - menu.sizeHint().width(), button.height())))

    def show_panel(self) -> None:
        """Bring the panel into view."""
        self.show()
        self.raise_()

    def focus_composer(self) -> None:
        """Show the panel and put the cursor where one writes."""
        self.show_panel()
        self.composer.setFocus()

    def attach_selection(self, name: str, label: str = "") -> None:
        """Let a selection go with the next message; `label` is shown where the expression is not for reading."""
        self.chips.add(name, label)
        self.focus_composer()

    def propose(self, text: str) -> None:
        """Write a question down without sending it; one that was proposed before, and not changed, makes way."""
        if text and self.composer.toPlainText() == self._proposed:
            self.composer.clear()
        if text:
            self.composer.keep(text)
            self._proposed = self.composer.toPlainText()
        self.focus_composer()

    def show_empty_state(self) -> None:
        """Show what one can ask, until something is said."""
        self._pages.setCurrentWidget(self.empty)

    def _lay_out(self) -> None:
        root = _Root()
        root.setObjectName("pymolcode")
        layout = QtWidgets.QVBoxLayout(root)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.addWidget(self.head)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.transcript)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.tour)
        layout.addWidget(self.waiting)
        layout.addWidget(self.chips)
        foot = QtWidgets.QHBoxLayout()
        foot.addWidget(self.composer, 1)
        foot.addWidget(self._send, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(foot)
        layout.addWidget(self.usage)
        root.escaped.connect(self._on_composer_stop_requested)
        find = Shortcut(QtGui.QKeySequence(QtGui.QKeySequence.StandardKey.Find), root)  # no field lets the keys pass
        find.setContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.transcript.find_requested)
        root.files_given.connect(self.files_given)
        root.image_given.connect(self.composer.image_given)
        self.setWidget(root)

    def _connect(self) -> None:
        self.composer.submitted.connect(self._on_composer_submitted)
        self.composer.steered.connect(self._on_composer_steered)
        self.composer.files_given.connect(self.files_given)
        self.chips.changed.connect(self._order_tabs)
        self.waiting.changed.connect(self._order_tabs)
        self.composer.stop_requested.connect(self._on_composer_stop_requested)
        self._send.clicked.connect(self._on_send_clicked)
        self.head.new_chat_requested.connect(self.new_chat_requested)
        self.head.undo_requested.connect(self.undo_requested)
        self.head.redo_requested.connect(self.redo_requested)
        self.head.options_requested.connect(self.options_requested)
        self.head.download_requested.connect(self.download_requested)
        self.head.model_requested.connect(self.model_requested)
        self.head.sign_in_requested.connect(self.sign_in_requested)
        self.transcript.sign_in_requested.connect(self.sign_in_requested)
        self.empty.example_chosen.connect(self._on_empty_example_chosen)
        self.transcript.grew.connect(lambda: self._pages.setCurrentWidget(self.transcript))
        self.transcript.waiting_changed.connect(self.head.set_waiting)
        self.transcript.focus_released.connect(self.composer.setFocus)
        self.transcript.link_activated.connect(open_page)

    def _order_tabs(self) -> None:
        """What is made later would come after everything in PyMOL's window, whose prompt takes Tab for itself."""
        made = (*self.waiting.buttons(), *self.chips.buttons(), self.composer, self._send)
        for before, after in itertools.pairwise(made):
            self.setTabOrder(before, after)

    def _on_composer_submitted(self, text: str) -> None:
        self.composer.accepted()
        self.submitted.emit(text)

    def _on_composer_steered(self, text: str) -> None:
        self.composer.accepted()
        self.steered.emit(text)

    def _on_composer_stop_requested(self) -> None:
        if self._busy:
            self.stop_requested.emit()

    def _on_send_clicked(self) -> None:
        if not self._busy:
            self._clicked.start()
            self.composer.submit()
        elif not self._is_double_click():
            self.stop_requested.emit()
        self.composer.setFocus()

    def _is_double_click(self) -> bool:
        """Whether this click belongs to the one that sent: it would stop what nobody has seen begin."""
        clicked = self._clicked
        return bool(clicked.isValid() and clicked.elapsed() < QtWidgets.QApplication.doubleClickInterval())

    def _on_empty_example_chosen(self, text: str) -> None:
        self.composer.setPlainText(text)
        self.composer.moveCursor(QtGui.QTextCursor.MoveOperation.End)
        self.composer.setFocus()
