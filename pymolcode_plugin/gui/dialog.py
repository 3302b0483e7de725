"""What the panel's dialogs share: the panel's text size, PyMOL's light or dark, also where these change while open."""

from __future__ import annotations

from . import sheets
from .qt import QtCore, QtGui, QtWidgets


class Dialog(QtWidgets.QDialog):  # type: ignore[misc]  # pymol.Qt is untyped
    """Stays open beside the work.

    Args:
        parent: Whose font it has; a window of its own does not get that by itself.
    """

    def __init__(self, parent: QtWidgets.QWidget | None) -> None:
        super().__init__(parent)
        self._look: tuple[str, ...] = ()
        self._percent = 100.0  # text size that it is as large as

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """A style sheet keeps the palette it was first used with, so it is read again."""
        super().showEvent(event)
        self.restyle()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Another palette while it is open."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.PaletteChange and self.isVisible():
            QtCore.QTimer.singleShot(0, self.restyle)

    def restyle(self) -> None:
        """Follow the panel's text size and PyMOL's palette."""
        usual = QtWidgets.QApplication.font()
        font = self.parentWidget().font() if self.parentWidget() is not None else usual
        palette, roles = QtWidgets.QApplication.palette(), QtGui.QPalette.ColorRole
        told = (roles.Window, roles.Text, roles.Base, roles.Highlight)
        look = (font.toString(), *(palette.color(role).name() for role in told))
        if look != self._look:
            self._look = look
            self.setFont(font)
            self._grow(100 * QtGui.QFontMetrics(font).height() / QtGui.QFontMetrics(usual).height())
            sheets.style(self, "dialogs.qss", font, resized=font.pointSizeF() != usual.pointSizeF())

    def _grow(self, percent: float) -> None:
        """As much room for larger text as there was for the usual one, as far as the screen has it."""
        factor, self._percent = percent / self._percent, percent
        screen = QtWidgets.QApplication.primaryScreen().availableGeometry().size()
        self.resize((self.size() * factor).boundedTo(screen))
