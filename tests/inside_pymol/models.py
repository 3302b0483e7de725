"""Signing in and choosing a model, as a person does it in the panel; `scenario` names the function."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

import panel
import report
from cards import grab
from night import dark
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtWidgets
from report import QTest

KEYS = QtCore.Qt
SECRET = "gsk-canary-typed-into-the-panel-0123456789"


def click(widget):
    assert widget.isVisible(), widget.objectName() or type(widget).__name__
    assert widget.isEnabled(), widget.objectName() or type(widget).__name__
    QTest.mouseClick(widget, KEYS.LeftButton)


def head(app):
    shown = app.dock.head
    return {
        "model": shown.model.name,
        "phase": shown.phase,
        "download": shown.download.isVisible(),
        "sign_in": shown.sign_in.isVisible(),
    }


def way(dialog, kind):
    for number in range(dialog.tabs.count()):
        if type(dialog.tabs.widget(number)).__name__ == kind and dialog.tabs.tabText(number) != "Code":
            dialog.tabs.setCurrentIndex(number)
            return dialog.tabs.widget(number)
    raise AssertionError(kind)


async def opened(app, button):
    click(button)
    await panel.until(lambda: app.controller.sign_in.dialog is not None, "the dialog is there")
    dialog = app.controller.sign_in.dialog
    await panel.until(lambda: dialog.list.topLevelItemCount() and dialog.isVisible(), "providers are listed")
    return dialog


async def to_custom(app, dialog):
    """The way of somebody who only has a keyboard."""
    QTest.keyClicks(dialog.search, "compatible")
    QTest.keyClick(dialog.search, KEYS.Key_Return)
    await panel.until(lambda: dialog.shown_id == "custom", "its page is open")


def stored():
    path = Path(os.environ["HOME"]) / ".pymolcode" / "auth.json"
    return json.loads(path.read_text()) if path.is_file() else {}


async def browser(app):
    """A first start: no model at all, then signed in in the browser, then a question is answered."""
    await panel.until(lambda: app.dock.head.phase == "absent", "the built-in model is found to be absent")
    seen = {"first": head(app), "first_shot": await panel.shot("first.png")}
    await panel.say(app, "hello?")
    notice = [b for b in app.dock.transcript.findChildren(QtWidgets.QPushButton) if b.text() == "Sign in…"]
    seen["offered"] = len(notice)
    seen["notice_shot"] = await panel.shot("notice.png")
    dialog = await opened(app, notice[0])
    seen["list_shot"] = await grab(dialog, "providers.png")
    await to_custom(app, dialog)
    form = way(dialog, "OAuthForm")
    QTest.keyClicks(form.address, report.ARGUMENTS["address"])
    seen["page_shot"] = await grab(dialog, "provider.png")
    click(form.begin)
    await panel.until(lambda: dialog.state.text().startswith("Signed in as"), "the browser came back")
    seen["state"] = dialog.state.text()
    await panel.until(lambda: "lists" in dialog.result.text(), "its models were read")
    seen["result"] = dialog.result.text()
    seen["done_shot"] = await grab(dialog, "signed_in.png")
    QTest.keyClick(dialog, KEYS.Key_Escape)
    seen["closed"] = not dialog.isVisible()
    await panel.until(lambda: app.dock.head.phase == "ready", "the chat has a model")
    seen["then"] = head(app)
    await panel.say(app, "and now?")
    return {**seen, "shown": app.dock.transcript.plain_text(), "usage": app.dock.usage.words.text()}


async def device(app):
    """A code, typed at another device; then signed out again."""
    from tests.auth.people import Person

    person = Person()
    await panel.until(lambda: app.dock.head.phase == "absent", "the built-in model is found to be absent")
    dialog = await opened(app, app.dock.head.sign_in)
    await to_custom(app, dialog)
    dialog.tabs.setCurrentIndex([dialog.tabs.tabText(n) for n in range(dialog.tabs.count())].index("Code"))
    form = dialog.tabs.currentWidget()
    QTest.keyClicks(form.address, report.ARGUMENTS["address"])
    click(form.begin)
    await panel.until(lambda: dialog.waiting.code.text(), "the code is shown")
    waiting = dialog.waiting
    seen = {"code_shot": await grab(dialog, "code.png"), "left": waiting.left.text(), "code": waiting.code.text()}
    click(waiting.copy_code)
    seen["copied"] = QtWidgets.QApplication.clipboard().text()
    from pymolcode_plugin.auth.credentials import DeviceCode

    page = waiting.where.text()
    code = DeviceCode(
        user_code=waiting.code.text(), verification_uri=page, verification_uri_complete=waiting._address, expires_at=0
    )
    person.show_code(code)
    await panel.until(lambda: dialog.state.text().startswith("Signed in"), "the code was typed")
    await person.done()
    seen["state"] = dialog.state.text()
    await panel.until(lambda: "lists" in dialog.result.text(), "its models were read")
    click(dialog.sign_out)
    await panel.until(lambda: "Signed out" in dialog.result.text(), "signed out")
    return {**seen, "out": dialog.result.text(), "stored": list(stored()), "left_over": waiting.code.text()}


async def cancelled(app):
    """Esc cancels what runs, then closes; the second time the window is closed instead."""
    await panel.until(lambda: app.dock.head.phase == "absent", "the built-in model is found to be absent")
    dialog = await opened(app, app.dock.head.sign_in)
    await to_custom(app, dialog)
    form = way(dialog, "OAuthForm")
    QTest.keyClicks(form.address, report.ARGUMENTS["address"])
    click(form.begin)
    await panel.until(lambda: dialog.waiting.open_page.isVisible(), "the browser is waited for")
    seen = {"waiting_shot": await grab(dialog, "waiting.png"), "words": dialog.waiting.words.text()}
    QTest.keyClick(dialog, KEYS.Key_Escape)
    await panel.until(lambda: dialog.result.text().startswith("Cancelled"), "it is cancelled")
    seen["still_open"] = dialog.isVisible()
    click(form.begin)
    await panel.until(lambda: dialog.waiting.open_page.isVisible(), "the browser is waited for again")
    task = app.controller.sign_in._running
    dialog.close()
    await panel.until(task.done, "what ran ended")
    return {**seen, "cancelled": task.cancelled(), "stored": list(stored()), "closed": not dialog.isVisible()}


async def key(app):
    """A key by hand: refused words first, then saved, and nowhere to be found in the window afterwards."""
    if report.ARGUMENTS.get("dark"):
        dark()
    await panel.until(lambda: app.dock.head.phase == "absent", "the built-in model is found to be absent")
    dialog = await opened(app, app.dock.head.sign_in)
    QTest.keyClicks(dialog.search, "google")
    QTest.keyClick(dialog.search, KEYS.Key_Return)
    dialog.tabs.setCurrentIndex(1)
    own_client = await grab(dialog, "own_client.png")
    missing = dialog.tabs.currentWidget().layout().itemAt(0).widget().text()
    click(dialog.back)
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "groq")
    QTest.keyClick(dialog.search, KEYS.Key_Return)
    await panel.until(lambda: dialog.shown_id == "groq", "its page is open")
    form = way(dialog, "KeyForm")
    QTest.keyClicks(form.key, "two words")
    QTest.keyClick(form.key, KEYS.Key_Return)
    await panel.until(lambda: dialog.result.text(), "it is refused")
    seen = {
        "own_client": [missing, own_client],
        "refused": dialog.result.text(),
        "key_shot": await grab(dialog, "key.png"),
    }
    QtWidgets.QApplication.clipboard().setText(f"{SECRET}\n")
    click(form.paste)
    QtWidgets.QApplication.clipboard().clear()
    click(form.save)
    await panel.until(lambda: dialog.state.text() == "Key saved", "it is saved")
    await panel.until(lambda: "models" in dialog.result.text() and "Asking" not in dialog.result.text(), "tried")
    everything = [
        widget
        for window in QtWidgets.QApplication.topLevelWidgets()
        for widget in window.findChildren(QtWidgets.QWidget)
    ]
    seen["leaked"] = panel.leaked(dialog.search, dialog.list, dialog.back, dialog)
    texts = [
        str(getattr(widget, name)())
        for widget in everything
        for name in ("text", "toPlainText", "toolTip")
        if callable(getattr(widget, name, None))
    ]
    return {
        **seen,
        "result": dialog.result.text(),
        "in_window": sum(SECRET in text for text in texts),
        "stored": stored()["groq"]["access_token"] == SECRET,
    }


async def pick(app):
    """The picker: models of several providers, one that refuses the key, one that never answers; another is chosen."""
    if report.ARGUMENTS.get("dark"):
        dark()
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready")
    await panel.say(app, "hello")
    began = time.perf_counter()
    click(app.dock.head.model)
    picker = app.controller.models.picker
    seen = {"opened_ms": 1000 * (time.perf_counter() - began)}
    kinds = set()

    def refused():
        kinds.update(row.kind for row in picker.rows.rows)
        return "failed" in kinds

    await panel.until(refused, "a refusal is shown")
    await panel.until(lambda: sum(row.kind == "model" for row in picker.rows.rows) > 400, "models are listed")
    seen["focus"] = picker.search.hasFocus()
    seen["picker_shot"] = await grab(picker, "picker.png")
    refused()
    seen["kinds"] = sorted(kinds)
    seen["chosen_first"] = picker.chosen_row().model.name
    gaps = []
    last = time.perf_counter()
    for letter in "model 4":
        QTest.keyClick(picker.search, letter)
        await asyncio.sleep(0)
        await asyncio.sleep(0.02)
        gaps.append(1000 * (time.perf_counter() - last) - 20)
        last = time.perf_counter()
    seen["slowest_key_ms"] = max(gaps)
    picker.search.clear()
    QTest.keyClicks(picker.search, "anthropic")
    await panel.until(lambda: picker.chosen_row() is not None, "something is chosen")
    seen["would_help"] = picker.use.text()
    picker.search.clear()
    click(picker.why_button)
    seen["why_shot"] = await grab(picker, "why.png")
    seen["layers"] = picker.why.toPlainText()
    picker.resize(320, 560)
    seen["narrow_shot"] = await grab(picker, "picker_narrow.png")
    seen["narrow"] = picker.width()
    QTest.keyClicks(picker.search, "second")
    seen["leaked"] = panel.leaked(picker.view, picker.why_button, picker)
    picker.search.setText("second")
    picker.search.setFocus()
    picker.always.setChecked(report.ARGUMENTS.get("always", "") != "")
    QTest.keyClick(picker.search, KEYS.Key_Return)
    await panel.until(lambda: app.dock.head.model.name == "second" and app.dock.head.phase == "ready", "it is in use")
    await panel.until(lambda: not picker.isVisible() or picker.result.isVisible(), "the picker says how it went")
    seen["said"] = picker.result.text() if picker.isVisible() else ""
    picker.close()
    await panel.say(app, "and you?")
    return {
        **seen,
        "stored": stored(),
        "shown": app.dock.transcript.plain_text(),
        "usage_shot": await panel.shot("usage.png"),
    }


async def while_busy(app):
    """Another model is chosen while a turn runs; it is asked at the next message."""
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready")
    await panel.say(app, "think", wait=False)
    await panel.until(lambda: "Let me" in app.dock.transcript.plain_text(), "the answer began")
    click(app.dock.head.model)
    picker = app.controller.models.picker
    await panel.until(lambda: any(row.title == "second" for row in picker.rows.rows), "models are listed")
    QTest.keyClicks(picker.search, "second")
    QTest.keyClick(picker.search, KEYS.Key_Return)
    await panel.until(lambda: not picker.isVisible(), "it is taken")
    during = app.dock.transcript.plain_text()
    click(app.dock._send)
    await panel.idle(app)
    await panel.say(app, "and now?")
    return {"during": during, "shown": app.dock.transcript.plain_text(), "model": app.dock.head.model.name}


async def pictures(app):
    """What the documentation shows: a sign-in with a code, and the picker."""
    if report.ARGUMENTS.get("dark"):
        dark()
    QtWidgets.QApplication.setActiveWindow(get_qtwindow())
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    cmd.do("as cartoon; util.cbc; show sticks, organic; util.cbag organic; orient; bg_color white")
    await panel.until(lambda: app.dock.head.phase == "ready", "the model is ready")
    await panel.say(app, "Which chains are there, and what is the ligand?")
    corner = app.dock.mapToGlobal(QtCore.QPoint(0, 0))
    app.dock.sign_in_requested.emit("openai")
    dialog = app.controller.sign_in.dialog
    await panel.until(lambda: dialog.shown_id == "openai", "its page is open")
    dialog.move(corner + QtCore.QPoint(-480, 200))
    seen = {"page": await screen("sign-in-page.png")}
    dialog.show_list()
    seen["list"] = await screen("sign-in.png")
    dialog.close()
    click(app.dock.head.model)
    picker = app.controller.models.picker
    picker.move(corner + QtCore.QPoint(-480, 100))
    await panel.until(lambda: sum(row.kind == "model" for row in picker.rows.rows) > 10, "models are listed")
    await panel.until(lambda: "Ollama" in [row.title for row in picker.rows.rows], "all have answered")
    seen["rows"] = [row.spoken for row in picker.rows.rows]
    return {**seen, "models": await screen("models.png")}


async def screen(name):
    """The window with the dialog over it."""
    await panel.painted()
    path = Path(report.ARGUMENTS.get("shots", ".")) / name
    area = get_qtwindow().frameGeometry()
    whole = QtWidgets.QApplication.primaryScreen().grabWindow(0, area.x(), area.y(), area.width(), area.height())
    whole.save(str(path))
    return str(path)


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
