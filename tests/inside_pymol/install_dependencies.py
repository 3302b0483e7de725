"""Chooses Plugin > pymolcode where dependencies are missing, and installs them from a folder of wheels."""

import sys
import types
from pathlib import Path

import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtWidgets

from pymolcode_plugin import bootstrap
from pymolcode_plugin.gui import install_dialog

opened = []
# The real panel needs the real packages; here it is enough to see that it is asked for.
sys.modules["pymolcode_plugin.plugin"] = types.SimpleNamespace(
    register=lambda **options: opened.append(["register", options]),
    open_panel=lambda: opened.append(["open_panel", {}]),
)
missing_before = bootstrap.missing()


def choose():
    cmd.fragment("ala")  # PyMOL itself works
    report.choose_in_plugin_menu("pymolcode")
    dialog = next(w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, install_dialog.InstallDialog))
    folder = report.ARGUMENTS["wheels"]
    QtWidgets.QFileDialog.getExistingDirectory = staticmethod(lambda *_args, **_options: folder)
    dialog.folder_button.click()
    report.poll(lambda: outcome(dialog))


def outcome(dialog):
    if dialog.outcome.isVisible() or opened:
        return {
            "atoms": cmd.count_atoms("ala"),
            "missing_before": missing_before,
            "missing_after": bootstrap.missing(),
            "menu": report.plugin_menu(),
            "said": dialog.outcome.text() if dialog.outcome.isVisible() else "",
            "command": dialog.command.toPlainText(),
            "log": dialog.log.toPlainText(),
            "dialog_visible": dialog.isVisible(),
            "belongs_to_window": dialog.parent() is get_qtwindow(),
            "offer": dialog.text.text(),
            "opened": opened,
            "last_on_path": sys.path[-1],
            "left": sorted(path.name for path in bootstrap.dependency_folder().parent.glob("*")),
            "folder": str(Path(bootstrap.dependency_folder())),
        }
    return None


report.run_when_idle(choose)
