"""The panel in a PyMOL that runs on another Qt binding: opens, answers, does a step, undoes it, attaches by menu."""

import os
import sys
from pathlib import Path

import panel
from pymol import cmd, menu
from pymol.gui import get_qtwindow
from pymol.Qt import PYQT_NAME, QtCore, QtWidgets

KEYS = QtCore.Qt


async def smoke(app):
    await panel.until(lambda: app.dock.empty._loaded.text() == "Nothing is loaded yet.", "the scene was looked at")
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    await panel.until(lambda: "478" in app.dock.empty._loaded.text(), "the drug is seen")
    empty = await panel.shot("binding_empty.png")
    await panel.say(app, "colour chain A red")
    red = cmd.count_atoms("color red and chain A")
    panel.QTest.mouseClick(app.dock.head.undo, KEYS.MouseButton.LeftButton)
    await panel.until(lambda: "Undone" in app.dock.transcript.plain_text(), "it is undone")
    await panel.idle(app)
    entry = menu.mol_action(cmd, "1hpv")[1]
    questions = entry[2]()
    cmd.do(next(item[2] for item in questions if item[1] == "describe"))
    app.controller.run_command("tour", "")
    await panel.until(lambda: not app.dock.tour.isHidden(), "the tour began")
    panel.QTest.keyClick(app.dock.tour.go, KEYS.Key.Key_Escape)
    app.controller.models.show()
    app.controller.sign_in.show()
    app.controller.options.show_rules()
    app.controller.options.show_sent()
    dialogs = [type(each).__name__ for each in get_qtwindow().findChildren(QtWidgets.QDialog) if each.isVisible()]
    for each in get_qtwindow().findChildren(QtWidgets.QDialog):
        each.close()
    app.controller.options.show_menu().close()
    for text in ("dock", "float"):
        app.dock.setFloating(text == "float")
        await panel.painted()
    app.dock.setFloating(False)
    shot = await panel.shot("binding_chat.png")
    return {
        "binding": PYQT_NAME,
        "others": sorted({"PyQt5", "PyQt6", "PySide2", "PySide6"} & {name.split(".")[0] for name in sys.modules}),
        "red": red,
        "red_after_undo": cmd.count_atoms("color red and chain A"),
        "shown": app.dock.transcript.plain_text(),
        "chips": app.dock.chips.names,
        "written": app.dock.composer.toPlainText(),
        "dialogs": dialogs,
        "shots": [empty, shot],
    }


panel.script(smoke)
