"""Chats that are found again, as a person does it in the panel; `scenario` names the function."""

import asyncio
import os
from pathlib import Path

import panel
import report
from cards import grab
from night import dark
from pymol import cmd
from pymol.Qt import QtCore
from report import QTest

from pymolcode_plugin.config import paths

KEYS = QtCore.Qt


def key(widget, name, modifier=KEYS.NoModifier):
    QTest.keyClick(widget, getattr(KEYS, f"Key_{name}"), modifier)


async def open_dialog(app, words=""):
    await panel.until(lambda: app.controller.sessions is not None, "the panel is ready")
    app.dock.composer.setPlainText(f"/sessions {words}".strip())
    key(app.dock.composer, "Return")
    await panel.until(lambda: app.controller.sessions.dialog is not None, "the dialog is there")
    return app.controller.sessions.dialog


def listed(dialog):
    return [row.title if row.session is None else f"- {row.title} | {row.detail}" for row in dialog.rows.rows]


async def have_a_chat(app):
    """Two chats in one PyMOL; nothing is listed before the first."""
    dialog = await open_dialog(app)
    await panel.until(lambda: dialog._nothing.text() != "Reading the chats…", "the empty folder was read")
    empty = dialog._nothing.text(), await grab(dialog, "sessions_empty.png")
    dialog.close()
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    await panel.say(app, "Colour chain A red")
    cmd.turn("y", 30)
    app.controller.new_chat()
    await panel.say(app, "What else is there?")
    await app.conversation.record.idle()
    dialog = await open_dialog(app)
    await panel.until(lambda: len(dialog.rows.rows) == 3, "both are listed")
    return {
        "empty": empty,
        "listed": listed(dialog),
        "view": cmd.get_view(),
        "folder": app.conversation.transcript.folder.name,
    }


async def find_and_resume(app):
    """Another PyMOL, another scene: a chat is found by what was said, looked at, and gone on with."""
    cmd.fragment("ala")
    dialog = await open_dialog(app)
    await panel.until(lambda: len(dialog.rows.rows) == 3, "both are listed")
    shots = [await grab(dialog, "sessions.png")]
    # Not Delete, which asks whether a chat may go.
    leaks = panel.leaked(dialog.search, dialog.view, dialog.close_button, last="F1")
    dialog.search.setFocus()
    QTest.keyClicks(dialog.search, "chain a")
    await panel.until(lambda: len(dialog.rows.rows) == 2, "one is found")
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "COLOURED it.")
    await panel.until(lambda: len(dialog.rows.rows) == 2 and dialog.rows.rows[1].snippet, "it is found by the answer")
    shots.append(await grab(dialog, "sessions_found.png"))
    found = dialog.rows.rows[1].snippet
    preview = dialog.preview.toPlainText()
    key(dialog.search, "Return")
    await panel.until(lambda: not dialog.isVisible(), "it opens")
    await panel.idle(app)
    shots.append(await panel.shot("sessions_resumed.png"))
    back = cmd.get_names(), cmd.count_atoms("color red and chain A"), cmd.get_view()
    said = app.dock.transcript.plain_text()
    await panel.say(app, "Go on")
    cmd.do("agent_undo step")
    await panel.until(lambda: cmd.get_names() == ["ala"], "undo brings back what was there")
    await panel.idle(app)
    return {
        "found": found, "preview": preview, "back": back, "said": said, "shots": shots, "leaks": leaks,
        "usage": app.dock.usage.toolTip(), "again": app.dock.transcript.plain_text(),
        "folder": app.conversation.transcript.folder.name,
    }  # fmt: skip


async def rename_and_delete(app):
    """In place, by keyboard; a chat that is open in another PyMOL is neither deleted nor written in."""
    dialog = await open_dialog(app)
    await panel.until(lambda: len(dialog.rows.rows) == 3, "both are listed")
    dialog.view.setFocus()
    key(dialog.view, "F2")
    await panel.until(dialog.strip.isVisible, "it asks for a title")
    shots = [await grab(dialog, "sessions_rename.png")]
    dialog.strip.title.clear()
    QTest.keyClicks(dialog.strip.title, "My figure")
    key(dialog.strip.title, "Return")
    await panel.until(lambda: "My figure" in "".join(listed(dialog)), "it has another title")
    still_open = dialog.isVisible()
    path = str(Path(report.ARGUMENTS["shots"]) / "figure.pymolcode")
    dialog.save_requested.emit(dialog.chosen().folder, path)
    await panel.until(lambda: dialog.result.text() == "Saved as figure.pymolcode.", "it is saved as a file")
    dialog.view.setFocus()
    key(dialog.view, "Delete")
    await panel.until(dialog.strip.isVisible, "it asks whether it may go")
    asked = dialog.strip.words.text()
    shots.append(await grab(dialog, "sessions_delete.png"))
    key(dialog.strip.no, "Escape")
    kept = not dialog.strip.isVisible() and dialog.isVisible() and len(dialog.rows.rows) == 3
    dialog.view.setFocus()
    key(dialog.view, "Delete")
    QTest.mouseClick(dialog.strip.yes, KEYS.LeftButton)
    await panel.until(lambda: len(dialog.rows.rows) == 2, "it is gone")
    left = listed(dialog)
    shots += await in_the_dark(dialog)
    dialog.open_requested.emit(path)
    await panel.until(lambda: not dialog.isVisible(), "the file opens")
    await panel.idle(app)
    shots.append(await panel.shot("sessions_from_file_dark.png"))
    return {
        "listed": left, "asked": asked, "kept": kept, "still_open": still_open, "shots": shots,
        "said": app.dock.transcript.plain_text(), "names": cmd.get_names(),
    }  # fmt: skip


async def in_the_dark(dialog):
    dialog.close()
    dark()
    dialog.resize(320, 480)
    dialog.show()
    return [await grab(dialog, "sessions_dark_narrow.png")]


async def stay_open(app):
    """Goes on with the newest chat as `pymolcode resume` does, says so, and waits to be killed."""
    from pymolcode_plugin import plugin

    newest = max(paths.sessions_folder().glob("*/transcript.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    plugin.resume(newest.parent.name)
    await panel.until(lambda: app.conversation.transcript.folder == newest.parent, "it opens")
    await panel.until(lambda: cmd.get_names() == ["1hpv"], "in its scene")
    await panel.idle(app)
    report.write({"folder": app.conversation.transcript.folder.name})
    await asyncio.Event().wait()


async def open_it_too(app):
    """While another PyMOL has it, a copy opens; the original is as it was."""
    dialog = await open_dialog(app)
    await panel.until(lambda: len(dialog.rows.rows) == 3, "both are listed")
    elsewhere = listed(dialog)
    where, button = dialog.where.text(), dialog.resume.text()
    shots = [await grab(dialog, "sessions_elsewhere.png")]
    removable = dialog.remove.isEnabled()
    dialog._on_resume_clicked()
    await panel.until(lambda: not dialog.isVisible(), "it opens")
    await panel.idle(app)
    await panel.say(app, "In the copy")
    return {
        "listed": elsewhere, "where": where, "button": button, "removable": removable, "shots": shots,
        "folder": app.conversation.transcript.folder.name, "said": app.dock.transcript.plain_text(),
    }  # fmt: skip


async def question(app):
    """A session that another installation wrote."""
    dialog = await open_dialog(app)
    await panel.until(lambda: len(dialog.rows.rows) == 3, "both are listed")
    dialog._on_resume_clicked()
    await panel.until(lambda: app.dock.transcript._questions, "it asks")
    shots = [await panel.shot("sessions_question.png")]
    (card,) = app.dock.transcript._questions.values()
    text = card.plain_text()
    QTest.mouseClick(card.deny, KEYS.LeftButton)
    await panel.idle(app)
    return {"text": text, "names": cmd.get_names(), "said": app.dock.transcript.plain_text(), "shots": shots}


panel.script(globals()[report.ARGUMENTS["scenario"]])
