"""Selections that go with the next message, each removable."""

from __future__ import annotations

from .qt import QtWidgets, Signal


class SelectionChips(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A row of names above the composer; hidden while empty.

    Signals:
        changed: A name came or went.
    """

    changed = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, QtWidgets.QToolButton] = {}
        self._layout = QtWidgets.QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addStretch()
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """The attached selections, in order."""
        return tuple(self._chips)

    def add(self, name: str, label: str = "") -> None:
        """Attach a selection; once, however often it is added.

        Args:
            name: Name or expression, resolved when the message is sent.
            label: Words for it, where the expression is not for reading.
        """
        if name in self._chips:
            return
        chip = QtWidgets.QToolButton()
        chip.setObjectName("chip")
        shown = label or name
        chip.setText(f"{shown}  ×".replace("&", "&&"))  # one alone would underline the next letter
        exact = f"{name}\n" if shown != name else ""
        chip.setToolTip(f"{exact}Goes with the next message. Click to take it off.")
        chip.setAccessibleName(f"Attached selection {shown}, press to remove")
        chip.clicked.connect(lambda: self.remove(name))
        self._chips[name] = chip
        self._layout.insertWidget(self._layout.count() - 1, chip)
        self.show()
        self.changed.emit()

    def remove(self, name: str) -> None:
        """Take one off."""
        self._chips.pop(name).deleteLater()
        self.setVisible(bool(self._chips))
        self.changed.emit()

    def take(self) -> tuple[str, ...]:
        """The names, leaving the row empty."""
        names = self.names
        for name in names:
            self.remove(name)
        return names
