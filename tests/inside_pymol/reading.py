"""What a person does with the transcript: clicks what an answer speaks of, runs its code, finds, copies, enlarges."""

import sys

import panel
import report
from answers import blocks, click_on, links, settled
from cards import KEYS, asked, click, focused, grab, load, press, shown
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

from pymolcode_plugin.core.events import ThinkingDelta
from pymolcode_plugin.core.scene import LINKED
from pymolcode_plugin.gui.code_block import CodeBlock
from pymolcode_plugin.gui.text_block import TextBlock


async def answer(app):
    """An answer with everything in it: looked at, clicked, run, searched, and undone in spite of the clicks."""
    load()
    if report.ARGUMENTS.get("dark"):
        dark()
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())
    width = report.ARGUMENTS.get("width")
    if width:
        get_qtwindow().resizeDocks([app.dock], [width], QtCore.Qt.Horizontal)
    cmd.do("as cartoon; show sticks, organic; orient")
    await panel.say(app, "How does the ligand sit?", wait=False)
    await panel.until(lambda: app.dock.transcript.rows, "the turn began")
    app.controller.on_event(ThinkingDelta(turn_id="turn1", text="The ligand is 478. I measure the distance first."))
    await panel.idle(app)
    await panel.until(lambda: links(app), "names are links")
    await settled(app)
    seen = {"links": sorted(links(app)), "shots": [await panel.shot("answer.png")]}
    view = cmd.get_view()
    await click_on(*links(app)["2.85 Å"] if "2.85 Å" in links(app) else links(app)["Asp25 of chain A"])
    seen["clicked"] = cmd.count_atoms(f"%{LINKED}"), cmd.get_view() != view, app.controller.busy
    await click_on(*links(app)["Ile50 (chain B)"])
    seen["second"] = [cmd.count_atoms(f"%{LINKED}"), cmd.count_atoms(f"%{LINKED} and chain B and resi 50")]
    seen["shots"].append(await panel.shot("linked.png"))
    code = blocks(app, CodeBlock)[0]
    app.dock.transcript.ensureWidgetVisible(code.run)
    click(code.run)
    await panel.until(lambda: app.controller.busy, "it runs")
    seen["hidden"] = code.run.isHidden()
    await panel.idle(app)
    await settled(app)
    seen["red"] = cmd.count_atoms("color red")
    seen["shots"].append(await panel.shot("ran.png"))
    await click_on(*links(app)["Asp25 of chain A"]) if "Asp25 of chain A" in links(app) else None
    click(app.dock.head.undo)
    await panel.until(lambda: "Undone" in shown(app) or app.dock.transcript._questions, "it is undone")
    await panel.idle(app)
    seen["questions"] = len(app.dock.transcript._questions)
    seen["red_then"] = cmd.count_atoms("color red")
    return {**seen, **await found(app), "shown": shown(app), "transcript": str(app.conversation.transcript.path)}


def readable(app):
    """One widget of every kind that has the keyboard in a transcript."""
    code = blocks(app, CodeBlock)[0]
    cards = [card._head for card in app.dock.transcript._steps.values()]
    return (blocks(app, TextBlock)[0], code.field, code.copy, cards[0], app.dock.transcript)


async def found(app):
    """Ctrl+F where one writes, Enter and F3 from one to the next, Esc back to writing; no key reaches PyMOL."""
    cmd.edit("chain A and resi 25 and name CA")
    before = cmd.get_names("all"), cmd.get("text"), cmd.count_atoms()
    app.dock.composer.setFocus()
    press(app.dock.composer, KEYS.Key_F, KEYS.ControlModifier)
    bar = app.dock.transcript.finding.bar
    opened = bar.isVisible(), focused() is bar.field
    QTest.keyClicks(bar.field, "chain")
    await panel.until(lambda: " of " in bar.found.text() and not bar.found.text().endswith("…"), "it was found")
    texts = [bar.found.text()]
    press(bar.field, KEYS.Key_Return)
    texts.append(bar.found.text())
    press(bar.field, KEYS.Key_F3)
    press(bar.field, KEYS.Key_F3, KEYS.ShiftModifier)
    press(bar.field, KEYS.Key_Return, KEYS.ShiftModifier)
    texts.append(bar.found.text())
    await settled(app)
    shot = await panel.shot("found.png")
    for target in (bar.field, bar.after, *readable(app)):
        for key, modifier in (
            (KEYS.Key_A, KEYS.AltModifier), (KEYS.Key_Z, KEYS.ControlModifier), (KEYS.Key_Delete, KEYS.NoModifier),
            (KEYS.Key_F1, KEYS.NoModifier), (KEYS.Key_PageUp, KEYS.NoModifier), (KEYS.Key_B, KEYS.NoModifier),
        ):  # fmt: skip
            press(target, key, modifier)
    press(bar.field, KEYS.Key_Escape)
    closed = bar.isVisible(), focused() is app.dock.composer
    after = cmd.get_names("all"), cmd.get("text"), cmd.count_atoms()
    return {"opened": opened, "texts": texts, "found_shot": shot, "closed": closed, "leaked": before != after}


async def pictures(app):
    """A picture of a step, enlarged by the keyboard, saved and copied; the thoughts unfolded; a question in between."""
    load()
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())
    await panel.say(app, "Let me see", wait=False)
    await panel.until(lambda: app.dock.transcript.rows, "the turn began")
    app.controller.on_event(ThinkingDelta(turn_id="turn1", text="A picture says more."))
    await panel.idle(app)
    await settled(app)
    card = next(iter(app.dock.transcript._steps.values()))
    card.picture.setFocus()
    press(card.picture, KEYS.Key_Return)
    window = card.picture.opened
    await panel.until(window.isVisible, "it is large")
    seen = {"title": window.windowTitle(), "shot": await grab(window, "picture.png")}
    path = report.ARGUMENTS["shots"] + "/saved.png"
    seen["saved"] = window.write(path), window.said.text()
    press(window, KEYS.Key_C, KEYS.ControlModifier)
    seen["copied"] = not QtWidgets.QApplication.clipboard().image().isNull()
    before = cmd.get_names("all"), cmd.get_view()
    press(window, KEYS.Key_A, KEYS.AltModifier)
    press(window, KEYS.Key_Escape)
    seen["closed"] = not window.isVisible()
    seen["leaked"] = before != (cmd.get_names("all"), cmd.get_view())
    thought = next(row.widget for row in app.dock.transcript.rows if hasattr(row.widget, "head"))
    thought.head.setFocus()
    press(thought.head, KEYS.Key_Return)
    await settled(app)
    seen["unfolded"] = thought._body.isVisible(), thought.head.text()
    seen["thought_shot"] = await panel.shot("thought.png")
    question = await asked(app, "and now away with it")
    seen["in_view"] = question.visibleRegion().boundingRect().height() > 40
    click(question.deny)
    await panel.idle(app)
    return {**seen, "path": path, "shown": shown(app)}


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
