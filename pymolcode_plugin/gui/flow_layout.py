"""Widgets one after the other, in as many lines as they need."""

from __future__ import annotations

from .qt import QtCore, QtWidgets


class FlowLayout(QtWidgets.QLayout):  # type: ignore[misc]  # pymol.Qt is untyped
    """A row that goes on in the next line where there is no more room."""

    def __init__(self, parent: QtWidgets.QWidget, gap_px: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QtWidgets.QLayoutItem] = []
        self._gap_px = gap_px
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QtWidgets.QLayoutItem) -> None:
        """See Qt."""
        self._items.append(item)

    def count(self) -> int:
        """See Qt."""
        return len(self._items)

    def itemAt(self, index: int) -> QtWidgets.QLayoutItem | None:
        """See Qt."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QtWidgets.QLayoutItem | None:
        """See Qt."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """See Qt."""
        return True

    def heightForWidth(self, width: int) -> int:
        """See Qt."""
        return self._arranged(QtCore.QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QtCore.QRect) -> None:
        """See Qt."""
        super().setGeometry(rect)
        self._arranged(rect, move=True)

    def sizeHint(self) -> QtCore.QSize:
        """See Qt."""
        return self.minimumSize()

    def minimumSize(self) -> QtCore.QSize:
        """One line of the highest; nothing here widens the panel."""
        return QtCore.QSize(1, max((item.sizeHint().height() for item in self._items), default=0))

    def _arranged(self, rect: QtCore.QRect, *, move: bool) -> int:
        """How high they are together; what is wider than the line is cut."""
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            size = item.sizeHint()
            width = min(size.width(), rect.width())
            if line and x + width > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap_px, 0
            if move:
                item.setGeometry(QtCore.QRect(x, y, width, size.height()))
            x, line = x + width + self._gap_px, max(line, size.height())
        return int(y + line - rect.y())
