"""Opens pages in the user's browser, only of the web, and files in their own programs; only by a click or a sign-in."""

from __future__ import annotations

from pathlib import Path

from .qt import QtCore, QtGui


def open_page(address: str) -> bool:
    """Open it; False where it is no web address, or there is no browser."""
    url = QtCore.QUrl(address)
    return url.scheme() in ("https", "http") and bool(QtGui.QDesktopServices.openUrl(url))


def open_file(path: Path) -> bool:
    """Open a file of ours with the program that the desktop has for it; False where there is none."""
    return bool(QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(path))))
