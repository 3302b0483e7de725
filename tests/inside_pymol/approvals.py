"""What a person does with questions, undo, modes and privacy in the panel; `scenario` names the function."""

import os
import sys
from pathlib import Path

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore
from PyQt5.QtTest import QTest

KEYS = QtCore.Qt


def load():
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))


def shown(app):
    return app.dock.transcript.plain_text()


def focused():
    return get_qtwindow().focusWidget()


def press(widget, key=KEYS.Key_Space, modifier=KEYS.NoModifier):
    QTest.keyClick(widget, key, modifier)


def click(widget):
    QTest.mouseClick(widget, KEYS.LeftButton)


async def asked(app, text=""):
    """Send something, if so, and wait for the question's card."""
    if text:
        await panel.say(app, text, wait=False)
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    await panel.painted()
    (card,) = app.dock.transcript._questions.values()
    return card


async def edit(app):
    """Edit the command with the keyboard alone, then allow it."""
    load()
    card = await asked(app, "clear it")
    press(card.edit)
    before = card.allow.text(), card.edit.text(), focused() is card.command
    card.command.selectAll()
    press(card.command, KEYS.Key_Delete)
    emptied = card.allow.isEnabled()
    QTest.keyClicks(card.command, "remove solvent")
    editing = await panel.shot("editing.png")
    press(card.command, KEYS.Key_Backtab)
    press(focused(), KEYS.Key_Backtab)
    await panel.painted()
    click(card.allow)
    await panel.idle(app)
    return {
        "before": before,
        "emptied": emptied,
        "editing": editing,
        "shot": await panel.shot("edited.png"),
        "objects": cmd.get_names(),
        "waters": cmd.count_atoms("solvent"),
        "shown": shown(app),
        "transcript": str(app.conversation.transcript.path),
        "focus": focused() is app.dock.composer,
    }


async def cancel_edit(app):
    load()
    card = await asked(app, "clear it")
    click(card.edit)
    QTest.keyClicks(card.command, "color red # ")
    click(card.edit)
    after = card.command.toPlainText(), card.allow.text(), card.command.isReadOnly()
    click(card.allow)
    await panel.idle(app)
    return {"after": after, "objects": cmd.get_names(), "shown": shown(app)}


async def reason(app):
    """Deny with a reason, by the keyboard: the focus is on Deny, Tab goes to the reason."""
    load()
    card = await asked(app, "clear it")
    first = focused() is card.deny
    press(focused(), KEYS.Key_Tab)
    second = focused() is card.reason
    QTest.keyClicks(card.reason, "keep <b>chain A</b>")
    shot = await panel.shot("reason.png")
    press(card.reason, KEYS.Key_Return)
    await panel.idle(app)
    return {"focus": [first, second], "shot": shot, "objects": cmd.get_names(), "shown": shown(app)}


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
