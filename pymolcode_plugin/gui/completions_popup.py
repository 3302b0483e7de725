"""The list above the composer: commands, or what can be mentioned; shows rows and says which was taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .drawn_text import smaller
from .labels import bounded
from .qt import QtCore, QtGui, QtWidgets, Signal

_ROWS_SHOWN = 10
_PAD_PX = 4
_MIN_HEIGHT_PX = 60
_MAX_CHARS = 300


class Line(NamedTuple):
    """A row.

    Attributes:
        text: What is completed; of a heading, the kind.
        detail: Beside it, fainter.
        value: What is taken; None of a heading or a remark, which cannot be chosen.
    """

    text: str
    detail: str = ""
    value: Any = None


class _Lines(QtCore.QStringListModel):  # type: ignore[misc]  # pymol.Qt is untyped
    """The rows; Qt's own model, because a list asks one of ours for every row at every key."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.setStringList([line.text for line in lines])

    def data(self, index: QtCore.QModelIndex, role: int = 0) -> Any:  # noqa: ANN401  # Qt's own
        line = self.lines[index.row()]
        if role == int(QtCore.Qt.ItemDataRole.DisplayRole):
            return line.text
        words = (int(QtCore.Qt.ItemDataRole.AccessibleTextRole), int(QtCore.Qt.ItemDataRole.ToolTipRole))
        return f"{line.text} {line.detail}".strip() if role in words else None

    def flags(self, index: QtCore.QModelIndex) -> Any:  # noqa: ANN401  # Qt's own
        flag = QtCore.Qt.ItemFlag
        if self.lines[index.row()].value is None:
            return flag.ItemNeverHasChildren
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren


class _Pen:
    """Writes single lines in a font."""

    def __init__(self, font: QtGui.QFont) -> None:
        self._font, self._metrics = font, QtGui.QFontMetrics(font)

    def write(self, painter: QtGui.QPainter, room: QtCore.QRect, text: str, *, right: bool = False) -> int:
        """Text in the middle of a room's height, cut where there is no room; how wide it is."""
        text = " ".join(text.split())
        width = int(self._metrics.horizontalAdvance(text))
        if width > room.width():
            # Names that a script made differ at their end.
            mode = QtCore.Qt.TextElideMode.ElideRight if right else QtCore.Qt.TextElideMode.ElideMiddle
            text = self._metrics.elidedText(text, mode, max(room.width(), 0))
            width = int(self._metrics.horizontalAdvance(text))
        painter.setFont(self._font)
        top = room.top() + (room.height() - self._metrics.height()) / 2
        left = room.right() + 1 - width if right else room.left()
        painter.drawText(QtCore.QPointF(left, top + self._metrics.ascent()), text)
        return width


class _Drawn(QtWidgets.QStyledItemDelegate):  # type: ignore[misc]
    """The text at the left, its detail at the right where there is room, cut where there is not."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._font: QtGui.QFont | None = None
        self._pens: tuple[_Pen, _Pen, _Pen] | None = None

    def _pens_for(self, font: QtGui.QFont) -> tuple[_Pen, _Pen, _Pen]:
        """Usual, small, and small and bold."""
        if self._pens is None or font != self._font:
            small = smaller(font)
            bold = QtGui.QFont(small)
            bold.setBold(True)
            self._font, self._pens = QtGui.QFont(font), (_Pen(QtGui.QFont(font)), _Pen(small), _Pen(bold))
        return self._pens

    def paint(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> None:
        """See Qt."""
        line = index.model().lines[index.row()]
        painter.save()
        roles, active = QtGui.QPalette.ColorRole, QtGui.QPalette.ColorGroup.Active
        selected = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, option.palette.color(active, roles.Highlight))
        colour = option.palette.color(active, roles.HighlightedText if selected else roles.Text)
        faint = QtGui.QColor(colour)
        faint.setAlphaF(0.85 if selected else 0.72)
        heading = line.value is None
        room = option.rect.adjusted(_PAD_PX if heading else 3 * _PAD_PX, 0, -2 * _PAD_PX, 0)
        usual, small, bold = self._pens_for(option.font)
        painter.setPen(faint if heading else colour)
        used = (bold if heading else usual).write(painter, room, line.text)
        rest = room.adjusted(used + 12, 0, 0, 0)
        if rest.width() > 24:  # pixels, of an ellipsis and a letter
            painter.setPen(faint)
            small.write(painter, rest, line.detail, right=not heading)
        painter.restore()

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, _index: QtCore.QModelIndex) -> QtCore.QSize:
        """See Qt."""
        return QtCore.QSize(0, option.fontMetrics.height() + 2 * _PAD_PX)


class CompletionsPopup(QtWidgets.QFrame):  # type: ignore[misc]
    """Lies over the panel, above the field it belongs to; never has the keyboard, which stays where one writes.

    Signals:
        taken: (value, run): a row was clicked, or taken by a key; `run` where that was Enter or a click.
        moved: Another row is the one that would be taken; carries its words, for a screen reader.
    """

    taken = Signal(object, bool)
    moved = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("completions")
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.view = QtWidgets.QListView()
        self.view.setObjectName("completionList")
        self.view.setAccessibleName("Suggestions")
        self.view.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self._lines = _Lines(self)
        self.view.setModel(self._lines)
        self.view.setItemDelegate(_Drawn(self.view))
        self.view.clicked.connect(lambda index: self._take(index.row(), run=True))
        self.view.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.view)
        self.hide()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines.lines

    @property
    def current(self) -> Line | None:
        """The row that would be taken."""
        row = self.view.currentIndex().row()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def show_lines(self, lines: Sequence[Line], above: QtWidgets.QWidget) -> None:
        """Show these above a widget; nothing at all where there are none. The first that can be taken is chosen."""
        self._lines.show([_short(line) for line in lines])
        if not lines:
            self.hide()
            return
        self._place(above)
        self.show()
        self.raise_()
        self._choose(next((number for number, line in enumerate(lines) if line.value is not None), -1))

    def press(self, event: QtGui.QKeyEvent) -> bool:
        """Whether a key was for the list: those that move in it, take a row, or close it."""
        if not self.isVisible():
            return False
        keys = QtCore.Qt.Key
        key, plain = event.key(), not event.modifiers() & ~QtCore.Qt.KeyboardModifier.KeypadModifier
        steps = {keys.Key_Up: -1, keys.Key_Down: 1, keys.Key_PageUp: -_ROWS_SHOWN, keys.Key_PageDown: _ROWS_SHOWN}
        if key == keys.Key_Escape:
            self.hide()
        elif key in steps and plain:
            self._move(steps[key])
        elif key in (keys.Key_Tab, keys.Key_Return, keys.Key_Enter) and plain and self.current is not None:
            self._take(self.view.currentIndex().row(), run=key != keys.Key_Tab)
        else:
            return False
        return True

    def _place(self, above: QtWidgets.QWidget) -> None:
        parent = self.parentWidget()
        corner = above.mapTo(parent, QtCore.QPoint(0, 0))
        row = self.view.fontMetrics().height() + 2 * _PAD_PX
        wanted = min(len(self.lines), _ROWS_SHOWN) * row + 4
        height = min(wanted, max(corner.y() - 4, _MIN_HEIGHT_PX))
        margin = 8
        width = parent.width() - 2 * margin
        self.setGeometry(margin, max(corner.y() - height - 2, 0), width, height)

    def _move(self, by: int) -> None:
        """Over headings; round at the ends where it is a single step."""
        rows = [number for number, line in enumerate(self.lines) if line.value is not None]
        if not rows:
            return
        now = self.view.currentIndex().row()
        at = rows.index(now) + by if now in rows else 0
        self._choose(rows[at % len(rows)] if abs(by) == 1 else rows[max(0, min(at, len(rows) - 1))])

    def _choose(self, row: int) -> None:
        self.view.setCurrentIndex(self._lines.index(row) if row >= 0 else QtCore.QModelIndex())
        if row == 1 and self.lines[0].value is None:
            self.view.scrollToTop()  # so that its heading is seen

    def _take(self, row: int, *, run: bool) -> None:
        line = self.lines[row]
        if line.value is not None:
            self.hide()
            self.taken.emit(line.value, run)

    def _tell(self, index: QtCore.QModelIndex) -> None:
        line = self.lines[index.row()] if index.isValid() else None
        if line is not None and line.value is not None:
            self.moved.emit(f"{line.text} {line.detail}".strip())


def _short(line: Line) -> Line:
    if len(line.text) <= _MAX_CHARS and len(line.detail) <= _MAX_CHARS:
        return line
    return line._replace(text=bounded(line.text, _MAX_CHARS), detail=bounded(line.detail, _MAX_CHARS))
