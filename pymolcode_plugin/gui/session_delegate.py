"""How a row of the sessions dialog is drawn, in the palette that PyMOL has."""

from __future__ import annotations

from .drawn_text import smaller, write_line
from .list_rows import ROW
from .qt import QtCore, QtGui, QtWidgets
from .session_rows import Row

_PAD_PX = 6
_GAP_PX = 2


class SessionDelegate(QtWidgets.QStyledItemDelegate):  # type: ignore[misc]  # pymol.Qt is untyped
    """Title and time, then what it is about; a third line where its text has what is searched for."""

    def paint(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> None:
        """See Qt."""
        row: Row = index.data(ROW)
        roles = QtGui.QPalette.ColorRole
        selected = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(option.rect, option.palette.color(roles.Highlight))
        # Headings cannot be chosen, but are no less to be read.
        active = QtGui.QPalette.ColorGroup.Active
        colour = option.palette.color(active, roles.HighlightedText if selected else roles.Text)
        faint = QtGui.QColor(colour)
        faint.setAlphaF(0.72)
        room = option.rect.adjusted(_PAD_PX, _PAD_PX, -_PAD_PX, -_PAD_PX)
        bold, small = QtGui.QFont(option.font), smaller(option.font)
        bold.setBold(True)
        if row.session is None:
            write_line(painter, room, row.title, bold, faint)
        else:
            _write_session(
                painter, room, row, (bold if row.session.state == "here" else option.font, small), (colour, faint)
            )
        painter.restore()

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """See Qt."""
        row: Row = index.data(ROW)
        lines = option.fontMetrics.height()
        if row.session is not None:
            small = QtGui.QFontMetrics(smaller(option.font)).height() + _GAP_PX
            lines += small * (2 if row.snippet else 1)
        return QtCore.QSize(0, lines + 2 * _PAD_PX)


def _write_session(
    painter: QtGui.QPainter,
    room: QtCore.QRect,
    row: Row,
    fonts: tuple[QtGui.QFont, QtGui.QFont],
    colours: tuple[QtGui.QColor, QtGui.QColor],
) -> None:
    (font, small), (colour, faint) = fonts, colours
    width = QtGui.QFontMetrics(small).horizontalAdvance(row.right)
    place = QtCore.QRect(room.right() - width, room.top(), width + 1, room.height())
    write_line(painter, place, row.right, small, faint)
    first = QtCore.QRect(room)
    first.setRight(place.left() - 8)
    write_line(painter, first, row.title, font, colour)
    below = room.adjusted(0, QtGui.QFontMetrics(font).height() + _GAP_PX, 0, 0)
    write_line(painter, below, row.detail, small, faint)
    if row.snippet:
        italic = QtGui.QFont(small)
        italic.setItalic(True)
        place = below.adjusted(0, QtGui.QFontMetrics(small).height() + _GAP_PX, 0, 0)
        write_line(painter, place, row.snippet, italic, colour)
