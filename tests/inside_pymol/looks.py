"""How the panel looks: narrow, in the dark, its menu and dialogs; `scenario` names the function."""

import os
import sys
import tempfile
from pathlib import Path

import panel
import report
from cards import KEYS, asked, click, grab, load, press, shown
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui, QtWidgets
from report import QTest

from pymolcode_plugin.core.events import ModelState


def too_wide(app):
    """Names of widgets in the transcript that reach beyond what is seen of it."""
    inside = app.dock.transcript.widget()
    limit = app.dock.transcript.viewport().width()
    names = []
    for widget in inside.findChildren(QtWidgets.QWidget):
        if widget.isVisible() and not widget.objectName().startswith("qt_"):
            right = widget.mapTo(inside, QtCore.QPoint(widget.width(), 0)).x()
            if right > limit or widget.width() < widget.minimumSizeHint().width() < 100:
                names.append([widget.objectName() or type(widget).__name__, right])
    return names


async def looked_at(app, name):
    picture = await panel.shot(name)
    return too_wide(app), picture


async def narrow(app):
    """Everything at 320 px: a question with long lines, then the steps, then a choice."""
    load()
    app.controller.options.set_mode(type(app.controller.options.mode)("ask"))
    window = get_qtwindow()
    window.resizeDocks([app.dock], [320], QtCore.Qt.Horizontal)
    card = await asked(app, "tidy up")
    heights = card.command.height(), card._effects.height()
    seen = {"dock": app.dock.width(), "heights": heights, "question": await looked_at(app, "narrow1.png")}
    click(card.edit)
    seen["editing"] = await looked_at(app, "narrow2.png")
    click(card.edit)
    click(card.allow)
    await panel.until(lambda: app.dock.transcript._choices, "the choice stands")
    seen["choice"] = await looked_at(app, "narrow3.png")
    (choice_card,) = app.dock.transcript._choices.values()
    choice_card.choices[0].click()
    await panel.idle(app)
    app.dock.transcript._steps["call1_0"]._head.click()
    app.controller.options.set_mode(type(app.controller.options.mode)("plan"))
    app.dock.transcript.verticalScrollBar().setValue(0)
    seen["steps"] = await looked_at(app, "narrow4.png")
    state = {"model": "Qwen 3 of some size", "phase": "absent", "detail": "Not downloaded (1.1 GB)"}
    app.dock.head.set_model_state(ModelState(**state))
    seen["head"] = [app.dock.width(), app.dock.head.height(), await panel.shot("narrow5.png")]
    detail = (
        "The built-in model could not start: the file of its weights is damaged. Download it again, or see the log."
    )
    app.dock.head.set_model_state(ModelState(**{**state, "phase": "failed", "detail": detail}))
    seen["failed"] = [app.dock.width(), app.dock.head.height(), await panel.shot("narrow6.png")]
    return seen


async def options(app):
    """The menu by the keyboard alone."""
    load()
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready")
    button = app.dock.head.options
    name = button.accessibleName()
    button.setFocus()
    press(button)
    menu = app.dock.findChild(QtWidgets.QMenu)
    titles = [action.text() for action in menu.actions() if action.text()]
    tips = [action.toolTip() for action in menu.actions() if action.isCheckable()]
    press(menu, KEYS.Key_Down)
    press(menu, KEYS.Key_Down)
    shot = await panel.shot("options.png")
    press(menu, KEYS.Key_Return)
    mode = app.controller.options.mode.value
    await panel.painted()
    outgoing = app.conversation.outgoing
    seen = {"local": outgoing.leaves_machine, "statement": outgoing.statement(), "enabled": kinds(app, toggle=None)[0]}
    outgoing.model_is("https://models.example.org/v1", "far")
    seen["elsewhere"] = kinds(app, toggle="Coordinates")
    seen["withheld"] = sorted(kind.value for kind in outgoing.withheld)
    seen["then"] = kinds(app, toggle="Coordinates")
    seen["none"] = sorted(kind.value for kind in outgoing.withheld)
    menu = app.controller.options.show_menu()
    (inner,) = (action.menu() for action in menu.actions() if action.menu())
    inner.popup(get_qtwindow().mapToGlobal(QtCore.QPoint(500, 220)))
    await panel.shot("options_sent.png")
    inner.close()
    only = next(action for action in menu.actions() if action.text() == "This machine only")
    only.trigger()
    menu.close()
    return {
        **seen, "name": name, "titles": titles, "tips": tips, "shot": shot, "mode": mode,
        "label": app.dock.head.mode.text(), "only": outgoing.this_machine_only, "refused": outgoing.statement(),
    }  # fmt: skip


def kinds(app, toggle):
    """The entries of what is sent, as (text, checked) where they can be chosen; then one is toggled."""
    menu = app.controller.options.show_menu()
    (inner,) = (action.menu() for action in menu.actions() if action.menu())
    entries = [action for action in inner.actions() if action.isCheckable()]
    found = [[action.text(), action.isChecked()] for action in entries if action.isEnabled()]
    for action in entries:
        if action.text() == toggle:
            action.trigger()
    menu.close()
    return found, inner.actions()[0].text()


async def sent(app):
    """What was sent last: read, searched, copied."""
    load()
    app.controller.options.show_sent()
    dialog = app.controller.options._sent
    empty = dialog.text.toPlainText()
    await panel.say(app, "colour the flaps <b>teal</b>")
    click(dialog.refresh)
    QTest.keyClicks(dialog.search, "TEAL")
    found = dialog.text.textCursor().selectedText(), dialog.found.text()
    shot = await grab(dialog, "sent.png")
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "no such words")
    click(dialog.copy)
    return {
        "empty": empty,
        "found": found,
        "not_found": dialog.found.text(),
        "modal": dialog.isModal(),
        "copied": QtWidgets.QApplication.clipboard().text(),
        "shot": shot,
    }


def contrast(picture, widget):
    """Between the lightest and the darkest pixel of a widget on a picture of the window, as WCAG reckons it."""
    corner = widget.mapTo(get_qtwindow(), QtCore.QPoint(0, 0))
    part = picture.copy(QtCore.QRect(corner, widget.size()).adjusted(3, 3, -3, -3))
    lights = [
        sum(
            weight * ((value + 0.055) / 1.055) ** 2.4
            for weight, value in zip((0.2126, 0.7152, 0.0722), part.pixelColor(x, y).getRgbF(), strict=False)
        )
        for x in range(part.width())
        for y in range(part.height())
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def legible(app, path, card):
    """The contrast of what must be read, by name."""
    picture = QtGui.QImage(path)
    steps = list(app.dock.transcript._steps.values())
    widgets = {
        "model": app.dock.head.model, "state": app.dock.head.state, "effects": card._effects,
        "command": card.command, "always": card._always_words, "box": card.always, "allow": card.allow,
        "deny": card.deny, "reason": card.reason, "waiting": steps[-1]._head, "undone": steps[-2]._head,
    }  # fmt: skip
    return {name: contrast(picture, widget) for name, widget in widgets.items()}


async def gallery(app):
    """Every kind of card at once, for a person to look at; in the dark, where the test says so."""
    if report.ARGUMENTS.get("dark"):
        dark()
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())  # no window manager does it
    load()
    cmd.do("as cartoon; show sticks, organic; util.cbag organic; zoom organic, 12")
    await panel.say(app, "red, blue, yellow")
    click(list(app.dock.transcript._steps.values())[1].undo)
    await panel.idle(app)
    card = await asked(app, "now clear away the waters and the second chain")
    first = await panel.shot("gallery1.png")
    read = legible(app, first, card)
    click(card.edit)
    editing = await panel.shot("gallery2.png")
    click(card.edit)
    click(card.allow)
    await panel.until(lambda: app.dock.transcript._choices, "the choice stands")
    choosing = await panel.shot("gallery3.png")
    (choice_card,) = app.dock.transcript._choices.values()
    choice_card.choices[1].click()
    await panel.idle(app)
    menu = app.controller.options.show_menu()
    last = await panel.shot("gallery4.png")
    menu.close()
    return {"legible": read, "shots": [first, editing, choosing, last]}


async def pictures(app):
    """What the documentation shows: shipped tools on 1HPV, a question, then its diff and an undone step."""
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())
    folder = Path(tempfile.gettempdir()) / "hiv-protease"  # it is seen in the picture
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    load()
    cmd.do("as cartoon; util.cbc; show sticks, organic; util.cbag organic; orient; bg_color white")
    card = await asked(app, "Only chain A and the ligand, please")
    seen = {
        "question": card.plain_text(),
        "always": card.always.isVisible(),
        "approval": await panel.shot("approval.png"),
    }
    click(card.allow)
    await panel.idle(app)
    await panel.say(app, "Chain A as a surface, coloured from N to C")
    click(list(app.dock.transcript._steps.values())[-1].undo)
    await panel.idle(app)
    return {**seen, "diff": await panel.shot("diff-and-undo.png"), "shown": shown(app)}


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
