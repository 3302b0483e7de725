"""The panel at home in PyMOL's window: first start, tour, place, looks, names; `scenario` names the function."""

import json
import os
import sys
from pathlib import Path

import panel
import report
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

from pymolcode_plugin.config import paths

KEYS = QtCore.Qt.Key


def load(name="tut/1hpv.pdb", as_name="1hpv"):
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / name), as_name)


def focused():
    return get_qtwindow().focusWidget()


def words(app):
    return [button.words for button in app.dock.empty.examples]


async def first_start(app):
    """What is offered follows what is loaded, while one looks."""
    await panel.until(lambda: "Fetch 1HPV and show the drug in its binding site" in words(app), "it was looked")
    seen = {"nothing": [app.dock.empty._loaded.text(), words(app)], "shots": [await panel.shot("first_nothing.png")]}
    load()
    await panel.until(lambda: "478" in app.dock.empty._loaded.text(), "the drug is seen")
    seen["ligand"] = [app.dock.empty._loaded.text(), words(app)]
    load("demo/il2.pdb", "il2")
    await panel.until(lambda: any("Align" in text for text in words(app)), "both are seen")
    cmd.map_new("density", "gaussian", 3.0, "organic")
    await panel.until(lambda: any("mesh" in text for text in words(app)), "the map is seen")
    seen["several"] = words(app)
    seen["shots"].append(await panel.shot("first_several.png"))
    example = app.dock.empty.examples[1]
    example.setFocus()
    QTest.keyClick(example, KEYS.Key_Return)
    return {**seen, "example": example.words, "written": app.dock.composer.toPlainText(), "busy": app.controller.busy}


async def tour(app):
    """By the keyboard alone, on a scene that is in use, with one step by the model afterwards."""
    if report.ARGUMENTS.get("loaded"):
        load("demo/il2.pdb", "il2")
    app.dock.empty.tour.setFocus()
    QTest.keyClick(app.dock.empty.tour, KEYS.Key_Return)
    bar = app.dock.tour
    await panel.until(lambda: not bar.isHidden(), "the tour began")
    untouched = cmd.get_names()
    said, shots, colours = [], [], []
    for number in range(6):
        said.append([bar._count.text(), bar.says.text(), bar.go.text(), focused() is bar.go])
        shots.append(await panel.shot(f"tour{number}.png"))
        count = bar._count.text()
        QTest.keyClick(focused(), KEYS.Key_Return)
        await panel.until(lambda before=count: bar.isHidden() or bar._count.text() != before, "the next step")
        await panel.idle(app)
        colours.append(len({*_colours()}))
    return {
        "untouched": untouched, "said": said, "shots": [*shots, await panel.shot("tour_end.png")],
        "names": cmd.get_names(), "colours": colours, "shown": app.dock.transcript.plain_text(),
        "states": [card.property("state") for card in app.dock.transcript._steps.values()],
        "chips": app.dock.chips.names, "written": app.dock.composer.toPlainText(),
        "focus": focused() is app.dock.composer, "busy": app.controller.busy,
    }  # fmt: skip


def _colours():
    found = []
    cmd.iterate("1hpv and polymer and elem C", "found.append(color)", space={"found": found})
    return found


async def leave(app):
    """Left in the middle with Escape."""
    app.controller.run_command("tour", "")
    bar = app.dock.tour
    await panel.until(lambda: not bar.isHidden(), "the tour began")
    QTest.keyClick(focused(), KEYS.Key_Return)
    await panel.until(lambda: bar.go.text() == "Show them" and bar.go.isEnabled(), "it is loaded")
    await panel.idle(app)
    before = (cmd.get_names("all"), cmd.get("text"))
    alt, none = QtCore.Qt.AltModifier, QtCore.Qt.NoModifier
    for key, modifier in ((KEYS.Key_A, alt), (KEYS.Key_Delete, none), (KEYS.Key_B, none)):
        QTest.keyClick(bar.go, key, modifier)
    after = (cmd.get_names("all"), cmd.get("text"))
    QTest.keyClick(bar.go, KEYS.Key_Escape)
    return {"before": before, "after": after, "gone": bar.isHidden(), "focus": focused() is app.dock.composer}


async def place(app):
    """Says where the panel stands; moves it where the test wants it; PyMOL quits then."""
    window, dock = get_qtwindow(), app.dock
    await panel.painted()
    docks = window.findChildren(QtWidgets.QDockWidget)
    seen = {
        "width": dock.width(), "floating": dock.isFloating(), "area": int(window.dockWidgetArea(dock)),
        "at": [dock.x(), dock.y()], "viewport": window.pymolwidget.width(), "window": window.width(),
        "others": [int(window.dockWidgetArea(each)) for each in docks if each is not dock],
    }  # fmt: skip
    wanted = report.ARGUMENTS.get("to", "")
    if wanted == "left":
        window.addDockWidget(QtCore.Qt.LeftDockWidgetArea, dock)
        window.resizeDocks([dock], [350], QtCore.Qt.Horizontal)
    elif wanted == "float":
        dock.setFloating(True)
        dock.setGeometry(100, 120, 380, 600)
    elif wanted == "close":
        dock.close()
    await panel.painted()
    seen["shot"] = await panel.shot(f"place_{wanted}.png")
    if wanted == "float":
        await panel.until(lambda: _noted().get("floating"), "it is noted while PyMOL runs")
    return seen


def _noted():
    path = paths.panel_file()
    return json.loads(path.read_text()) if path.exists() else {}


def nameless(root):
    """Widgets that the keyboard reaches and a screen reader has no words for."""
    found = []
    for widget in root.findChildren(QtWidgets.QWidget):
        if not int(widget.focusPolicy()) & int(QtCore.Qt.TabFocus) or widget.objectName().startswith("qt_"):
            continue
        text = getattr(widget, "text", None) or getattr(widget, "toPlainText", None)
        if not (widget.accessibleName() or (callable(text) and str(text()).strip(" …⋯×"))):
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


async def names(app):
    """Every widget of the panel and of its dialogs, with all kinds of cards in the transcript."""
    load()
    app.dock.attach_selection("organic", "the drug")
    await panel.say(app, "colour it red")
    app.controller.offer_recovery("PyMOL ended unexpectedly.", lambda: None, lambda: None)
    await panel.say(app, "delete it", wait=False)
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    app.dock.tour.show_step(1, 6, "Look.", "Do it")  # a tour does not begin while something runs
    every = app.dock.findChildren(QtWidgets.QWidget)
    n_focusable = sum(bool(int(widget.focusPolicy()) & int(QtCore.Qt.TabFocus)) for widget in every)
    found = nameless(app.dock.widget())
    app.controller.options.show_rules()
    app.controller.options.show_sent()
    app.controller.models.show()
    app.controller.sign_in.show()
    for dialog in get_qtwindow().findChildren(QtWidgets.QDialog):
        if dialog.isVisible() and type(dialog).__module__.startswith("pymolcode_plugin"):
            found += [f"{type(dialog).__name__}: {name}" for name in nameless(dialog)]
            dialog.close()
    app.controller.stop()
    await panel.idle(app)
    return {"nameless": found, "n_focusable": n_focusable}


async def looks(app):
    """Dark, a font half as large again, 320 px."""
    if report.ARGUMENTS.get("dark"):
        dark()
    if report.ARGUMENTS.get("font"):
        font = QtWidgets.QApplication.font()
        font.setPointSizeF(font.pointSizeF() * report.ARGUMENTS["font"])
        QtWidgets.QApplication.setFont(font)
        await panel.painted()
    load()
    window = get_qtwindow()
    window.resizeDocks([app.dock], [report.ARGUMENTS.get("width", 400)], QtCore.Qt.Horizontal)
    name = report.ARGUMENTS["name"]
    await panel.until(lambda: "478" in app.dock.empty._loaded.text(), "the drug is seen")
    shots = [await panel.shot(f"looks_{name}_empty.png")]
    widths = [app.dock.width()]
    app.controller.run_command("tour", "")
    await panel.until(lambda: not app.dock.tour.isHidden(), "the tour began")
    app.dock.tour.go.click()
    await panel.until(lambda: app.dock.tour.go.text() == "Show them" and app.dock.tour.go.isEnabled(), "it is loaded")
    await panel.idle(app)
    app.dock.attach_selection("organic", "1hpv/478`200")
    await panel.say(app, "What is this?")
    shots.append(await panel.shot(f"looks_{name}_tour.png"))
    widths.append(app.dock.width())
    return {"shots": shots, "widths": widths, "too_wide": too_wide(app.dock), "heights": _heights(app)}


def _heights(app):
    """Of a line, and of what must have room for one."""
    button = app.dock.tour.go
    return [button.fontMetrics().lineSpacing(), button.height(), app.dock.composer.height()]


def too_wide(dock):
    """Widgets that reach beyond the panel."""
    root = dock.widget()
    return [
        widget.objectName() or type(widget).__name__
        for widget in root.findChildren(QtWidgets.QWidget)
        if widget.isVisible() and widget.mapTo(root, QtCore.QPoint(widget.width(), 0)).x() > root.width()
    ]


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
