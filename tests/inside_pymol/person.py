"""A person at work for forty steps, by mouse and keyboard, through the whole panel; each step says what came of it."""

import os
from pathlib import Path

import panel
import report
from answers import blocks, click_on, links, settled
from cards import KEYS, asked, click, focused, load, press, shown
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui, QtWidgets

from pymolcode_plugin.core.scene import LINKED
from pymolcode_plugin.gui.code_block import CodeBlock
from pymolcode_plugin.gui.export_card import ExportCard

OUT = Path(report.ARGUMENTS["shots"]) / "out"
STEPS = []


def step(what, holds):
    """One thing that was done, and whether it was as it should be."""
    STEPS.append((what, bool(holds)))


def write(app, text):
    app.dock.composer.setFocus()
    panel.QTest.keyClicks(app.dock.composer, text)


def enter(app):
    press(app.dock.composer, KEYS.Key_Return)


async def command(app, text):
    write(app, text)
    press(app.dock.composer, KEYS.Key_Escape)  # the list of commands is in the way of nothing, but Enter would take it
    enter(app)
    await panel.painted()


def red():
    return cmd.count_atoms("color red")


async def begin(app):
    """What to try, the list of commands, the modes."""
    load()
    empty = app.dock.empty
    await panel.until(lambda: any("478" in example.words for example in empty.examples), "it has looked at the scene")
    example = empty.examples[0]
    click(example)
    step("an example is written down", app.dock.composer.toPlainText() == example.words)
    press(app.dock.composer, KEYS.Key_A, KEYS.ControlModifier)
    press(app.dock.composer, KEYS.Key_Delete)
    step("and taken back", not app.dock.composer.toPlainText())
    write(app, "/mo")
    step("commands are listed", [line.text for line in app.dock.completions.lines][:1] == ["/model"])
    press(app.dock.composer, KEYS.Key_Escape)
    app.dock.composer.clear()
    await command(app, "/help")
    step("/help lists them", "/export" in shown(app) and "/resume" in shown(app))
    await command(app, "/mode plan")
    step("/mode plan is shown", app.dock.head.mode.isVisible() and app.dock.head.mode.text() == "Plan")
    await command(app, "/mode ask")
    step("/mode ask again", not app.dock.head.mode.isVisible())
    await command(app, "/nonsense")
    step("nonsense is told", "There is no command /nonsense" in shown(app))


async def first_turn(app):
    """A mention, an answer, its step, its links, its code."""
    write(app, "colour @1h")
    await panel.until(lambda: app.dock.completions.isVisible(), "what can be mentioned is listed")
    press(app.dock.composer, KEYS.Key_Tab)
    step("a mention is completed", "@1hpv" in app.dock.composer.toPlainText())
    write(app, " chain A red")
    enter(app)
    await panel.until(lambda: app.controller.busy, "the turn began")
    step("the field is empty while it works", not app.dock.composer.toPlainText())
    await panel.idle(app)
    step("chain A is red", red() == 758)
    await panel.until(lambda: links(app), "names are links")
    await settled(app)
    (card,) = app.dock.transcript._steps.values()
    click(card._head)
    step("the exact command is shown", "color red, chain A" in card.plain_text())
    view = cmd.get_view()
    await click_on(*links(app)["Asp25 of chain A"])
    step("a link selects the residue", cmd.count_atoms(f"%{LINKED}") == 8)
    step("and zooms on it", cmd.get_view() != view)
    code = blocks(app, CodeBlock)[0]
    app.dock.transcript.ensureWidgetVisible(code.copy)
    click(code.copy)
    step("code is copied", QtWidgets.QApplication.clipboard().text().strip() == "color blue, chain B")
    click(code.run)
    await panel.until(lambda: app.controller.busy, "it runs")
    await panel.idle(app)
    step("code runs in PyMOL", cmd.count_atoms("color blue and chain B") == 758)
    click(app.dock.head.undo)
    await panel.until(lambda: not cmd.count_atoms("color blue and chain B"), "Undo turn")
    await panel.idle(app)
    step("Undo turn takes it back", red() == 758)
    click(app.dock.head.redo)
    await panel.until(lambda: cmd.count_atoms("color blue and chain B"), "Redo")
    await panel.idle(app)
    step("Redo does it again", cmd.count_atoms("color blue and chain B") == 758)


async def questions(app):
    """A dangerous step: denied by the keyboard, then allowed by the mouse, then undone."""
    card = await asked(app, "delete it")
    step("Deny has the keyboard", focused() is card.deny)
    press(card.deny)
    await panel.idle(app)
    step("denied, nothing is gone", cmd.get_names() == ["1hpv"])
    card = await asked(app, "delete it after all")
    click(card.allow)
    await panel.idle(app)
    step("allowed, it is gone", cmd.get_names() == [])
    app.controller.undo_step()
    await panel.until(lambda: cmd.get_names() == ["1hpv"], "it comes back")
    await panel.idle(app)
    step("Undo brings it back with its colours", cmd.count_atoms() == 1631 and red() == 758)


async def waiting(app):
    """While it works: the next message waits, Esc stops, what waits is kept and sent."""
    await panel.say(app, "think", wait=False)
    write(app, "and then answer me")
    enter(app)
    step("the next message waits", len(app.dock.waiting.lines()) == 1)
    await panel.until(lambda: "Let me think" in shown(app), "it thinks")
    press(app.dock.composer, KEYS.Key_Escape)
    await panel.until(lambda: not app.controller.busy, "it stops")
    step("Esc stops, what waits is kept", len(app.dock.waiting.lines()) == 1 and "Stopped" in shown(app))
    enter(app)
    await panel.until(lambda: app.controller.busy, "it is sent")
    await panel.idle(app)
    step("Enter sends it", "Here I am." in shown(app) and not app.dock.waiting.lines())
    press(app.dock.composer, KEYS.Key_Up)
    step("Up recalls it", app.dock.composer.toPlainText() == "and then answer me")
    press(app.dock.composer, KEYS.Key_Down)
    step("Down leaves it", not app.dock.composer.toPlainText())


async def attaching(app):
    """A selection from PyMOL, a picture from the clipboard, a file that is dropped."""
    cmd.select("site", "byres polymer within 4 of organic")
    cmd.do("ask_agent site")
    await panel.until(lambda: app.dock.chips.names == ("site",), "it is attached")
    step("ask_agent attaches and sends nothing", not app.controller.busy)
    image = QtGui.QImage(40, 20, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("teal"))
    QtWidgets.QApplication.clipboard().setImage(image)
    press(app.dock.composer, KEYS.Key_V, KEYS.ControlModifier)
    await panel.until(lambda: app.dock.chips.attached.images, "it is made small")
    step("a picture is pasted", len(app.dock.chips.attached.images) == 1)
    click(app.dock.chips.buttons()[1])
    step("a click takes it off", not app.dock.chips.attached.images)
    await panel.say(app, "what is this?")
    step("the selection goes along once", app.dock.chips.names == () and "site" in shown(app))
    data = QtCore.QMimeData()
    data.setUrls([QtCore.QUrl.fromLocalFile(str(Path(os.environ["PYMOL_DATA"]) / "demo" / "pept.pdb"))])
    place, root = QtCore.QPoint(20, 20), app.dock.widget()
    enters = QtGui.QDragEnterEvent(place, KEYS.CopyAction, data, KEYS.LeftButton, KEYS.NoModifier)
    drops = QtGui.QDropEvent(QtCore.QPointF(place), KEYS.CopyAction, data, KEYS.LeftButton, KEYS.NoModifier)
    for event in (enters, drops):
        QtWidgets.QApplication.sendEvent(root, event)
    await panel.until(lambda: "pept" in cmd.get_names(), "it is loaded")
    await panel.idle(app)
    step("a dropped structure is loaded", cmd.count_atoms("pept") == 107)
    app.dock.chips.take()


async def reading_again(app):
    """Find, copy, settings, doctor, models."""
    press(app.dock.composer, KEYS.Key_F, KEYS.ControlModifier)
    bar = app.dock.transcript.finding.bar
    panel.QTest.keyClicks(bar.field, "Chain A is")
    await panel.until(lambda: " of " in bar.found.text(), "it is found")
    step("Ctrl+F finds", bar.found.text().startswith("1 of"))
    press(bar.field, KEYS.Key_Escape)
    step("Esc closes it", not bar.isVisible())
    await command(app, "/copy")
    step("/copy gives Markdown", "Chain A is **red**" in QtWidgets.QApplication.clipboard().text())
    await command(app, "/settings costs")
    dialog = app.controller.settings.dialog
    await panel.until(lambda: dialog.sections.currentItem().text() == "Costs", "settings are open")
    budget = dialog.fields["budget_usd"].field
    budget.setFocus()
    panel.QTest.keyClicks(budget, "5")
    press(budget, KEYS.Key_Return)
    await panel.until(lambda: "config.yaml" in dialog.status.toPlainText(), "it is written")
    step("a budget is set", "budget_usd: 5" in (Path.home() / ".pymolcode" / "config.yaml").read_text())
    dialog.close()
    await command(app, "/doctor")
    doctor = app.controller.doctor.dialog
    await panel.until(doctor.again.isEnabled, "it has looked")
    step("the doctor finds nothing wrong", doctor.title.text().startswith("Everything"))
    doctor.close()
    await command(app, "/cost")
    step("/cost tells what it took", "tokens sent" in shown(app))


async def ending(app):
    """Export, a new chat, and the old one again."""
    await command(app, f"/export pml {OUT}")
    await panel.until(lambda: app.dock.findChildren(ExportCard), "there is a card")
    card = app.dock.findChildren(ExportCard)[-1]
    await panel.until(lambda: card.property("state") not in (None, "running"), "it is done")
    await panel.idle(app)
    step("the export is written and compared", list(OUT.glob("*.pml")) and card.property("state") == "exact")
    before = shown(app)
    await app.conversation.record.idle()
    click(app.dock.head.new_chat)
    step("New chat is empty, the scene stays", not shown(app) and cmd.count_atoms("1hpv") == 1631)
    await app.conversation.record.idle()
    cmd.reinitialize()
    await command(app, "/resume colour")
    dialog = app.controller.sessions.dialog
    await panel.until(lambda: dialog is not None and len(dialog.rows.rows) == 2, "the chat is listed")
    press(dialog.search, KEYS.Key_Return)
    await panel.until(lambda: not dialog.isVisible(), "it opens")
    await panel.idle(app)
    await panel.until(lambda: cmd.get_names() == ["1hpv", "pept"] or "1hpv" in cmd.get_names(), "the scene is back")
    step("/resume brings the scene back", red() == 758)
    step("and what was said", "Chain A is" in shown(app) and len(shown(app)) > len(before) // 2)
    get_qtwindow().resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    await panel.painted()
    step("it fits into 320 px", app.dock.width() <= 340)


async def work(app):
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())  # no window manager does it
    for part in (begin, first_turn, questions, waiting, attaching, reading_again, ending):
        try:
            await part(app)
        except Exception as error:  # noqa: BLE001  # what was done until then is worth reading
            step(f"{part.__name__}: {error!r}", holds=False)
            break
    return {
        "steps": STEPS,
        "shot": await panel.shot("person.png"),
        "transcript": str(app.conversation.transcript.path),
        "shown": shown(app),
    }


panel.script(work)
