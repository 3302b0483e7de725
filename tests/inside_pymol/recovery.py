"""A PyMOL that dies after a step, and the next one, which offers its scene; `scenario` names the function."""

import asyncio
import os
import signal
from pathlib import Path

import panel
import report
from pymol import cmd
from pymol.Qt import QtCore, QtWidgets
from report import QTest

from pymolcode_plugin.config import paths


def scenes():
    return list(paths.scenes_folder().glob("*/newest.state"))


async def die(app):
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    await panel.say(app, "Colour chain A red")
    await asyncio.to_thread(app.gateway._history.shelf.wait)
    report.write({"red": cmd.count_atoms("color red"), "scenes": len(scenes())})
    os.kill(os.getpid(), signal.SIGKILL)


async def come_back(app):
    from pymolcode_plugin.gui.recover_card import RecoverCard

    (left,) = scenes()
    cmd.fragment("ala")
    await panel.until(lambda: app.dock.findChildren(RecoverCard), "it is offered")
    (card,) = app.dock.findChildren(RecoverCard)
    words = [label.text() for label in card.findChildren(QtWidgets.QLabel)]
    shot = await panel.shot("recovery.png")
    await panel.say(app, "Colour it red")
    before = cmd.get_names(), cmd.count_atoms("color red")
    QTest.mouseClick(card.dismiss if report.ARGUMENTS.get("discard") else card.accept, QtCore.Qt.LeftButton)
    await panel.until(lambda: not left.exists(), "it is used up")
    back = cmd.get_names(), cmd.count_atoms("color red")
    if not report.ARGUMENTS.get("discard"):
        cmd.do("agent_undo step")
        await panel.until(lambda: cmd.get_names() == before[0], "undo brings back what was there")
        await panel.idle(app)
    undone = cmd.get_names(), cmd.count_atoms("color red")
    said = app.dock.transcript.plain_text()
    return {"words": words, "shot": shot, "before": before, "back": back, "undone": undone, "said": said}


async def quit_as_one_should(app):
    cmd.fragment("ala")
    await panel.say(app, "Colour it red")
    return {"scenes": len(scenes())}


panel.script(globals()[report.ARGUMENTS["scenario"]])
