"""How a row of the model picker is drawn, in the palette that PyMOL has."""

from __future__ import annotations

from .drawn_text import smaller, write_line
from .labels import breakable
from .list_rows import ROW
from .model_rows import ModelRows, Row
from .qt import QtCore, QtGui, QtWidgets

_PAD_PX = 6
_MARK_PX = 18
_LINES_OF_A_PROBLEM = 3
_LONG_WORD_CHARS = 36
_ORANGE = "#c77700"


class ModelDelegate(QtWidgets.QStyledItemDelegate):  # type: ignore[misc]  # pymol.Qt is untyped
    """Two lines a model: name with price, then id and badges; the one in use is ticked."""

    def paint(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> None:
        """See Qt."""
        row: Row = index.data(ROW)
        painter.save()
        roles = QtGui.QPalette.ColorRole
        selected = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, option.palette.color(roles.Highlight))
        # Headings cannot be chosen, but are no less to be read.
        text = option.palette.color(QtGui.QPalette.ColorGroup.Active, roles.HighlightedText if selected else roles.Text)
        pen = _Pen(painter, option, text)
        if row.kind == "heading":
            pen.heading(row)
        elif row.kind == "waiting":
            model = index.model()
            pen.waiting(row, model.turn_deg if isinstance(model, ModelRows) else 0)
        elif row.kind == "failed":
            pen.failed(row)
        elif row.kind == "note":
            pen.note(row)
        else:
            pen.model(row)
        painter.restore()

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """See Qt; the view's width decides how many lines a problem needs."""
        row: Row = index.data(ROW)
        line = option.fontMetrics.height()
        small = QtGui.QFontMetrics(smaller(option.font))
        if row.kind == "model":
            lines = line + (small.height() + 2 if row.detail or row.badges else 0)
        elif row.kind in ("failed", "note"):
            width = (option.rect.width() or option.widget.viewport().width()) - _MARK_PX - 2 * _PAD_PX
            text = _wrapped(small, row.detail or row.title, width).height()
            lines = min(text, _LINES_OF_A_PROBLEM * small.height()) + (line + 2 if row.detail else 0)
        else:
            lines = line
        return QtCore.QSize(0, lines + 2 * _PAD_PX)


class _Pen:
    """Draws one row."""

    def __init__(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, colour: QtGui.QColor) -> None:
        self._painter, self._colour = painter, colour
        self._faint = QtGui.QColor(colour)
        self._faint.setAlphaF(0.72)
        self._font, self._small = QtGui.QFont(option.font), smaller(option.font)
        self._bold = QtGui.QFont(option.font)
        self._bold.setBold(True)
        self._room = option.rect.adjusted(_PAD_PX, _PAD_PX, -_PAD_PX, -_PAD_PX)
        self._inner = self._room.adjusted(_MARK_PX, 0, 0, 0)

    def heading(self, row: Row) -> None:
        """The provider, and how one is signed in."""
        used = write_line(self._painter, self._room, row.title, self._bold, self._colour)
        write_line(self._painter, self._room.adjusted(used + 8, 0, 0, 0), row.detail, self._small, self._faint)

    def model(self, row: Row) -> None:
        """Name and price, then id and badges."""
        if row.current:
            write_line(self._painter, self._room, "✓", self._bold, self._colour)
        right = QtGui.QFontMetrics(self._small).horizontalAdvance(row.right) if row.right else 0
        first = QtCore.QRect(self._inner)
        if right:
            place = QtCore.QRect(self._inner.right() - right, self._inner.top(), right + 1, self._inner.height())
            write_line(self._painter, place, row.right, self._small, self._faint)
            first.setRight(place.left() - 8)
        write_line(self._painter, first, row.title, self._bold if row.current else self._font, self._colour)
        below = self._inner.adjusted(0, QtGui.QFontMetrics(self._font).height() + 2, 0, 0)
        self._badges(row, below)

    def waiting(self, row: Row, turn_deg: int) -> None:
        """A part of a circle that turns, and what is asked."""
        side = QtGui.QFontMetrics(self._font).height() - 4
        circle = QtCore.QRectF(self._room.left() + 1, self._room.top() + 2, side, side)
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QtGui.QPen(self._faint, 2))
        self._painter.drawArc(circle, turn_deg * 16, 270 * 16)
        write_line(self._painter, self._inner, row.title, self._font, self._faint)

    def failed(self, row: Row) -> None:
        """What to do, then why."""
        link = QtGui.QFont(self._font)
        link.setUnderline(True)
        write_line(self._painter, self._room, "!", self._bold, QtGui.QColor(_ORANGE))
        write_line(self._painter, self._inner, row.title, link, self._colour)
        self._wrap(self._inner.adjusted(0, QtGui.QFontMetrics(self._font).height() + 2, 0, 0), row.detail)

    def note(self, row: Row) -> None:
        """What to know of a provider."""
        self._wrap(self._inner, row.title)

    def _wrap(self, place: QtCore.QRect, text: str) -> None:
        self._painter.setFont(self._small)
        self._painter.setPen(self._faint)
        flags = int(QtCore.Qt.TextFlag.TextWordWrap | QtCore.Qt.AlignmentFlag.AlignLeft)
        self._painter.drawText(place, flags, _breakable(text))

    def _badges(self, row: Row, below: QtCore.QRect) -> None:
        metrics = QtGui.QFontMetrics(self._small)
        widths = [metrics.horizontalAdvance(badge) + 8 for badge in row.badges]
        left = below.right() - sum(widths) - 4 * max(len(widths) - 1, 0) if row.detail else below.left()
        left = max(left, below.left())
        if row.detail:
            place = QtCore.QRect(below)
            place.setRight(left - 8)
            write_line(self._painter, place, row.detail, self._small, self._faint)
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for badge, width in zip(row.badges, widths, strict=True):
            frame = QtCore.QRectF(left + 0.5, below.top() + 0.5, width - 1, metrics.height())
            self._painter.setPen(QtGui.QPen(QtGui.QColor(_ORANGE) if badge == "no tools" else self._faint, 1))
            self._painter.drawRoundedRect(frame, 4, 4)
            self._painter.setPen(self._colour)
            self._painter.setFont(self._small)
            self._painter.drawText(frame, int(QtCore.Qt.AlignmentFlag.AlignCenter), badge)
            left += width + 4


def _wrapped(metrics: QtGui.QFontMetrics, text: str, width: int) -> QtCore.QRect:
    flags = int(QtCore.Qt.TextFlag.TextWordWrap | QtCore.Qt.AlignmentFlag.AlignLeft)
    return metrics.boundingRect(QtCore.QRect(0, 0, max(width, 1), 10_000), flags, _breakable(text))


def _breakable(text: str) -> str:
    """Broken within words only where one is too long for a line."""
    return breakable(text) if any(len(word) > _LONG_WORD_CHARS for word in text.split()) else text
