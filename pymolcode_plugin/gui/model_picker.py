"""Choosing a model: a search over what every provider offers; shows state and emits signals."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.scene import Frozen
from .dialog import Dialog
from .labels import WrappedText, plain_label
from .list_rows import ROW
from .model_delegate import ModelDelegate
from .model_rows import ModelRows, Offer, Row, rows_of
from .qt import QtCore, QtGui, QtWidgets, Signal

_TURN_MS = 80
_BY_HAND = (QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.MouseButtonPress, QtCore.QEvent.Type.Wheel)
_LEGEND = "Right: tokens it can hold · price of a million tokens in / out."
_NOTHING_FOUND = "No model fits what you search for."


class Layer(Frozen):
    """A place where a model may be named.

    Attributes:
        found: What is there, in words.
        used: It decided.
    """

    name: str
    found: str = ""
    used: bool = False


class ModelPicker(Dialog):
    """Stays open beside the work.

    Signals:
        chosen: (`PROVIDER:MODEL`, whether it holds for every chat from now on).
        retry_requested: The list of this provider is to be asked for again.
        sign_in_requested: Carries the provider's id, or nothing for the list of them.
    """

    chosen = Signal(str, bool)
    retry_requested = Signal(str)
    sign_in_requested = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Choose a model")
        self.setObjectName("modelPicker")
        self._offers: dict[str, Offer] = {}
        self._current = ""
        self._moved = False  # by hand, in the list; until then the model in use is the chosen one
        self.search, self.view, self.rows = QtWidgets.QLineEdit(), QtWidgets.QListView(), ModelRows(self)
        self.always = QtWidgets.QCheckBox("In every chat from now on")
        self.use, self.sign_in = QtWidgets.QPushButton("Use"), QtWidgets.QPushButton("Sign in to another provider…")
        self.close_button = QtWidgets.QPushButton("Close")
        self.why_button, self.why = QtWidgets.QToolButton(), WrappedText("", "why", max_lines=12)
        self.result = plain_label("", "signInResult")
        self._clock = QtCore.QTimer(self)
        self._clock.setInterval(_TURN_MS)
        self._name()
        self._lay_out()
        self._connect()
        self.resize(460, 560)

    def show_offers(self, offers: Sequence[Offer], current: str) -> None:
        """Show these providers; `current` is the `PROVIDER:MODEL` in use."""
        self._offers = {offer.provider: offer for offer in offers}
        self._current = current
        self._fill()

    def show_offer(self, offer: Offer) -> None:
        """A provider answered, or did not; what was chosen and how far was scrolled stays."""
        self._offers[offer.provider] = offer
        self._fill()

    def hide_offer(self, provider: str) -> None:
        """There is nothing to show of this one."""
        if self._offers.pop(provider, None) is not None:
            self._fill()

    def show_current(self, current: str) -> None:
        """This model is in use now."""
        self._current = current
        self._fill()

    def show_why(self, layers: Sequence[Layer], why: str) -> None:
        """Every place where a model may be named, and the one that decided."""
        looked = [f"{'✓' if layer.used else '–'} {layer.name}: {layer.found or 'nothing'}" for layer in layers]
        self.why.show_text(
            "\n".join((f"Because: {why or 'no model was chosen yet'}. Looked at, in this order:", *looked))
        )

    def show_result(self, words: str, *, level: str = "") -> None:
        """What came of a choice."""
        self.result.setText(words)
        self.result.setVisible(bool(words))
        self.result.setProperty("level", level)
        self.result.style().polish(self.result)

    def chosen_row(self) -> Row | None:
        """The row that is chosen in the list."""
        row: Row | None = self.view.currentIndex().data(ROW)
        return row

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """One can type at once."""
        super().showEvent(event)
        self._moved = False
        self._clock.start()  # which ends by itself where nothing is waited for
        self.search.setFocus()
        self.search.selectAll()

    def _fill(self) -> None:
        before, scrolled = self.chosen_row(), self.view.verticalScrollBar().value()
        rows = rows_of(self._offers.values(), self.search.text(), self._current)
        self.rows.show_rows(rows)
        number = _same(rows, before) if before is not None and self._moved else None
        if number is None:
            number = _first(rows, self._current)
        if number is not None:
            self.view.setCurrentIndex(self.rows.index(number))
            if self._moved:
                self.view.verticalScrollBar().setValue(scrolled)
            elif rows[number].model is not None and rows[number].current:
                self.view.scrollTo(self.rows.index(number), QtWidgets.QAbstractItemView.ScrollHint.PositionAtCenter)
        self._nothing.setText("" if rows else _NOTHING_FOUND)
        self._nothing.setVisible(not rows)
        if any(row.kind == "waiting" for row in rows) and not self._clock.isActive():
            self._clock.start()
        self._show_use()

    def _show_use(self) -> None:
        row = self.chosen_row()
        self.use.setEnabled(row is not None and row.kind in ("model", "failed"))
        self.use.setText(row.title if row is not None and row.kind == "failed" else "Use")

    def _name(self) -> None:
        self.search.setPlaceholderText("Search models, e.g. “gemini images”")
        self.search.setAccessibleName("Search models")
        self.search.setClearButtonEnabled(True)
        self.view.setModel(self.rows)
        self.view.setItemDelegate(ModelDelegate(self.view))
        self.view.setAccessibleName("Models")
        self.view.setMouseTracking(True)
        self.view.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.view.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = plain_label(_NOTHING_FOUND, "faint")
        self._nothing.hide()
        self.always.setToolTip("Also after PyMOL is closed, unless a setting or a variable names another")
        self.why_button.setText("Why this model?")
        self.why_button.setCheckable(True)
        self.why_button.setAutoRaise(True)
        self.why_button.setArrowType(QtCore.Qt.ArrowType.RightArrow)
        self.why_button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.why_button.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.why.setAccessibleName("Where a model may be named, in the order in which they are looked at")
        self.why.hide()
        self.result.hide()
        for button in (self.sign_in, self.close_button):
            button.setAutoDefault(False)
        self.use.setDefault(True)

    def _lay_out(self) -> None:
        layout, row, foot = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._nothing)
        layout.addWidget(plain_label(_LEGEND, "legend"))
        layout.addWidget(self.result)
        layout.addWidget(self.why_button)
        layout.addWidget(self.why)
        layout.addWidget(self.always)
        row.addWidget(self.sign_in)
        row.addStretch()
        layout.addLayout(row)
        foot.addStretch()
        foot.addWidget(self.use)
        foot.addWidget(self.close_button)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._on_search_changed())
        for watched in (self.search, self.view, self.view.viewport()):
            watched.installEventFilter(self)
        self.view.selectionModel().currentChanged.connect(lambda _now, _before: self._show_use())
        self.view.doubleClicked.connect(lambda _index: self._take())
        self.view.clicked.connect(self._on_view_clicked)
        self.use.clicked.connect(self._take)
        self.sign_in.clicked.connect(lambda: self.sign_in_requested.emit(""))
        self.close_button.clicked.connect(self.close)
        self.why_button.toggled.connect(self._on_why_toggled)
        self._clock.timeout.connect(self._on_clock_timeout)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """The keys that move in the list move in it from the search field too."""
        keys = QtCore.Qt.Key
        moves = (keys.Key_Down, keys.Key_Up, keys.Key_PageDown, keys.Key_PageUp)
        if watched is self.search and event.type() == QtCore.QEvent.Type.KeyPress and event.key() in moves:
            self._moved = True
            QtWidgets.QApplication.sendEvent(self.view, event)
            return True
        is_key = watched is self.view and event.type() == QtCore.QEvent.Type.KeyPress
        if is_key and event.text() and event.text().isprintable():
            # Letters are for the search; the view would jump to headings.
            self.search.setFocus()
            QtWidgets.QApplication.sendEvent(self.search, event)
            return True
        if watched in (self.view, self.view.viewport()) and event.type() in _BY_HAND:
            self._moved = True
        return bool(super().eventFilter(watched, event))

    def _take(self) -> None:
        row = self.chosen_row()
        if row is None:
            return
        if row.model is not None:
            self.chosen.emit(row.model.name, self.always.isChecked())
        elif row.kind == "failed" and row.sign_in_helps:
            self.sign_in_requested.emit(row.provider)
        elif row.kind == "failed":
            self.retry_requested.emit(row.provider)

    def _on_view_clicked(self, index: QtCore.QModelIndex) -> None:
        """A click on what went wrong does what it says; a model is only taken by a double click, or by Use."""
        row: Row | None = index.data(ROW)
        if row is not None and row.kind == "failed":
            self._take()

    def _on_search_changed(self) -> None:
        self._moved = False  # what fits first is to be chosen, not what was before
        self._fill()

    def _on_why_toggled(self, shown: bool) -> None:
        arrows = QtCore.Qt.ArrowType
        self.why_button.setArrowType(arrows.DownArrow if shown else arrows.RightArrow)
        self.why.setVisible(shown)

    def _on_clock_timeout(self) -> None:
        if not (self.isVisible() and self.rows.turn()):
            self._clock.stop()


def _same(rows: Sequence[Row], wanted: Row) -> int | None:
    """Where the same thing stands now."""
    for number, row in enumerate(rows):
        if row.model is not None and wanted.model is not None and row.model.name == wanted.model.name:
            return number
        if row.kind == wanted.kind == "failed" and row.provider == wanted.provider:
            return number
    return None


def _first(rows: Sequence[Row], current: str) -> int | None:
    """The one in use, else the first that can be chosen."""
    found = [number for number, row in enumerate(rows) if row.kind in ("model", "failed")]
    in_use = [number for number in found if (model := rows[number].model) and model.name == current]
    return next(iter(in_use or found), None)
