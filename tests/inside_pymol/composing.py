"""Writing, recalling, completing, attaching, queueing and steering; the argument `scenario` names the function."""

import os
import sys
import tempfile
from pathlib import Path

import panel
import report
from cards import KEYS, chosen, click, focused, load, press, shown, tab_to
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui, QtWidgets
from report import QTest


def write(app, text):
    app.dock.composer.setFocus()
    QTest.keyClicks(app.dock.composer, text)


def text(app):
    return app.dock.composer.toPlainText()


def rows(app):
    popup = app.dock.completions
    return [line.text for line in popup.lines] if popup.isVisible() else []


def waiting(app):
    words = [line.findChild(QtWidgets.QPushButton).accessibleName() for line in app.dock.waiting.lines()]
    return [word.removesuffix(". Press to edit it") for word in words]


def active():
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())  # no window manager does it


async def recall(app):
    """What was asked before, here and in earlier sessions, and what was being written."""
    composer = app.dock.composer
    await panel.until(lambda: len(composer.recall.earlier) >= int(report.ARGUMENTS.get("earlier", 0)), "it is read")
    before = composer.recall.earlier
    await panel.say(app, "first question")
    write(app, "second")
    QTest.keyClick(composer, KEYS.Key_Return, KEYS.ShiftModifier)
    await panel.say(app, "question sk-canary-0123456789")
    write(app, "a draft")
    seen = [text(app)]
    keys = (KEYS.Key_Up, KEYS.Key_Up, KEYS.Key_Down, KEYS.Key_Down, KEYS.Key_Down, KEYS.Key_Down)
    for key in keys:
        press(composer, key)
        seen.append(text(app))
    press(composer, KEYS.Key_Return, KEYS.ShiftModifier)
    QTest.keyClicks(composer, "of two lines")
    press(composer, KEYS.Key_Up)
    on_first_line = text(app)  # only moved up a line
    press(composer, KEYS.Key_Up)
    recalled = text(app)
    press(composer, KEYS.Key_Down)
    press(composer, KEYS.Key_Down)
    await panel.until(lambda: prompts_written() >= 2 + len(before), "it is written down")
    back = text(app)
    composer.clear()
    press(composer, KEYS.Key_R, KEYS.ControlModifier)
    found = [rows(app)]
    write(app, "frst")
    found += [rows(app), await panel.shot("earlier.png")]
    press(composer, KEYS.Key_Return)
    found += [text(app), rows(app), app.controller.busy]
    press(composer, KEYS.Key_R, KEYS.ControlModifier)
    write(app, " zzz")
    found.append(rows(app))
    press(composer, KEYS.Key_Escape)
    found += [rows(app), text(app)]
    return {"before": before, "seen": seen, "moved": on_first_line, "recalled": recalled, "back": back, "found": found}


def prompts_written():
    path = Path.home() / ".pymolcode" / "prompts.jsonl"
    return len(path.read_text().splitlines()) if path.exists() else 0


async def slash(app):
    """Commands by keyboard and mouse."""
    active()
    load()
    composer, popup = app.dock.composer, app.dock.completions
    write(app, "/")
    seen = {"all": rows(app), "described": composer.accessibleDescription(), "shot": await panel.shot("slash.png")}
    write(app, "mo")
    seen["filtered"] = rows(app)
    press(composer, KEYS.Key_Escape)
    seen["closed"] = [rows(app), text(app)]
    write(app, "d")
    seen["stays_closed"] = rows(app)
    composer.clear()
    write(app, "/mo")
    press(composer, KEYS.Key_Down)
    press(composer, KEYS.Key_Tab)
    seen["completed"] = [text(app), rows(app)]
    press(composer, KEYS.Key_Down)
    press(composer, KEYS.Key_Down)
    press(composer, KEYS.Key_Return)
    seen["mode"] = [app.controller.options.mode.value, text(app)]
    write(app, "/mode ask")
    press(composer, KEYS.Key_Return)
    seen["whole"] = app.controller.options.mode.value
    write(app, "/h")
    place = popup.view.visualRect(popup.view.model().index(0, 0)).center()
    QTest.mouseClick(popup.view.viewport(), KEYS.LeftButton, KEYS.NoModifier, place)
    seen["clicked"] = ["/help: this list" in shown(app), text(app), focused() is composer]
    write(app, "/nosuch")
    press(composer, KEYS.Key_Return)
    seen["unknown"] = shown(app).split("\n\n")[-1]
    write(app, "/1hpv//A is a selection")
    seen["no_command"] = rows(app)
    composer.clear()
    return seen


async def mention(app):
    """What can be mentioned, by keyboard and mouse; read once, when the list opens."""
    active()
    if report.ARGUMENTS.get("dark"):
        dark()
    folder = Path(tempfile.mkdtemp()) / "hiv"
    folder.mkdir()
    os.chdir(folder)
    (folder / "binding data.csv").write_text("x" * 1500)
    load()
    cmd.select("site", "byres polymer within 4 of organic")
    cmd.deselect()
    cmd.scene("F1", "store")
    if report.ARGUMENTS.get("narrow"):
        get_qtwindow().resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    composer, popup = app.dock.composer, app.dock.completions
    reads = []
    original = app.controller.sending.completing._read_mentionable

    async def counted():
        reads.append(text(app))
        return await original()

    app.controller.sending.completing._read_mentionable = counted
    write(app, "what lines @")
    await panel.until(lambda: rows(app), "the list is open")
    seen = {"all": rows(app), "details": {line.text: line.detail for line in popup.lines}}
    seen["shot"] = await panel.shot("mention.png")
    write(app, "chain b")
    seen["chain"] = rows(app)
    press(composer, KEYS.Key_Return)
    seen["completed"] = text(app)
    write(app, "in @sit")
    place = popup.view.visualRect(popup.view.model().index(1, 0)).center()
    QTest.mouseClick(popup.view.viewport(), KEYS.LeftButton, KEYS.NoModifier, place)
    write(app, "and @bind")
    press(composer, KEYS.Key_Tab)
    seen["written"] = text(app)
    seen["reads"] = reads
    seen["geometry"] = [popup.parentWidget().width(), popup.width(), popup.x()]
    press(composer, KEYS.Key_Return)
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    return {**seen, "left": text(app), "visible": popup.isVisible()}


def dropped(app, paths, target=None):
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])
    drop(target or app.dock.widget(), mime)


def dragged(app, paths):
    """The files are held over the panel; whether it says what will be done with them, and stops saying so."""
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])
    root = app.dock.widget()
    enter = QtGui.QDragEnterEvent(QtCore.QPoint(20, 20), KEYS.CopyAction, mime, KEYS.LeftButton, KEYS.NoModifier)
    QtWidgets.QApplication.sendEvent(root, enter)
    hint = root.findChild(QtWidgets.QLabel, "dropHint")
    shown_then = hint.isVisible(), hint.text()
    picture_of(app, "drop.png")
    QtWidgets.QApplication.sendEvent(root, QtGui.QDragLeaveEvent())
    return [*shown_then, hint.isVisible()]


def picture_of(app, name):
    app.dock.grab().save(str(Path(report.ARGUMENTS["shots"]) / name))


def drop(target, mime):
    place, actions = QtCore.QPoint(20, 20), KEYS.CopyAction
    enter = QtGui.QDragEnterEvent(place, actions, mime, KEYS.LeftButton, KEYS.NoModifier)
    QtWidgets.QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    event = QtGui.QDropEvent(QtCore.QPointF(place), actions, mime, KEYS.LeftButton, KEYS.NoModifier)
    QtWidgets.QApplication.sendEvent(target, event)


def picture(width, height):
    image = QtGui.QImage(width, height, QtGui.QImage.Format_RGB32)
    painter = QtGui.QPainter(image)
    gradient = QtGui.QLinearGradient(0, 0, width, height)
    gradient.setColorAt(0, QtGui.QColor("#2050a0"))
    gradient.setColorAt(1, QtGui.QColor("#f0b030"))
    painter.fillRect(image.rect(), gradient)
    painter.end()
    return image


async def attach(app):
    """A picture is pasted, one dropped; a structure and a table are dropped; all of it is sent."""
    active()
    folder = Path(tempfile.mkdtemp())
    load()
    get_qtwindow().resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    composer, chips = app.dock.composer, app.dock.chips
    QtWidgets.QApplication.clipboard().setImage(picture(4000, 1000))
    composer.setFocus()
    press(composer, KEYS.Key_V, KEYS.ControlModifier)
    await panel.until(lambda: chips.attached.images, "the picture is attached")
    picture(64, 64).save(str(folder / "gel.jpg"))
    (folder / "table.csv").write_text("a,b")
    (folder / "broken.png").write_text("no picture")
    pept = Path(os.environ["PYMOL_DATA"]) / "demo" / "pept.pdb"
    dropped(app, [folder / "gel.jpg", folder / "table.csv", folder / "broken.png"], composer.viewport())
    await panel.until(lambda: len(chips.attached.images) == 2, "the second is attached")
    hint = dragged(app, [pept])
    dropped(app, [pept, folder])
    await panel.until(lambda: "pept" in cmd.get_names(), "it is loaded")
    await panel.idle(app)
    await panel.until(lambda: chips.attached.selections, "it is attached")
    app.dock.attach_selection("a_rather_long_name_of_a_selection_that_somebody_made")
    cmd.select("a_rather_long_name_of_a_selection_that_somebody_made", "organic")
    cmd.deselect()
    seen = {
        "hint": hint,
        "titles": [image.title for image in chips.attached.images],
        "files": [Path(path).name for path in chips.attached.files],
        "selections": chips.attached.selections,
        "shot": await panel.shot("chips.png"),
        "widths": [app.dock.width(), *(chip.geometry().right() for chip in chips.findChildren(QtWidgets.QToolButton))],
        "heights": [chips.height(), chips.heightForWidth(chips.width())],
        "said": shown(app),
    }
    chip = chips.findChildren(QtWidgets.QToolButton)[0]
    seen["accessible"] = chip.accessibleName()
    blank_before = app.controller.busy
    press(composer, KEYS.Key_Return)
    seen["blank"] = [blank_before, app.controller.busy, app.dock.head.state.text()]
    await panel.say(app, "what are these?")
    seen["shot2"] = await panel.shot("attached.png")
    cmd.delete("pept")
    plan = type(app.controller.options.mode)("plan")
    app.controller.options.set_mode(plan)
    dropped(app, [pept])
    await panel.until(lambda: len(chips.attached.files), "it is attached")
    seen["planning"] = [cmd.get_names("objects"), [Path(path).name for path in chips.take().files]]
    written = app.dock.transcript.markdown()
    return {**seen, "left": [list(part) for part in chips.attached], "shown": shown(app), "written": written}


async def queue(app):
    """The next message while the agent works, one that is taken away, one that is edited, one that steers."""
    active()
    load()
    composer, lines = app.dock.composer, app.dock.waiting
    await panel.say(app, "ask me something", wait=False)
    card = await chosen(app)
    seen = {"placeholder": composer.placeholderText()}
    write(app, "and then colour it")
    press(composer, KEYS.Key_Return)
    write(app, "not this one")
    press(composer, KEYS.Key_Return)
    write(app, "the thrid")
    press(composer, KEYS.Key_Return)
    write(app, "/cost")
    press(composer, KEYS.Key_Return)
    seen["while_busy"] = "Nothing was asked" in shown(app) or "tokens sent" in shown(app)
    write(app, "/new")
    press(composer, KEYS.Key_Return)
    seen["not_while_busy"] = "Still working; /new when it is done." in shown(app)
    seen["waiting"] = waiting(app)
    buttons = lines.lines()[1].findChildren(QtWidgets.QToolButton)
    seen["buttons"] = [button.text() for button in buttons]
    click(buttons[1])
    click(lines.lines()[1].findChild(QtWidgets.QPushButton))
    seen["edited"] = [text(app), waiting(app), focused() is composer]
    composer.clear()
    write(app, "only chain A please")
    press(composer, KEYS.Key_Return, KEYS.ControlModifier)
    seen["steering"] = waiting(app)
    seen["shot"] = await panel.shot("queue.png")
    composer.setFocus()
    write(app, "still writing")
    card.choices[0].click()
    await panel.until(lambda: not lines.isVisible() and not app.controller.busy, "all of it was sent")
    app.dock.transcript.flush()
    return {**seen, "shown": shown(app), "left": text(app), "red": cmd.count_atoms("color red")}


async def held(app):
    """What waits is kept after Stop and after a failure, and sent when the user says so."""
    active()
    load()
    composer, lines = app.dock.composer, app.dock.waiting
    await panel.say(app, "think", wait=False)
    await panel.until(lambda: "Let me" in shown(app), "the answer began")
    for words in ("one", "two"):
        write(app, words)
        press(composer, KEYS.Key_Return)
    press(composer, KEYS.Key_Escape)
    await panel.idle(app)
    await panel.painted()
    seen = {"stopped": [waiting(app), app.controller.busy], "shot": await panel.shot("held.png")}
    seen["buttons"] = [button.text() for button in lines.lines()[0].findChildren(QtWidgets.QToolButton)]
    await panel.say(app, "something else", wait=False)
    write(app, "after that")
    press(composer, KEYS.Key_Return)
    seen["during"] = waiting(app)
    await panel.idle(app)
    seen["other"] = waiting(app)
    press(composer, KEYS.Key_Return)
    await panel.until(lambda: not lines.isVisible() and not app.controller.busy, "both were sent")
    seen["both"] = shown(app)
    await panel.say(app, "fails", wait=False)
    write(app, "three")
    press(composer, KEYS.Key_Return)
    await panel.idle(app)
    seen["failed"] = waiting(app)
    click(next(b for b in lines.lines()[0].findChildren(QtWidgets.QToolButton) if b.text() == "Send"))
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    return {**seen, "shown": shown(app), "left": waiting(app)}


async def compact(app):
    """A model that cannot be told anything meanwhile: it is the next message, and that is said."""
    load()
    app.controller._conversation.brain._profile = None
    await panel.say(app, "ask me something", wait=False)
    card = await chosen(app)
    type(app.conversation.brain).steers = property(lambda _self: False)
    write(app, "only chain A please")
    press(app.dock.composer, KEYS.Key_Return, KEYS.ControlModifier)
    seen = {"waiting": waiting(app), "said": shown(app)}
    card.choices[0].click()
    await panel.until(lambda: not app.dock.waiting.isVisible() and not app.controller.busy, "it was sent")
    return {**seen, "shown": shown(app)}


async def odd(app):
    """Text that is empty, endless, half a character, from right to left, or comes from an input method."""
    active()
    load()
    composer = app.dock.composer
    press(composer, KEYS.Key_Return)
    QTest.keyClicks(composer, "   ")
    press(composer, KEYS.Key_Return)
    seen = {"blank": app.controller.busy}
    composer.clear()
    low = composer.height()
    mime = QtCore.QMimeData()
    mime.setText("word " * 400_000)
    composer.insertFromMimeData(mime)
    seen["pasted"] = [len(text(app)), "1,940,000 characters of what was pasted are left out" in shown(app)]
    seen["heights"] = [low, composer.height(), app.dock.height()]
    composer.clear()
    seen["low_again"] = composer.height() == low
    QTest.keyClicks(composer, "word " * 40)
    seen["wrapped"] = composer.height() > low
    composer.clear()
    for part, commit in (("に", ""), ("にほん", ""), ("", "日本 @")):
        event = QtGui.QInputMethodEvent(part, [])
        event.setCommitString(commit)
        QtWidgets.QApplication.sendEvent(composer, event)
    await panel.until(lambda: rows(app), "the list is open")
    seen["input_method"] = text(app)
    press(composer, KEYS.Key_Return)
    seen["completed"] = text(app)
    composer.clear()
    composer.insertPlainText("😀 @1h")
    press(composer, KEYS.Key_Tab)
    seen["astral"] = text(app)
    composer.clear()
    composer.insertPlainText("שלום \ud83d <b>x</b> " + "\u202e@1hpv")
    seen["shot"] = await panel.shot("odd.png")
    press(composer, KEYS.Key_Escape)
    press(composer, KEYS.Key_Return)
    await panel.until(lambda: app.controller.busy, "the turn began")
    await panel.idle(app)
    return {**seen, "shown": shown(app).encode("utf-8", "replace").decode()}


async def keys(app):
    """With the list open no key reaches PyMOL; Tab goes on where nothing is completed."""
    active()
    load()
    cmd.edit("chain A and resi 25 and name CA")
    before = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    composer = app.dock.composer
    for start in ("/", "@", ""):
        for key, modifier in (
            (KEYS.Key_A, KEYS.AltModifier), (KEYS.Key_Z, KEYS.ControlModifier), (KEYS.Key_Delete, KEYS.NoModifier),
            (KEYS.Key_F1, KEYS.NoModifier), (KEYS.Key_Up, KEYS.NoModifier), (KEYS.Key_Down, KEYS.NoModifier),
            (KEYS.Key_PageUp, KEYS.NoModifier), (KEYS.Key_PageDown, KEYS.NoModifier),
            (KEYS.Key_Escape, KEYS.NoModifier), (KEYS.Key_Escape, KEYS.NoModifier),
        ):  # fmt: skip
            composer.clear()
            write(app, start)
            if start == "@":
                await panel.until(lambda: rows(app), "the list is open")
            press(composer, key, modifier)
    composer.clear()
    await panel.painted()
    after = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    app.dock.attach_selection("organic")
    app.dock.attach_selection("polymer")
    app.dock.chips.buttons()[0].setFocus()
    to_composer = await tab_to(composer, limit=4)
    to_send = await tab_to(app.dock._send, limit=2)
    return {"before": before, "after": after, "busy": app.controller.busy, "tabs": [to_composer, to_send]}


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
