"""The menu entry and dialog of a plugin whose dependencies are not installed yet.

Only `pymol.Qt`, `bootstrap` and `dependencies` here: nothing that may be missing. pip runs in
a thread; its lines come back through queued signals.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from pymol import colorprinting
from pymol.gui import get_qtwindow
from pymol.plugins import addmenuitemqt
from pymol.Qt import QtCore, QtGui, QtWidgets

from .. import bootstrap, dependencies
from ..core.errors import PymolcodeError

MENU_LABEL = "pymolcode"
_Signal = getattr(QtCore, "Signal", None) or QtCore.pyqtSignal


def add_menu_entry(open_panel: Callable[[], None]) -> None:
    """Add Plugin > pymolcode: offers the installation, and opens the panel once everything is there."""
    colorprinting.warning(
        f" pymolcode: {len(bootstrap.missing())} packages are missing. Plugin > pymolcode installs them."
    )
    addmenuitemqt(MENU_LABEL, lambda: _open_or_offer(open_panel))


_dialog: InstallDialog | None = None


def _open_or_offer(open_panel: Callable[[], None]) -> None:
    global _dialog  # noqa: PLW0603  # Qt deletes a window that nobody holds
    if not bootstrap.missing():
        open_panel()
        return
    if _dialog is None or not _dialog.isVisible():  # begun anew: what the last one said is past
        _dialog = InstallDialog(get_qtwindow())
        _dialog.installed.connect(open_panel)
    _dialog.open()
    _dialog.raise_()


def command_text(command: list[str]) -> str:
    """A command as it can be pasted into this system's shell."""
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


class InstallWorker(QtCore.QObject):  # type: ignore[misc]  # pymol.Qt is untyped
    """Runs `dependencies.install` in a thread of its own.

    Signals:
        printed: One line of pip's output.
        succeeded: Everything is installed and importable.
        failed: The reason and the remedy.
    """

    printed = _Signal(str)
    succeeded = _Signal()
    failed = _Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = threading.Event()

    def start(self, wheel_folder: Path | None) -> None:
        """Begin; one installation at a time."""
        self._cancelled.clear()
        threading.Thread(target=self._run, args=(wheel_folder,), name="pymolcode-install", daemon=True).start()

    def cancel(self) -> None:
        """Ask pip to stop; `failed` follows."""
        self._cancelled.set()

    def _run(self, wheel_folder: Path | None) -> None:
        try:
            dependencies.install(self.printed.emit, wheel_folder=wheel_folder, cancelled=self._cancelled.is_set)
        except PymolcodeError as error:
            self.failed.emit(str(error), error.hint)
        except Exception as error:  # noqa: BLE001  # border: a thread's failure would only reach the terminal
            self.failed.emit(f"{type(error).__name__}: {error}", "This is a fault of pymolcode; please report it.")
        else:
            self.succeeded.emit()


class InstallDialog(QtWidgets.QDialog):  # type: ignore[misc]  # pymol.Qt is untyped
    """Says what will be installed and where, installs it, and shows pip's log meanwhile.

    Signals:
        installed: The dependencies can be imported now, without a restart.
    """

    installed = _Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Install what pymolcode needs")
        self.resize(680, 460)
        self._running = False
        self._worker = InstallWorker()
        self._worker.printed.connect(self._on_worker_printed)
        self._worker.succeeded.connect(self._on_worker_succeeded)
        self._worker.failed.connect(self._on_worker_failed)
        self._build()
        self._describe()

    def _build(self) -> None:
        self.text = _wrapping_label()
        self.command = QtWidgets.QPlainTextEdit()
        self.command.setReadOnly(True)
        self.command.setFont(_fixed_font())
        self.command.setFixedHeight(self.command.fontMetrics().lineSpacing() * 5 + 12)
        self.progress = QtWidgets.QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.log = QtWidgets.QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(5000)
        self.log.setMinimumHeight(90)
        self.log.setFont(_fixed_font())
        self.log.setPlaceholderText("What pip says appears here.")
        self._at_end = True
        bar = self.log.verticalScrollBar()
        bar.valueChanged.connect(self._on_bar_moved)
        bar.rangeChanged.connect(self._on_bar_grown)
        self.outcome = _wrapping_label()
        layout = QtWidgets.QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.text)
        layout.addWidget(QtWidgets.QLabel("Command:"))
        layout.addWidget(self.command)
        layout.addWidget(self.progress)
        layout.addWidget(self.log, 1)
        layout.addWidget(self.outcome)
        layout.addLayout(self._buttons())
        self.progress.hide()
        self.outcome.hide()

    def _buttons(self) -> QtWidgets.QHBoxLayout:
        self.install_button = QtWidgets.QPushButton("Install")
        self.install_button.setDefault(True)
        self.folder_button = QtWidgets.QPushButton("From a folder of wheels…")
        self.folder_button.setToolTip("Installs without a network from *.whl files you have")
        self.cancel_button = QtWidgets.QPushButton("Cancel")
        self.install_button.clicked.connect(self._on_install_button_clicked)
        self.folder_button.clicked.connect(self._on_folder_button_clicked)
        self.cancel_button.clicked.connect(self.reject)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.folder_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.install_button)
        return row

    def _describe(self) -> None:
        try:
            folder, names = bootstrap.dependency_folder(), bootstrap.missing()
            download_mb, on_disk_mb = dependencies.DOWNLOAD_MB, dependencies.ON_DISK_MB
            self.text.setText(
                "<p><b>pymolcode needs a few Python packages before its panel can open.</b></p>"
                f"<p>Missing: {', '.join(names)}.</p><p>With what these need and the runtime of the built-in"
                f" model: {download_mb} MB to download, {on_disk_mb} MB on disk. The model itself is another"
                " download, which the panel offers.</p>"
                f"<p>They go into <code>{folder}</code>. PyMOL's own environment is not changed; deleting"
                " that folder removes them.</p>"
            )
            self.command.setPlainText(command_text(dependencies.install_command()))
            self._make_room()
        except (PymolcodeError, OSError) as error:
            self._on_worker_failed(str(error), getattr(error, "hint", ""))
            self.install_button.setEnabled(False)

    def start(self, wheel_folder: Path | None = None) -> None:
        """Install now, from `wheel_folder` only where one is given."""
        try:
            command = dependencies.install_command(wheel_folder=wheel_folder)
        except PymolcodeError as error:  # PyQt ends the process on an exception that leaves a slot
            self._on_worker_failed(str(error), error.hint)
            return
        self._running = True
        self.command.setPlainText(command_text(command))
        self.log.clear()
        self.outcome.hide()
        self._show_running()
        self._worker.start(wheel_folder)

    def reject(self) -> None:
        """Stop pip where it runs, else close; Escape and the window's close button end up here as well."""
        if self._running:
            self.cancel_button.setEnabled(False)
            self._worker.cancel()
        else:
            super().reject()

    def _on_install_button_clicked(self) -> None:
        self.start()

    def _on_folder_button_clicked(self) -> None:
        chosen = QtWidgets.QFileDialog.getExistingDirectory(self, "Folder with wheels (*.whl)")
        if chosen:
            self.start(Path(chosen))

    def _on_worker_printed(self, line: str) -> None:
        self.log.appendPlainText(line)

    def _on_bar_moved(self, value: int) -> None:
        self._at_end = value >= self.log.verticalScrollBar().maximum()

    def _on_bar_grown(self, _minimum: int, maximum: int) -> None:
        """Follow the end unless the reader scrolled up; Qt's own following stops for good at some wrapped lines."""
        if self._at_end:
            self.log.verticalScrollBar().setValue(maximum)
            self._at_end = True

    def _on_worker_succeeded(self) -> None:
        self._running = False
        self._show_running()
        self.accept()
        self.installed.emit()

    def _on_worker_failed(self, reason: str, remedy: str) -> None:
        self._running = False
        self._show_running()
        self.install_button.setText("Try again")
        self.outcome.setText(f"{reason}\n\n{remedy}".strip())
        self.outcome.show()
        self._make_room()

    def _make_room(self) -> None:
        """Wrapped text makes Qt's layout ask for less height than it needs."""
        needed_px = self.layout().totalHeightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed_px))

    def _show_running(self) -> None:
        running = self._running
        self.progress.setVisible(running)
        self.install_button.setEnabled(not running)
        self.folder_button.setEnabled(not running)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText("Stop" if running else "Cancel")
        self._make_room()


def _wrapping_label() -> QtWidgets.QLabel:
    label = QtWidgets.QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _fixed_font() -> QtGui.QFont:
    return QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont)
