"""The parts of the sign-in dialog: a key, a button for the browser or a code, and what is seen while one waits."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from pydantic import SecretStr

from ..auth.credentials import DeviceCode
from .labels import plain_label
from .qt import QtCore, QtGui, QtWidgets, Signal

_TICK_MS = 500
_CODE_SIZE = 2.2  # times the usual size of text


class KeyForm(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A field for a key, and for an address where the provider has none of its own.

    Args:
        title: Of the provider.
        needs_key: False where a server may do without.
        asks_address: Whether it needs an address.
        address: What is known of that.
        key_page: Where keys are had.

    Signals:
        given: The key is to be saved; carries it as a `SecretStr`, or None, and the address.
        page_requested: The page where keys are had is to be opened.
    """

    given = Signal(object, str)
    page_requested = Signal(str)

    def __init__(
        self, title: str, *, needs_key: bool = True, asks_address: bool = False, address: str = "", key_page: str = ""
    ) -> None:
        super().__init__()
        self._needs_key, self._asks_address = needs_key, asks_address
        self.address = QtWidgets.QLineEdit(address)
        self.key = QtWidgets.QLineEdit()
        self.shown = QtWidgets.QCheckBox("Show the key")
        self.paste = QtWidgets.QPushButton("Paste")
        self.save = QtWidgets.QPushButton("Save")
        self.page = QtWidgets.QPushButton("Get a key…")
        self._key_page = key_page
        self._name(title)
        self._lay_out(title)
        self._connect()
        self._on_changed()

    def forget(self) -> None:
        """Empty the field, its history too."""
        self.key.setText("")  # `clear` could be undone
        self.shown.setChecked(False)

    def focus(self) -> None:
        """To the first field that is empty."""
        (self.address if self._asks_address and not self.address.text() else self.key).setFocus()

    def _name(self, title: str) -> None:
        self.key.setEchoMode(QtWidgets.QLineEdit.EchoMode.Password)
        self.key.setAccessibleName(f"Key of {title}")
        self.key.setPlaceholderText("Key" if self._needs_key else "Key, where the server wants one")
        self.key.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.DefaultContextMenu)
        self.address.setAccessibleName(f"Address of {title}")
        self.address.setPlaceholderText("https://… (base URL)")
        self.paste.setToolTip("Put what was copied into the field")
        self.page.setToolTip(f"Opens {self._key_page}")
        self.page.setVisible(bool(self._key_page))
        for button in (self.paste, self.save, self.page):
            button.setAutoDefault(False)

    def _lay_out(self, title: str) -> None:
        layout, row, last = QtWidgets.QVBoxLayout(self), QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        layout.setContentsMargins(0, 6, 0, 0)
        if self._asks_address:
            label = QtWidgets.QLabel(f"&Address of {title}")
            label.setBuddy(self.address)
            layout.addWidget(label)
        layout.addWidget(self.address)
        row.addWidget(self.key, 1)
        row.addWidget(self.paste)
        layout.addLayout(row)
        last.addWidget(self.shown)
        last.addStretch()
        last.addWidget(self.page)
        layout.addLayout(last)
        layout.addWidget(self.save)
        layout.addStretch()

    def _connect(self) -> None:
        self.shown.toggled.connect(self._on_shown_toggled)
        self.paste.clicked.connect(self._on_paste_clicked)
        self.save.clicked.connect(self._give)
        for field in (self.key, self.address):
            field.textChanged.connect(lambda _text: self._on_changed())
            field.returnPressed.connect(self._give)
        self.page.clicked.connect(lambda: self.page_requested.emit(self._key_page))

    def _give(self) -> None:
        if self.save.isEnabled():
            key = self.key.text().strip()
            self.given.emit(SecretStr(key) if key else None, self.address.text().strip() if self._asks_address else "")

    def _on_changed(self) -> None:
        has_key, has_address = bool(self.key.text().strip()), bool(self.address.text().strip())
        self.save.setEnabled((has_key or not self._needs_key) and (has_address or not self._asks_address))
        self.save.setText("Save the key" if has_key or self._needs_key else "Use it without a key")

    def _on_shown_toggled(self, shown: bool) -> None:
        modes = QtWidgets.QLineEdit.EchoMode
        self.key.setEchoMode(modes.Normal if shown else modes.Password)

    def _on_paste_clicked(self) -> None:
        self.key.setText(QtWidgets.QApplication.clipboard().text().strip())
        self.key.setFocus()


class OAuthForm(QtWidgets.QWidget):  # type: ignore[misc]
    """A button that begins a sign-in in the browser or with a code.

    Args:
        words: What will happen.
        button: On the button.
        notice: Shown before the first time, to be agreed to; empty where there is nothing to say.
        missing: What is missing for this way to sign in; then there is no button.
        address: Where the provider is, to be filled in; None where it has an address of its own.

    Signals:
        requested: Begin; carries the address.
    """

    requested = Signal(str)

    def __init__(
        self, words: str, button: str, *, notice: str = "", missing: str = "", address: str | None = None
    ) -> None:
        super().__init__()
        self.address = QtWidgets.QLineEdit(address or "")
        self.address.setPlaceholderText("https://… (base URL)")
        self.address.setAccessibleName("Address of the provider")
        self._notice = plain_label(notice, "previewNotice")
        self.begin, self.go_on = QtWidgets.QPushButton(button), QtWidgets.QPushButton("I understand, continue")
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(plain_label(missing or words, "signInWords"))
        for widget in (self.address, self.begin, self._notice, self.go_on):
            layout.addWidget(widget)
        layout.addStretch()
        # Only now: a widget without a parent would show as a window of its own.
        self.address.setVisible(address is not None and not missing)
        self.begin.setVisible(not missing)
        self._notice.hide()
        self.go_on.hide()
        for each in (self.begin, self.go_on):
            each.setAutoDefault(True)
        self._has_notice = bool(notice)
        self.begin.clicked.connect(self._on_begin_clicked)
        self.go_on.clicked.connect(lambda: self.requested.emit(self.address.text().strip()))
        if address is not None:
            self.address.textChanged.connect(lambda text: self.begin.setEnabled(bool(text.strip())))
            self.begin.setEnabled(bool(address))

    def focus(self) -> None:
        """To the address where that is empty, else to the button."""
        (self.begin if self.begin.isEnabled() else self.address).setFocus()

    def _on_begin_clicked(self) -> None:
        if not self._has_notice:
            self.requested.emit(self.address.text().strip())
            return
        self.begin.hide()
        self._notice.show()
        self.go_on.show()
        self.go_on.setFocus()


class Waiting(QtWidgets.QWidget):  # type: ignore[misc]
    """A sign-in under way: the browser is waited for, or a code is to be typed elsewhere.

    Args:
        now: Seconds since 1970.

    Signals:
        cancelled: It is to end.
        page_requested: An address is to be opened, again.
    """

    cancelled = Signal()
    page_requested = Signal(str)

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._address, self._expires_at = "", 0.0
        self.words = plain_label("", "signInWords")
        self.code, self.where = QtWidgets.QLabel(), plain_label("", "signInAddress")
        self.left = QtWidgets.QLabel()
        self.copy_code = QtWidgets.QPushButton("Copy the code")
        self.open_page = QtWidgets.QPushButton("Open the page again")
        self.copy_address = QtWidgets.QPushButton("Copy the address")
        self.cancel = QtWidgets.QPushButton("Cancel")
        self._busy = QtWidgets.QProgressBar()
        self._clock = QtCore.QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_clock_timeout)
        self._lay_out()
        self._connect()

    def show_begun(self, words: str) -> None:
        """Under way; nothing to open yet."""
        self._address, self._expires_at = "", 0.0
        self.words.setText(words)
        for widget in (self.code, self.where, self.left, self.copy_code, self.open_page, self.copy_address):
            widget.hide()
        self._busy.show()
        self.cancel.setFocus()

    def show_page(self, address: str, *, opened: bool) -> None:
        """The browser was sent to this address, or could not be."""
        self._address = address
        self.words.setText(
            "Waiting for the browser. Sign in there, then come back." if opened else
            "No browser could be opened. Copy the address into one on this computer."
        )  # fmt: skip
        self.open_page.setText("Open the page again")
        self.open_page.show()
        self.copy_address.show()
        (self.open_page if opened else self.copy_address).setFocus()

    def show_code(self, code: DeviceCode) -> None:
        """This code is to be typed at that page."""
        self._address, self._expires_at = code.verification_uri_complete or code.verification_uri, code.expires_at
        self.words.setText("Open this page on any device and type the code:")
        self.where.setText(code.verification_uri)
        self.code.setText(code.user_code)
        self.code.setAccessibleName(f"Code: {' '.join(code.user_code)}")
        self.open_page.setText("Open the page")
        for widget in (self.code, self.where, self.left, self.copy_code, self.open_page, self.copy_address):
            widget.show()
        self._busy.hide()
        self._on_clock_timeout()
        self._clock.start()
        self.copy_code.setFocus()

    def end(self) -> None:
        """Nothing is waited for any more; neither code nor address stays."""
        self._clock.stop()
        self._address = ""
        self.code.clear()
        self.where.clear()

    def _lay_out(self) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        flags = QtCore.Qt.TextInteractionFlag
        self.code.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.code.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.code.setObjectName("userCode")
        font = QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(max(font.pointSizeF(), 9.0) * _CODE_SIZE)
        font.setBold(True)
        self.code.setFont(font)
        self.where.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.left.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.left.setObjectName("faint")
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(4)
        for widget in (self.words, self.where, self.code, self.left, self._busy):
            layout.addWidget(widget)
        grid = QtWidgets.QGridLayout()
        grid.addWidget(self.copy_code, 0, 0)
        grid.addWidget(self.open_page, 0, 1)
        grid.addWidget(self.copy_address, 1, 0)
        grid.addWidget(self.cancel, 1, 1)
        layout.addLayout(grid)
        layout.addStretch()

    def _connect(self) -> None:
        self.copy_code.clicked.connect(lambda: _copy(self.code.text()))
        self.copy_address.clicked.connect(lambda: _copy(self._address))
        self.open_page.clicked.connect(lambda: self.page_requested.emit(self._address))
        self.cancel.clicked.connect(lambda: self.cancelled.emit())
        for button in (self.copy_code, self.copy_address, self.open_page, self.cancel):
            button.setAutoDefault(True)
            button.setMinimumWidth(1)

    def _on_clock_timeout(self) -> None:
        left_s = max(0, math.ceil(self._expires_at - self._now()))
        self.left.setText(f"Valid for {left_s // 60}:{left_s % 60:02}" if left_s else "The code has expired.")


def _copy(text: str) -> None:
    QtWidgets.QApplication.clipboard().setText(text)
