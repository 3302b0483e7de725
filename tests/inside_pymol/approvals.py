"""What a person does with questions, undo and modes in the panel; `scenario` names the function."""

import sys

import panel
import report
from cards import KEYS, asked, chosen, click, focused, grab, load, press, shown, tab_to
from pymol import cmd
from pymol.Qt import QtWidgets
from report import QTest


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


def history(app):
    """Whether the head offers Undo turn and Redo."""
    return [app.dock.head.undo.isEnabled(), app.dock.head.redo.isEnabled()]


async def undo(app):
    """Three steps in a turn: undo from the second, redo, then by PyMOL's commands."""
    load()
    seen = {"history": [history(app)]}
    await panel.say(app, "red, blue, yellow")
    seen["history"].append(history(app))
    seen["done"] = [colours(), states(app), undo_buttons(app), app.dock.head.redo.isEnabled()]
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
    seen["history"].append(history(app))
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


async def recover(app):
    """The offer after a crash, taken and not."""
    heard = []
    for name in ("accept", "dismiss"):
        app.controller.offer_recovery(
            "PyMOL ended unexpectedly.", lambda: heard.append("back"), lambda: heard.append("dropped")
        )
        cards = app.dock.transcript.findChildren(QtWidgets.QFrame, "recoverCard")
        shot = await panel.shot(f"recover_{name}.png")
        click(getattr(cards[-1], name))
    return {"heard": heard, "shown": shown(app), "label": cards[0].accept.text(), "shot": shot}


async def keys(app):
    """Every key that PyMOL would take, in every field and button of the cards and in the dialogs."""
    load()
    cmd.edit("chain A and resi 25 and name CA")
    card = await asked(app, "clear it")
    before = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    app.controller.options.show_rules()
    app.controller.options.show_sent()
    rules, sent_last = app.controller.options._rules, app.controller.options._sent
    press(card.edit)
    targets = (card.deny, card.allow, card.edit, card.reason, card.command, card.always, card, rules, sent_last.text)
    pressed = 0
    for target in targets:
        for key, modifier in (
            (KEYS.Key_A, KEYS.AltModifier), (KEYS.Key_Z, KEYS.ControlModifier), (KEYS.Key_Delete, KEYS.NoModifier),
            (KEYS.Key_F1, KEYS.NoModifier), (KEYS.Key_Up, KEYS.NoModifier), (KEYS.Key_PageUp, KEYS.NoModifier),
            (KEYS.Key_Left, KEYS.NoModifier), (KEYS.Key_B, KEYS.NoModifier),
        ):  # fmt: skip
            press(target, key, modifier)
            pressed += 1
    await panel.painted()
    after = (cmd.get_names("all"), cmd.count_atoms(), cmd.get("text"), cmd.get_view())
    waits = app.controller.busy
    rules.close()
    sent_last.close()
    press(card.reason, KEYS.Key_Escape)
    await panel.idle(app)
    return {"pressed": pressed, "before": before, "after": after, "waits": waits, "shown": shown(app)}


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
