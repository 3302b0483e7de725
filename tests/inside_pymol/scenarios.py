"""What a person does in the panel; the argument `scenario` names the function."""

import os
import signal
import sys
from pathlib import Path

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

KEYS = QtCore.Qt


def load():
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))


def state(app):
    return {
        "shown": app.dock.transcript.plain_text(),
        "state": app.dock.head.state.text(),
        "model": app.dock.head.model.name,
        "transcript": str(app.conversation.transcript.path),
        "objects": cmd.get_names(),
    }


async def chat(app):
    load()
    for text in report.ARGUMENTS["say"].split("|"):
        await panel.say(app, text)
    return {**state(app), "shot": await panel.shot("chat.png"), "red": cmd.count_atoms("color red")}


async def empty(app):
    load()
    shot = await panel.shot("empty.png")
    example = app.dock.empty.examples[0]
    QTest.mouseClick(example, KEYS.LeftButton)
    return {
        "shot": shot,
        "example": example.words,
        "written": app.dock.composer.toPlainText(),
        "focus": get_qtwindow().focusWidget() is app.dock.composer,
    }


async def keys(app):
    """Every key that PyMOL would take, in every part of the panel."""
    load()
    cmd.edit("chain A and resi 25 and name CA")
    before = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    dock = app.dock
    pressed = 0
    for target in (
        dock.composer,
        dock.transcript,
        dock.widget(),
        dock._pages.currentWidget(),
        dock.head.undo,
        dock.head.model,
    ):
        for key, modifier in (
            (KEYS.Key_A, KEYS.AltModifier), (KEYS.Key_Z, KEYS.ControlModifier), (KEYS.Key_Delete, KEYS.NoModifier),
            (KEYS.Key_Escape, KEYS.NoModifier), (KEYS.Key_F1, KEYS.NoModifier), (KEYS.Key_Up, KEYS.NoModifier),
            (KEYS.Key_PageUp, KEYS.NoModifier), (KEYS.Key_Left, KEYS.NoModifier), (KEYS.Key_B, KEYS.NoModifier),
            (KEYS.Key_Return, KEYS.ControlModifier),
        ):  # fmt: skip
            QTest.keyClick(target, key, modifier)
            pressed += 1
    app.dock.composer.clear()
    panel.write(app, "first")
    QTest.keyClick(dock.composer, KEYS.Key_Return, KEYS.ShiftModifier)
    QTest.keyClicks(dock.composer, "second")
    await panel.painted()
    after = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    return {
        "pressed": pressed,
        "before": before,
        "after": after,
        "text": dock.composer.toPlainText(),
        "busy": app.controller.busy,
    }


async def approval(app):
    load()
    await panel.say(app, "clear it", wait=False)
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    shot = await panel.shot("approval.png")
    (card,) = app.dock.transcript._questions.values()
    waiting = app.dock.head.state.text()
    asked = get_qtwindow().focusWidget() is card.deny, card.plain_text()
    QTest.mouseClick(card.deny, KEYS.LeftButton)
    await panel.idle(app)
    denied, then = cmd.get_names(), app.dock.head.state.text()
    await panel.say(app, "clear it, really", wait=False)
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    (card,) = app.dock.transcript._questions.values()
    QTest.mouseClick(card.allow, KEYS.LeftButton)
    await panel.idle(app)
    allowed = cmd.get_names()
    QTest.mouseClick(app.dock.head.undo, KEYS.LeftButton)
    await panel.until(lambda: "Undone" in app.dock.transcript.plain_text(), "the scene is back")
    return {
        **state(app),
        "shot": shot,
        "asked": asked,
        "waiting": waiting,
        "then": then,
        "denied": denied,
        "allowed": allowed,
        "atoms": cmd.count_atoms(),
    }


async def stop(app):
    """Stop in the middle of an answer, and Stop at a question."""
    load()
    await panel.say(app, "think", wait=False)
    await panel.until(lambda: "Let me" in app.dock.transcript.plain_text(), "the answer began")
    label = app.dock._send.text()
    QTest.mouseClick(app.dock._send, KEYS.LeftButton)
    stopping = app.dock.head.state.text()
    await panel.idle(app)
    stopped = app.dock.transcript.plain_text()
    await panel.say(app, "delete it", wait=False)
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    app.dock.composer.setFocus()
    QTest.keyClick(app.dock.composer, KEYS.Key_Escape)
    await panel.idle(app)
    await panel.say(app, "and now?")
    return {**state(app), "label": label, "stopping": stopping, "stopped": stopped, "send": app.dock._send.text()}


async def stop_at_once(app):
    """Esc right after Enter, before the loop came to begin the turn."""
    load()
    panel.write(app, "a long question")
    QTest.keyClick(app.dock.composer, KEYS.Key_Return)
    QTest.keyClick(app.dock.composer, KEYS.Key_Escape)
    await panel.idle(app)
    return {**state(app), "written": app.dock.composer.toPlainText()}


async def commands(app):
    """The commands at PyMOL's own prompt."""
    load()
    cmd.do("ask colour chain A red, and say why; what for?")
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    red = cmd.count_atoms("color red")
    cmd.do("agent_undo")
    await panel.until(lambda: "Undone" in app.dock.transcript.plain_text(), "it is undone")
    await panel.painted()
    notice = app.dock.transcript.findChild(QtWidgets.QLabel, "notice")
    picture = notice.grab().toImage()
    edge, ground = (picture.pixelColor(x, picture.height() - 2).name() for x in (1, picture.width() - 1))
    cmd.select("site", "resi 25")
    cmd.do("ask_agent site")
    chips = app.dock.chips.names
    sent_nothing = not app.controller.busy
    shot = await panel.shot("chip.png")
    await panel.say(app, "what is this?")
    return {
        **state(app),
        "red": red,
        "notice_stands_out": edge != ground,
        "chips": chips,
        "sent_nothing": sent_nothing,
        "shot": shot,
        "left": app.dock.chips.names,
    }


async def stay(app):
    """Say something and stay until the test ends this process."""
    load()
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready", 200)
    await panel.say(app, "color chain A red")
    server = app.conversation.brain.server._process.pid
    report.write({**state(app), "server": server, "pid": os.getpid()})
    if report.ARGUMENTS.get("end") == "quit":
        cmd.do("quit")
    elif report.ARGUMENTS.get("end") == "close":
        get_qtwindow().close()
    await panel.until(lambda: False, "the test ends it", 100)


async def builtin(app):
    """The real model; then it is killed in the middle of an answer, and asked again."""
    load()
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready", 400)
    await panel.say(app, "could the flap tip and hinge at residue 50 of chain A be orange")
    first = app.dock.transcript.plain_text()
    brain = app.conversation.brain
    await panel.say(app, "could the elbow tip and hinge at residue 40 of chain B be yellow", wait=False)
    await panel.until(lambda: brain.server._one_at_a_time.locked(), "the model is asked")
    os.kill(brain.server._process.pid, signal.SIGKILL)
    await panel.idle(app)
    died = app.dock.transcript.plain_text(), app.dock.head.state.text()
    await panel.say(app, "could the elbow tip and hinge at residue 40 of chain B be yellow")
    return {**state(app), "first": first, "died": died, "shot": await panel.shot("builtin.png")}


async def broken_weights(app):
    load()
    await panel.until(lambda: app.dock.head.phase in ("failed", "absent"), "the model failed", 100)
    failed = app.dock.head.state.text(), app.dock.head.download.isVisible()
    await panel.say(app, "color chain A red")
    await panel.say(app, "do the usual thing with the flaps")
    return {**state(app), "failed": failed, "red": cmd.count_atoms("color red"), "shot": await panel.shot("broken.png")}


async def narrow(app):
    load()
    for text in report.ARGUMENTS["say"].split("|"):
        await panel.say(app, text)
    window = get_qtwindow()
    window.resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    shot = await panel.shot("narrow.png")
    widths = app.dock.width(), app.dock.transcript.viewport().width(), app.dock.transcript.widget().width()
    return {"shot": shot, "widths": widths, "viewport": window.pymolwidget.width()}


async def closed(app):
    """The panel was closed when a step asks."""
    load()
    app.dock.close()
    cmd.do("ask nothing")
    app.dock.close()
    await panel.until(lambda: app.dock.transcript._questions, "the question stands")
    seen = app.dock.isVisible()
    app.controller.stop()
    await panel.idle(app)
    return {**state(app), "seen": seen}


async def hurried(app):
    """Two questions at PyMOL's prompt, one right after the other."""
    load()
    cmd.do("ask first question")
    cmd.do("ask second question")
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    return {**state(app), "written": app.dock.composer.toPlainText()}


async def reinitialized(app):
    """The panel and its chat outlive `reinitialize`."""
    load()
    await panel.say(app, "one")
    cmd.reinitialize()
    load()
    await panel.say(app, "two")
    return state(app)


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
