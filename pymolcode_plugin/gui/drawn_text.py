"""Text that a delegate draws in a row of a list."""

from __future__ import annotations

from .qt import QtCore, QtGui

_SMALL = 0.88  # of the usual size


def write_line(painter: QtGui.QPainter, place: QtCore.QRect, text: str, font: QtGui.QFont, colour: QtGui.QColor) -> int:
    """One line from the top left, cut where there is no room; how wide it is, in pixels."""
    metrics = QtGui.QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(colour)
    cut = metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, max(place.width(), 0))
    flags = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignTop
    painter.drawText(place, int(getattr(flags, "value", flags)), cut)  # PyQt6 makes no number of a flag
    return int(metrics.horizontalAdvance(cut))


def smaller(font: QtGui.QFont) -> QtGui.QFont:
    """For what stands below or beside the first line."""
    small = QtGui.QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * _SMALL)
    else:  # a style sheet may give the size in pixels
        small.setPixelSize(max(int(font.pixelSize() * _SMALL), 8))
    return small
