"""Signing in to a provider: the list of them, then the ways of one; shows state and emits signals."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from ..auth.credentials import DeviceCode
from ..auth.providers import Provider
from ..core.scene import Frozen
from .dialog import Dialog
from .labels import plain_label
from .qt import QtCore, QtGui, QtWidgets, Signal
from .sign_in_forms import KeyForm, OAuthForm, Waiting

_TABS = {"browser": "Browser", "device": "Code", "key": "Key"}
_NOTHING_NEEDED = "This one needs no sign-in."
_FAINT = 0.65
_ROW_PAD_PX = 9
_WEB = ("https://", "http://")


class SignInEntry(Frozen):
    """A provider as the dialog shows it.

    Attributes:
        state: Who is signed in, or where a key was found, in words; empty where there is nothing.
        signed_in: There is something to sign out of.
        address: Where it is, as far as the user named that.
        missing: What is missing for a sign-in without a key, in words.
        notice: To be agreed to before the first sign-in in the browser.
    """

    provider: Provider
    state: str = ""
    signed_in: bool = False
    address: str = ""
    missing: str = ""
    notice: str = ""


class SignInDialog(Dialog):
    """Stays open beside the work; Escape cancels what runs, then closes.

    Signals:
        key_given: (provider id, `SecretStr` or None, address).
        requested: (provider id, `browser` or `device`, address).
        cancelled: What runs is to end.
        signed_out: To sign out of this provider.
        page_requested: This address is to be opened in the browser.
        models_requested: The list of models is wanted.
    """

    key_given = Signal(str, object, str)
    requested = Signal(str, str, str)
    cancelled = Signal()
    signed_out = Signal(str)
    page_requested = Signal(str)
    models_requested = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sign in")
        self.setObjectName("signInDialog")
        self._entries: dict[str, SignInEntry] = {}
        self.shown_id = ""
        self._running = False
        self.search, self.list = QtWidgets.QLineEdit(), QtWidgets.QTreeWidget()
        self.back, self.title = QtWidgets.QToolButton(), QtWidgets.QLabel()
        self.state, self.note = plain_label("", "signInState"), plain_label("", "faint")
        self.result = plain_label("", "signInResult")
        self._trouble = plain_label("", "signInTrouble")
        self.tabs, self.waiting = QtWidgets.QTabWidget(), Waiting()
        self.tabs.setAccessibleName("Ways to sign in")
        self.sign_out, self.models = QtWidgets.QPushButton("Sign out"), QtWidgets.QPushButton("Choose a model…")
        self.close_button = QtWidgets.QPushButton("Close")
        self._pages, self._ways = QtWidgets.QStackedWidget(), QtWidgets.QStackedWidget()
        self._lay_out()
        self._connect()
        self.resize(460, 480)

    def show_entries(self, entries: Sequence[SignInEntry], trouble: str = "") -> None:
        """Show these providers, and what is wrong with what is stored; the page that is open follows."""
        self._entries = {entry.provider.id: entry for entry in entries}
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        self._fill_list()
        if self.shown_id in self._entries:
            self._show_state(self._entries[self.shown_id])

    def open_provider(self, provider_id: str) -> None:
        """Show the ways to sign in to this one; the list where it is unknown."""
        entry = self._entries.get(provider_id)
        if entry is None:
            return
        self._end_waiting()
        self.shown_id = provider_id
        self.title.setText(entry.provider.title)
        self.note.setText(entry.provider.note)
        self.note.setVisible(bool(entry.provider.note))
        self.show_result("")
        self._fill_tabs(entry)
        self._show_state(entry)
        self._pages.setCurrentIndex(1)
        self._focus_way()

    def show_list(self) -> None:
        """Back to all providers; what runs is cancelled."""
        if self._running:
            self.cancelled.emit()
        self._end_waiting()
        self._forget_keys()
        self.shown_id = ""
        self._pages.setCurrentIndex(0)
        self.search.setFocus()

    def show_begun(self, words: str) -> None:
        """A sign-in runs."""
        self._running = True
        self.show_result("")
        self.waiting.show_begun(words)
        self._ways.setCurrentWidget(self.waiting)
        self.sign_out.setEnabled(False)

    def show_page(self, address: str, *, opened: bool) -> None:
        """The browser was sent there, or could not be."""
        self.waiting.show_page(address, opened=opened)

    def show_code(self, code: DeviceCode) -> None:
        """The code to type at another device."""
        self.waiting.show_code(code)

    def show_done(self, words: str) -> None:
        """It worked; no key stays in the dialog."""
        self._forget_keys()
        self._end_waiting()
        self.show_result(words)
        self.models.setFocus()

    def show_failed(self, words: str) -> None:
        """It did not; what was typed stays, to be corrected."""
        self._end_waiting()
        self.show_result(words, level="error")
        self._focus_way()

    def show_result(self, words: str, *, level: str = "") -> None:
        """Words below the ways to sign in."""
        self.result.setText(words)
        self.result.setVisible(bool(words))
        self.result.setProperty("level", level)
        self.result.style().polish(self.result)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Enter in a field is for that field: passed on, it would press Cancel, which has the keyboard by then."""
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Escape: cancel what runs; close where nothing does."""
        if self._running:
            self.cancelled.emit()
        else:
            self.close()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """However it closes, nothing goes on and nothing stays in a field."""
        if self._running:
            self.cancelled.emit()
        self._end_waiting()
        self._forget_keys()
        event.accept()

    def _fill_list(self) -> None:
        current = self.list.currentItem()
        current_id = current.data(0, QtCore.Qt.ItemDataRole.UserRole) if current else ""
        words = self.search.text().lower().split()
        faint = QtGui.QColor(self.list.palette().color(QtGui.QPalette.ColorRole.Text))
        faint.setAlphaF(_FAINT)
        height = self.list.fontMetrics().height() + _ROW_PAD_PX
        self.list.clear()
        for entry in self._entries.values():
            provider = entry.provider
            names = " ".join((provider.title, provider.id, *provider.aliases, entry.state)).lower()
            if all(word in names for word in words):
                item = QtWidgets.QTreeWidgetItem([provider.title, entry.state or _ways(provider)])
                if not entry.state:
                    item.setForeground(1, faint)
                item.setData(0, QtCore.Qt.ItemDataRole.UserRole, provider.id)
                width = self.list.fontMetrics().horizontalAdvance(provider.title) + 2 * _ROW_PAD_PX
                item.setSizeHint(0, QtCore.QSize(width, height))
                item.setToolTip(0, provider.note)
                item.setToolTip(1, entry.state)
                self.list.addTopLevelItem(item)
                if provider.id == current_id or self.list.currentItem() is None:
                    self.list.setCurrentItem(item)

    def _fill_tabs(self, entry: SignInEntry) -> None:
        while self.tabs.count():
            old = self.tabs.widget(0)
            self.tabs.removeTab(0)
            old.deleteLater()
        methods = entry.provider.methods
        if entry.missing:  # what works comes first
            methods = tuple(sorted(methods, key=lambda method: method != "key"))
        for method in methods:
            self.tabs.addTab(
                self._key_form(entry) if method == "key" else self._oauth_form(entry, method), _TABS[method]
            )
        if not methods:
            self.tabs.addTab(plain_label(_NOTHING_NEEDED, "signInWords"), "")
        self._ways.setCurrentWidget(self.tabs)

    def _key_form(self, entry: SignInEntry) -> KeyForm:
        provider = entry.provider
        form = KeyForm(
            provider.title,
            needs_key=provider.needs_key,
            asks_address=not provider.base_url,
            address=entry.address,
            key_page=provider.key_page,
        )
        form.given.connect(self._on_key_given)
        form.page_requested.connect(self.page_requested)
        return form

    def _oauth_form(self, entry: SignInEntry, method: str) -> OAuthForm:
        provider = entry.provider
        oauth = provider.oauth
        if method == "browser":
            words = "A page opens in your browser. Sign in there, and come back."
            button = oauth.button if oauth and oauth.button else "Continue in the browser"
        else:
            words = "You get a code, to be typed at a page in any browser, on another device too."
            button = "Get a code"
        form = OAuthForm(
            words,
            button,
            notice=entry.notice if method == "browser" else "",
            missing=entry.missing,
            address=None if provider.base_url else entry.address,
        )
        form.requested.connect(lambda address: self._on_requested(method, address))
        return form

    def _show_state(self, entry: SignInEntry) -> None:
        self.state.setText(entry.state or "Not signed in")
        self.sign_out.setVisible(entry.signed_in)
        self.sign_out.setEnabled(not self._running)
        self.sign_out.setAccessibleName(f"Sign out of {entry.provider.title}")

    def _focus_way(self) -> None:
        way = self.tabs.currentWidget()
        if isinstance(way, (KeyForm, OAuthForm)):
            way.focus()
        else:
            self.models.setFocus()

    def _forget_keys(self) -> None:
        for form in self.tabs.findChildren(KeyForm):
            form.forget()

    def _end_waiting(self) -> None:
        self._running = False
        self.waiting.end()
        self._ways.setCurrentWidget(self.tabs)
        self.sign_out.setEnabled(True)

    def _lay_out(self) -> None:
        outer = QtWidgets.QVBoxLayout(self)
        self._pages.addWidget(self._list_page())
        self._pages.addWidget(self._provider_page())
        outer.addWidget(self._pages, 1)
        foot = QtWidgets.QHBoxLayout()
        foot.addWidget(self.models)
        foot.addStretch()
        foot.addWidget(self.close_button)
        outer.addLayout(foot)
        for button in (self.models, self.close_button, self.sign_out):
            button.setAutoDefault(False)  # Enter in a field is for that field

    def _list_page(self) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self.search.setPlaceholderText("Search providers")
        self.search.setAccessibleName("Search providers")
        self.search.setClearButtonEnabled(True)
        self.list.setAccessibleName("Providers")
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        modes = QtWidgets.QHeaderView.ResizeMode
        self.list.header().setSectionResizeMode(0, modes.ResizeToContents)
        self.list.header().setSectionResizeMode(1, modes.Stretch)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._trouble)
        return page

    def _provider_page(self) -> QtWidgets.QWidget:
        page = QtWidgets.QWidget()
        layout, head, state = QtWidgets.QVBoxLayout(page), QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        self.back.setText("‹ All")
        self.back.setAccessibleName("Back to all providers")
        self.title.setObjectName("signInTitle")
        self.tabs.setTabBarAutoHide(True)
        self.tabs.setDocumentMode(True)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        state.addWidget(self.state, 1)
        state.addWidget(self.sign_out)
        self._ways.addWidget(self.tabs)
        self._ways.addWidget(self.waiting)
        layout.addLayout(head)
        layout.addLayout(state)
        layout.addWidget(self.note)
        layout.addWidget(self._ways, 1)
        layout.addWidget(self.result)
        return page

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._fill_list())
        self.search.returnPressed.connect(self._open_current)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item, _column: self._open_current())
        self.list.itemActivated.connect(lambda _item, _column: self._open_current())
        self.back.clicked.connect(self.show_list)
        self.waiting.cancelled.connect(self.cancelled)
        self.waiting.page_requested.connect(self.page_requested)
        self.sign_out.clicked.connect(lambda: self.signed_out.emit(self.shown_id))
        self.models.clicked.connect(lambda: self.models_requested.emit())
        self.close_button.clicked.connect(self.close)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Up and Down in the search field move in the list."""
        if watched is self.search and event.type() == QtCore.QEvent.Type.KeyPress:
            keys = QtCore.Qt.Key
            step = {keys.Key_Down: 1, keys.Key_Up: -1}.get(event.key(), 0)
            if step and self.list.topLevelItemCount():
                row = self.list.indexOfTopLevelItem(self.list.currentItem()) + step
                self.list.setCurrentItem(self.list.topLevelItem(max(0, min(row, self.list.topLevelItemCount() - 1))))
                return True
        return bool(super().eventFilter(watched, event))

    def _open_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.open_provider(item.data(0, QtCore.Qt.ItemDataRole.UserRole))

    def _on_requested(self, method: str, address: str) -> None:
        if self._is_address(address):
            self.requested.emit(self.shown_id, method, address)

    def _on_key_given(self, key: SecretStr | None, address: str) -> None:
        if self._is_address(address):
            self.key_given.emit(self.shown_id, key, address)

    def _is_address(self, address: str) -> bool:
        if address and not address.startswith(_WEB):
            self.show_result("The address begins with http:// or https://.", level="error")
            return False
        return True


def _ways(provider: Provider) -> str:
    """How one can sign in, in words."""
    return ", ".join(_TABS[method].lower() for method in provider.methods).capitalize()
