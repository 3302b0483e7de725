"""The palette of a dark desktop, for what must be legible there too."""

from pymol.gui import get_qtwindow
from pymol.Qt import QtGui, QtWidgets


def dark():
    """A palette as a dark desktop gives it."""
    palette = QtGui.QPalette()
    roles = QtGui.QPalette
    for role, colour in (
        (roles.Window, "#232629"), (roles.WindowText, "#eff0f1"), (roles.Base, "#1b1e20"), (roles.Text, "#eff0f1"),
        (roles.AlternateBase, "#2a2e32"), (roles.Button, "#31363b"), (roles.ButtonText, "#eff0f1"),
        (roles.Highlight, "#3daee9"), (roles.HighlightedText, "#ffffff"), (roles.ToolTipBase, "#31363b"),
        (roles.ToolTipText, "#eff0f1"), (roles.Mid, "#5c6267"), (roles.PlaceholderText, "#8a8f94"),
    ):  # fmt: skip
        palette.setColor(role, QtGui.QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(roles.Disabled, role, QtGui.QColor("#6e7378"))
    window = get_qtwindow()
    sheet = window.styleSheet()
    QtWidgets.QApplication.setPalette(palette)
    window.setStyleSheet("")  # PyMOL's own, which else keeps the palette it started with
    window.setStyleSheet(sheet)
