"""Chooses Plugin > pymolcode, presses Install where it is offered, and asks something in the panel that opens."""

import importlib.util
import sys

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

from pymolcode_plugin import bootstrap, plugin
from pymolcode_plugin.gui import install_dialog

INSTALL_LIMIT_S = 400


def dialogs():
    return [w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, QtWidgets.QDialog) and w.isVisible()]


def install(seen):
    yield dialogs, "the dialog is open", 10
    (dialog,) = dialogs()
    assert isinstance(dialog, install_dialog.InstallDialog)
    seen["offer"] = {"text": dialog.text.text(), "command": dialog.command.toPlainText()}
    report.shot("offer.png")
    QTest.mouseClick(dialog.install_button, QtCore.Qt.LeftButton)
    assert not dialog.install_button.isEnabled()
    yield (
        lambda: _has_ended(dialog) or "Installing collected" in dialog.log.toPlainText(),
        "all is there",
        INSTALL_LIMIT_S,
    )
    report.shot("log.png")
    yield lambda: _has_ended(dialog), "pip ended", INSTALL_LIMIT_S
    assert not dialog.outcome.isVisible(), dialog.outcome.text()
    bar = dialog.log.verticalScrollBar()
    follows = 0 < bar.maximum() == bar.value()
    seen["installation"] = {"log": dialog.log.toPlainText(), "follows_the_end": follows}


def _has_ended(dialog):
    return dialog.outcome.isVisible() or not dialog.isVisible()


def ask(app, text):
    panel.write(app, text)
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    assert app.controller.busy
    yield lambda: not app.controller.busy, "the turn ended", panel.LIMIT_S


def story():
    seen = {"missing_before": bootstrap.missing(), "offer": None}
    report.choose_in_plugin_menu("pymolcode")
    if seen["missing_before"]:
        yield from install(seen)
    yield lambda: plugin.application() is not None, "the panel is open", panel.LIMIT_S
    app = plugin.application()
    seen["focus"] = get_qtwindow().focusWidget() is app.dock.composer
    # Without weights: what the rules understand is answered all the same.
    yield lambda: app.dock.head.phase == "absent", "the model is looked for", panel.LIMIT_S
    cmd.do("load $PYMOL_DATA/tut/1hpv.pdb")
    yield lambda: cmd.get_names() == ["1hpv"], "the structure is loaded", 10
    yield from ask(app, "color chain A red")
    report.shot("answered.png")
    red, of_chain, everywhere = (cmd.count_atoms(text) for text in ("chain A & color red", "chain A", "color red"))
    return {
        **seen,
        "shown": app.dock.transcript.plain_text(),
        "red": f"{red} of {of_chain} atoms of chain A, {everywhere} of all",
        "menu": report.plugin_menu(),
        "dialogs": [dialog.windowTitle() for dialog in dialogs()],
        "copies": report.copies(),
        "from": {name: importlib.import_module(name).__file__ for name in bootstrap.REQUIRED_IMPORTS},
        "runtime": importlib.util.find_spec("xllamacpp").origin,
        "last_on_path": sys.path[-1],
    }


report.run_when_idle(lambda: report.play(story()))
