"""Right-clicks real things in the viewport and the object panel, and chooses our entries with the real mouse."""

import os
from pathlib import Path

import mouse
import panel
import report
from pymol import cmd, menu
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore
from report import QTest

from pymolcode_plugin import plugin

ENTRY = "Ask agent about"


async def choose(names, where, button, *path, shot=""):
    """Press a button of the mouse at a point of the viewport, then go through our submenu; what each menu said."""
    menus = mouse.Menus(*names)
    try:
        before = await mouse.still()
        # PyMOL draws its object panel anew when it pleases; a menu of the scene is looked for in the scene.
        scene = cmd.get_viewport()[0]
        width = scene if where[0] < scene else None
        await mouse.move(*mouse.on_screen(*where))
        items, known = await menus.open(button), None
        shown = []
        for text in (ENTRY, *path):
            rect, now = await mouse.settled(before, text, outside=known, width=width)
            shown.append([entry[1] for entry in items])
            await mouse.move(*mouse.on_screen(*mouse.row(items, text, rect)))
            known = rect if known is None else known.united(rect)
            command = next(entry[2] for entry in items if text in entry[1])
            if not isinstance(command, str):
                items = command if isinstance(command, list) else await menus.below(text)
                before = now
        if shot:
            await panel.shot(shot)
        await mouse.click()
        return shown
    finally:
        menus.close()


def state():
    """What the panel shows: chips with their tooltips, what is written, whether anything was sent."""
    dock = plugin.application().dock
    chips = dock.chips.buttons()
    return {
        "chips": [[chip.text(), chip.toolTip().split("\n")[0]] for chip in chips],
        "expressions": dock.chips.names,
        "written": dock.composer.toPlainText(),
        "visible": dock.isVisible(),
        "focus": get_qtwindow().focusWidget() is dock.composer,
        "busy": plugin.application().controller.busy,
    }


async def asked(text, shot=""):
    """Until the composer holds this; then what the panel shows."""
    await panel.until(lambda: plugin.application() is not None, "the panel is open")
    composer = plugin.application().dock.composer
    await panel.until(
        lambda: text in composer.toPlainText(), f"{text!r} is written down, not {composer.toPlainText()!r}"
    )
    await (panel.shot(shot) if shot else panel.painted())
    seen = state()
    composer.clear()
    plugin.application().dock.chips.take()
    return seen


async def all_of_them():
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    cmd.do("as cartoon; util.cbc; show sticks, organic; util.cbag organic; show spheres, A/25/CG; bg_color white")
    cmd.do("set sphere_scale, 1; orient organic; zoom A/25/CG, 12")
    # The plugin changes the menus when PyMOL has started; what listens to them before would not see its entry.
    await panel.until(lambda: hasattr(menu.pick_menu, "_asks_pymolcode"), "our entry is in PyMOL's menus")
    seen = {"opened_before": plugin.application() is not None}
    atom = mouse.project("A/25/CG")
    seen["atom menus"] = await choose(["pick_menu"], atom, 3, "contacts within 4 A", shot="context-menu.png")
    seen["atom"] = await asked("within 4 Å", "context-menu-asked.png")

    atom = mouse.project("A/25/CG")  # the panel took a part of the window
    cmd.select("sele", "byres A/25/CG")
    seen["selection menus"] = await choose(["pick_sele"], atom, 3, "describe", shot="context-menu-selection.png")
    seen["selection"] = await asked("what is in the selection sele")
    cmd.delete("sele")

    corner = (12, 12)
    cmd.zoom("all", 25)
    seen["background menus"] = await choose(
        ["main_menu"], corner, 3, "what is this?", shot="context-menu-background.png"
    )
    seen["background"] = await asked("What is loaded")

    where = mouse.button_a("1hpv")
    seen["object menus"] = await choose(["mol_action"], where, 1, "describe", shot="context-menu-object.png")
    seen["object"] = await asked("Describe 1hpv")

    dock = plugin.application().dock
    dock.close()
    cmd.zoom("A/25/CG", 12)
    await panel.painted()
    await mouse.still()
    seen["inner menus"] = await choose(["pick_menu"], mouse.project("A/25/CG"), 3, "chain 1hpv/A", "sequence")
    await panel.until(lambda: dock.isVisible(), "the panel is open again")
    seen["inner"] = await asked("sequence")
    cmd.select("sele", "A/25/")
    app = plugin.application()
    cmd.do("ask_agent sele, question=Which residue is it?")
    cmd.remove("A/25/CG")  # between asking and sending
    QTest.keyClick(dock.composer, QtCore.Qt.Key_Return)
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    cmd.do("ask_agent nosuch")
    seen["refused"] = state()
    return {**seen, "answered": dock.transcript.plain_text()}


async def _run():
    try:
        report.write(await all_of_them())
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test must read it
        await panel.shot("failed.png")
        report.fail(error)
    else:
        cmd.quit()


def _start():
    from pymolcode_plugin.core.tasks import spawn
    from pymolcode_plugin.gui.event_loop import ensure_loop

    plugin.register()
    ensure_loop()  # the panel itself stays closed until an entry is chosen
    spawn(_run(), name="test script")


QtCore.QTimer.singleShot(0, _start)
