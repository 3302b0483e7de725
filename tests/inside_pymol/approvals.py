"""What a person does with questions, undo, modes and privacy in the panel; `scenario` names the function."""

import os
import sys
import tempfile
from pathlib import Path

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui, QtWidgets
from PyQt5.QtTest import QTest

from pymolcode_plugin.core.events import ModelState
from pymolcode_plugin.core.risk import Assessment, Risk
from pymolcode_plugin.core.tool import Tool, ToolArgs, ToolResult
from pymolcode_plugin.tools import catalogue

KEYS = QtCore.Qt


class TidyArgs(ToolArgs):
    """Clear things away."""

    commands: str


async def tidy(args, context):
    output = await context.scene.run_commands(args.commands)
    warnings = tuple(report.ARGUMENTS.get("warnings", ()))
    return ToolResult(ok=output.ok, text="\n".join(output.lines), error=" ".join(output.errors), warnings=warnings)


async def tidy_does(args, _scene):
    effects = tuple(report.ARGUMENTS.get("effects", ["deletes 1 object, 1,631 atoms"]))
    return Assessment(risks=frozenset({Risk.DESTROY}), effects=effects, commands=("tidy",))


class WhichArgs(ToolArgs):
    """Ask the person."""

    question: str
    choices: tuple[str, ...] = ()


async def which(args, context):
    text = await context.person.choose(call_id=context.call_id, question=args.question, choices=args.choices)
    return ToolResult(text=f"answered: {text!r}")


async def which_does(_args, _scene):
    return Assessment()


# Tools whose question can be answered for good, with effects that the test gives, whatever the shipped ones do.
TIDY = Tool("tidy", TidyArgs, tidy, tidy_does, lambda args: args.commands, editable="commands")
WHICH = Tool("which", WhichArgs, which, which_does, lambda args: args.question)
catalogue.TOOLS = (*catalogue.TOOLS, TIDY, WHICH)


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


async def tab_to(widget, key=KEYS.Key_Tab, limit=6):
    """Press Tab until a widget has the focus; how often that was."""
    for pressed in range(limit):
        if focused() is widget:
            return pressed
        press(focused(), key)
        await panel.painted()
    raise AssertionError(f"{limit} times Tab never reached {widget.objectName()}")


async def edit(app):
    """Edit the command with the keyboard alone, then allow it."""
    load()
    card = await asked(app, "clear it")
    steps = [await tab_to(card.edit, KEYS.Key_Backtab)]
    press(focused())
    before = card.allow.text(), card.edit.text(), focused() is card.command
    press(focused(), KEYS.Key_A, KEYS.ControlModifier)
    press(focused(), KEYS.Key_Delete)
    emptied = card.allow.isEnabled()
    QTest.keyClicks(focused(), "remove solvent")
    editing = await panel.shot("editing.png")
    steps.append(await tab_to(card.allow))
    press(focused(), KEYS.Key_Return)
    await panel.idle(app)
    return {
        "steps": steps,
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


async def always(app):
    """Allow for good, and be asked again once that is revoked."""
    load()
    card = await asked(app, "tidy up")
    words = card.always.accessibleName()
    click(card._always_words)
    ticked = card.always.isChecked()
    shot = await panel.shot("always.png")
    click(card.allow)
    await panel.idle(app)
    load()
    await panel.say(app, "tidy up again")
    unasked = cmd.get_names()
    app.controller.options.show_rules()
    dialog = app.controller.options._rules
    n_rules = len(dialog.revoke)
    rules = await grab(dialog, "rules.png")
    click(dialog.revoke[0])
    n_left = len(dialog.revoke)
    empty = await grab(dialog, "rules_empty.png")
    dialog.close()
    load()
    card = await asked(app, "and again")
    click(card.deny)
    await panel.idle(app)
    return {
        "words": words,
        "ticked": ticked,
        "unasked": unasked,
        "rules": [n_rules, n_left],
        "again": cmd.get_names(),
        "shown": shown(app),
        "shots": [shot, rules, empty],
    }


async def grab(window, name):
    """A picture of another window; without a window manager it may lie under PyMOL's."""
    await panel.painted()
    path = Path(report.ARGUMENTS.get("shots", ".")) / name
    window.grab().save(str(path))
    return str(path)


async def plan(app):
    load()
    before = app.dock.head.mode.isVisible()
    cmd.do("agent_mode plan")
    label = app.dock.head.mode.text(), app.dock.head.mode.isVisible()
    await panel.say(app, "colour it red")
    red = cmd.count_atoms("color red")
    shot = await panel.shot("plan.png")
    cmd.do("agent_mode ask")
    after = app.dock.head.mode.isVisible()
    cmd.do("agent_mode maybe")
    await panel.say(app, "colour it red")
    return {
        "before": before,
        "label": label,
        "red": red,
        "shot": shot,
        "after": after,
        "mode": app.controller.options.mode.value,
        "red_then": cmd.count_atoms("color red"),
        "shown": shown(app),
    }


async def mode_by_model(app):
    load()
    card = await asked(app, "be bold")
    question = card.plain_text()
    click(card.deny)
    await panel.idle(app)
    return {"question": question, "mode": app.controller.options.mode.value}


def colours():
    return {name: cmd.count_atoms(f"color {name}") for name in ("red", "blue", "yellow")}


def states(app):
    return [card.property("state") for card in app.dock.transcript._steps.values()]


def undo_buttons(app):
    return [card.undo.isVisible() for card in app.dock.transcript._steps.values()]


async def undo(app):
    """Three steps in a turn: undo from the second, redo, then by PyMOL's commands."""
    load()
    await panel.say(app, "red, blue, yellow")
    seen = {"done": [colours(), states(app), undo_buttons(app), app.dock.head.redo.isEnabled()]}
    cards = list(app.dock.transcript._steps.values())
    click(cards[1].undo)
    await panel.idle(app)
    seen["middle"] = [colours(), states(app), undo_buttons(app), app.dock.head.redo.isEnabled()]
    seen["shot"] = await panel.shot("undo.png")
    click(app.dock.head.redo)
    await panel.idle(app)
    seen["redone"] = [colours(), states(app), app.dock.head.redo.isEnabled()]
    cmd.do("agent_undo step")
    await panel.idle(app)
    seen["step"] = [colours(), states(app)]
    cmd.do("agent_undo")
    await panel.idle(app)
    seen["turn"] = [colours(), states(app)]
    cmd.do("agent_redo")
    await panel.idle(app)
    seen["again"] = [colours(), states(app)]
    cmd.do("agent_undo everything")
    return {**seen, "end": colours(), "shown": shown(app)}


async def by_hand(app):
    """Undo where something was changed by hand since: keep it, then not."""
    load()
    await panel.say(app, "red")
    cmd.do("color blue, chain B")
    click(app.dock.head.undo)
    card = await asked(app)
    seen = {
        "buttons": [card.allow.text(), card.deny.text(), focused() is card.deny],
        "field": card.command.isVisible() or card.reason.isVisible() or card.edit.isVisible(),
        "question": card.plain_text(),
        "shot": await panel.shot("by_hand.png"),
        "busy": app.controller.busy,
    }
    press(card.deny, KEYS.Key_Return)
    await panel.idle(app)
    seen["kept"] = colours()
    click(app.dock.head.undo)
    card = await asked(app)
    press(card.deny, KEYS.Key_Escape)
    await panel.idle(app)
    seen["stopped"] = colours()
    click(app.dock.head.undo)
    card = await asked(app)
    click(card.allow)
    await panel.idle(app)
    return {**seen, "undone": colours(), "shown": shown(app)}


async def chosen(app):
    await panel.until(lambda: app.dock.transcript._choices, "the question stands")
    await panel.painted()
    (card,) = app.dock.transcript._choices.values()
    return card


async def choice(app):
    """A button, own words, dismissed, and Stop."""
    load()
    await panel.say(app, "which one?", wait=False)
    card = await chosen(app)
    first = focused() is card.choices[0]
    press(focused(), KEYS.Key_Tab)
    shot = await panel.shot("choice.png")
    press(focused(), KEYS.Key_Return)
    await panel.idle(app)
    back = focused() is app.dock.composer
    await panel.say(app, "and now?", wait=False)
    card = await chosen(app)
    QTest.keyClicks(card.own_words, "the <b>third</b>")
    press(card.own_words, KEYS.Key_Return)
    await panel.idle(app)
    await panel.say(app, "and now?", wait=False)
    click((await chosen(app)).dismiss)
    await panel.idle(app)
    await panel.say(app, "and now?", wait=False)
    press((await chosen(app)).choices[0], KEYS.Key_Escape)
    await panel.idle(app)
    return {"first": first, "back": back, "shot": shot, "shown": shown(app), "again": await panel.shot("chosen.png")}


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


async def recover(app):
    """The offer after a crash, taken and not."""
    heard = []
    for name in ("accept", "dismiss"):
        app.controller.offer_recovery(
            "PyMOL ended unexpectedly.", "14:32", lambda: heard.append("back"), lambda: heard.append("dropped")
        )
        cards = app.dock.transcript.findChildren(QtWidgets.QFrame, "recoverCard")
        shot = await panel.shot(f"recover_{name}.png")
        click(getattr(cards[-1], name))
    return {"heard": heard, "shown": shown(app), "label": cards[0].accept.text(), "shot": shot}


def dark():
    """A palette as a dark desktop gives it."""
    palette = QtGui.QPalette()
    roles = QtGui.QPalette
    for role, colour in (
        (roles.Window, "#232629"), (roles.WindowText, "#eff0f1"), (roles.Base, "#1b1e20"), (roles.Text, "#eff0f1"),
        (roles.AlternateBase, "#2a2e32"), (roles.Button, "#31363b"), (roles.ButtonText, "#eff0f1"),
        (roles.Highlight, "#3daee9"), (roles.HighlightedText, "#ffffff"), (roles.ToolTipBase, "#31363b"),
        (roles.ToolTipText, "#eff0f1"), (roles.Mid, "#5c6267"), (roles.PlaceholderText, "#8a8f94"),
    ):  # fmt: skip
        palette.setColor(role, QtGui.QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(roles.Disabled, role, QtGui.QColor("#6e7378"))
    window = get_qtwindow()
    sheet = window.styleSheet()
    QtWidgets.QApplication.setPalette(palette)
    window.setStyleSheet("")  # PyMOL's own, which else keeps the palette it started with
    window.setStyleSheet(sheet)


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
    return {"shots": [first, editing, choosing, last]}


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
