"""Opens pages of the web in the user's browser, and folders; only by a click or a sign-in."""

from __future__ import annotations

from pathlib import Path

from .qt import QtCore, QtGui


def open_page(address: str) -> bool:
    """Open it; False where it is no web address, or there is no browser."""
    url = QtCore.QUrl(address)
    return url.scheme() in ("https", "http") and bool(QtGui.QDesktopServices.openUrl(url))


def open_folder(folder: Path) -> bool:
    """Show a folder in the system's file manager; False where there is none."""
    return bool(QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder))))
