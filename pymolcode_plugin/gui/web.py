"""Opens pages in the user's browser; only by a click or a sign-in, and only of the web."""

from __future__ import annotations

from .qt import QtCore, QtGui


def open_page(address: str) -> bool:
    """Open it; False where it is no web address, or there is no browser."""
    url = QtCore.QUrl(address)
    return url.scheme() in ("https", "http") and bool(QtGui.QDesktopServices.openUrl(url))
