"""The command /export in the open panel: from the question where to, to the card and the folder."""

import os
from pathlib import Path

import panel
import report
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

OUT = Path(report.ARGUMENTS["shots"]) / "out"


def cards(app):
    from pymolcode_plugin.gui.export_card import ExportCard

    return app.dock.findChildren(ExportCard)


def press(button):
    QTest.mouseClick(button, QtCore.Qt.LeftButton)


async def command(app, text):
    """Type a command, press Enter, and wait for its card to be done, or to ask."""
    await panel.until(lambda: not app.controller.busy, "the work before is over")  # a little after its card says so
    n_before = len(cards(app))
    panel.write(app, text)
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    await panel.until(lambda: len(cards(app)) > n_before, "there is a card")
    card = cards(app)[-1]
    await panel.until(lambda: card.property("state") not in (None, "running"), "it is done or asks")
    await panel.painted()
    return card


def files():
    return sorted(path.name for path in OUT.iterdir()) if OUT.exists() else []


async def export(app):
    opened = []
    from pymolcode_plugin.gui import exporting

    exporting.open_file = opened.append
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    panel.write(app, "/export pml")
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    await panel.until(lambda: "nothing to export" in app.dock.transcript.plain_text(), "it says so")
    await panel.say(app, "Colour chain A red; it's the first")
    cmd.turn("y", 30)
    cmd.show("spheres", "resi 25")
    await panel.say(app, "And the second blue")
    card = await command(app, f"/export all {OUT}")
    first = {"state": card.property("state"), "text": card.plain_text(), "files": files()}
    press(card.open_folder)
    shots = [await panel.shot("export.png")]
    asks = await command(app, f"/export py {OUT}")
    asked = {"state": asks.property("state"), "text": asks.plain_text()}
    shots.append(await panel.shot("export-asks.png"))
    press(asks.questions["beside"])
    await panel.until(lambda: asks.property("state") == "exact", "it is written beside")
    beside = files()
    kept = (OUT / "Colour-chain-A-red-it-s-the-first.py").read_text()
    again = await command(app, f"/export py {OUT}")
    press(again.questions["cancel"])
    await panel.until(lambda: again.property("state") == "written", "nothing is written")
    stopped = await stop(app)
    dialog = await by_dialog(app)
    return {
        "first": first,
        "opened": [str(folder) for folder in opened],
        "asked": asked,
        "beside": beside,
        "kept": kept,
        "cancelled": again.plain_text(),
        "stopped": stopped,
        "dialog": dialog,
        "shots": shots,
        "busy": app.controller.busy,
    }


async def stop(app):
    panel.write(app, f"/export pml {OUT / 'more'}")
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    await panel.until(lambda: cards(app)[-1].cancel.isVisible(), "it runs")
    card = cards(app)[-1]
    shot = await panel.shot("export-runs.png")
    press(card.cancel)
    await panel.until(lambda: card.property("state") == "failed", "it is stopped")
    await panel.idle(app)
    return {"text": card.plain_text(), "shot": shot}


async def by_dialog(app):
    n_before = len(cards(app))
    panel.write(app, "/export html")
    QTest.keyClick(app.dock.composer, QtCore.Qt.Key_Return)
    await panel.until(lambda: QtWidgets.QApplication.activeModalWidget() is not None, "it asks where to")
    asking = QtWidgets.QApplication.activeModalWidget()
    (OUT / "chosen").mkdir()
    asking.setDirectory(str(OUT))
    asking.selectFile("chosen")
    asking.accept()
    await panel.until(lambda: len(cards(app)) > n_before, "it begins")
    card = cards(app)[-1]
    await panel.until(lambda: card.property("state") == "written", "it is done")
    dark()
    await say_more(app)
    return {"text": card.plain_text(), "files": sorted(path.name for path in (OUT / "chosen").iterdir())}


async def say_more(app):
    """Narrow and in the dark, for a person to look at."""
    get_qtwindow().resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    card = await command(app, f"/export pml {OUT / 'dark'}")
    card.show_result(
        "differs",
        "Written, but a.pml replays with differences:",
        ["a.pml: recoloured 758 atoms of 1hpv", "a.pml: PyMOL said: Invalid selection", "by hand: moved the view"],
        [f"In {OUT / 'dark'}:", "a.pml"],
    )
    await panel.shot("export-dark.png")


panel.script(export)
