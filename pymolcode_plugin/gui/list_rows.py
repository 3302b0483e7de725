"""Rows for a Qt list: what is shown of them, what a screen reader says, and which can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .qt import QtCore

ROW = QtCore.Qt.ItemDataRole.UserRole


class ListedRow(Protocol):
    """What is drawn in a line."""

    @property
    def title(self) -> str:
        """Its first words."""
        ...

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        ...

    @property
    def can_be_chosen(self) -> bool:
        """Not a heading, nor anything else that is only read."""
        ...


class ListRows(QtCore.QAbstractListModel):  # type: ignore[misc]  # pymol.Qt is untyped
    """The rows for a view."""

    rows: Sequence[ListedRow]

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = ()

    def show_rows(self, rows: Sequence[ListedRow]) -> None:
        """Replace what is shown."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QtCore.QModelIndex | None = None) -> int:
        """See Qt."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QtCore.QModelIndex, role: int = QtCore.Qt.ItemDataRole.DisplayRole) -> object:
        """See Qt; `ROW` gives the row itself."""
        roles = QtCore.Qt.ItemDataRole
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == roles.DisplayRole:
            return row.title
        return row.spoken if role == roles.AccessibleTextRole else None

    def flags(self, index: QtCore.QModelIndex) -> QtCore.Qt.ItemFlags:
        """See Qt."""
        flags = QtCore.Qt.ItemFlag
        if index.isValid() and self.rows[index.row()].can_be_chosen:
            return flags.ItemIsEnabled | flags.ItemIsSelectable
        return flags.NoItemFlags
