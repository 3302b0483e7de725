"""What a person does with the settings and the doctor; `scenario` names the function."""

import sys

import panel
import report
from cards import KEYS, click, focused, grab, press, shown
from pymol.Qt import QtCore, QtWidgets
from report import QTest

from pymolcode_plugin.config import paths


def config():
    path = paths.user_folder() / "config.yaml"
    return path.read_text() if path.exists() else ""


async def settings(app):
    """Open by a slash command, change by keyboard and mouse; the session follows and the file keeps its comments."""
    panel.write(app, "/settings safety")
    press(focused(), KEYS.Key_Return)
    dialog = app.controller.settings.dialog
    await panel.until(lambda: dialog.fields["command_limit_s"].field.text() == "120", "the settings are shown")
    shots = [await grab(dialog, "settings_safety.png")]
    section = dialog.sections.currentItem().text()
    combo = dialog.fields["mode"].field
    combo.setFocus()
    press(combo, KEYS.Key_Down)
    combo.activated.emit(combo.currentIndex())
    await panel.until(lambda: "mode: auto" in config(), "the mode is written")
    await panel.until(lambda: app.controller.options.mode.value == "auto", "the session follows")
    dialog.sections.setCurrentRow(3)
    budget = dialog.fields["budget_usd"].field
    budget.setFocus()
    QTest.keyClicks(budget, "lots")
    press(budget, KEYS.Key_Return)
    wrong = dialog.fields["budget_usd"].problem.text(), dialog.isVisible()
    shots.append(await grab(dialog, "settings_wrong.png"))
    budget.selectAll()
    QTest.keyClicks(budget, "1.5")
    press(budget, KEYS.Key_Return)
    await panel.until(lambda: "budget_usd: 1.5" in config(), "the budget is written")
    dialog.sections.setCurrentRow(2)
    images = dialog.fields["withhold"].boxes["images"]
    QTest.mouseClick(images, KEYS.LeftButton, pos=QtCore.QPoint(8, images.height() // 2))
    await panel.until(lambda: app.conversation.outgoing.withheld, "what is withheld holds")
    withheld = sorted(kind.value for kind in app.conversation.outgoing.withheld)
    shots.append(await grab(dialog, "settings_leaves.png"))
    dialog.sections.setCurrentRow(4)
    height = app.dock.composer.fontMetrics().height()
    size = dialog.fields["text_size"].field
    size.selectAll()
    QTest.keyClicks(size, "150")
    press(size, KEYS.Key_Return)
    await panel.until(lambda: app.dock.composer.fontMetrics().height() > 1.3 * height, "text is larger")
    shots.append(await panel.shot("settings_large.png"))
    dialog.sections.setCurrentRow(0)
    overruled = dialog.fields["model"].field.isEnabled(), dialog.fields["model"].source.text()
    shots.append(await grab(dialog, "settings_model.png"))
    dialog.resize(360, 420)
    shots.append(await grab(dialog, "settings_narrow.png"))
    dialog.close()
    return {
        "section": section,
        "wrong": wrong,
        "withheld": withheld,
        "overruled": overruled,
        "config": config(),
        "shots": shots,
    }


async def broken(app):
    """A file that cannot be read is said, with nothing to change; mended, it can be."""
    (paths.user_folder() / "config.yaml").write_text("mode: [\n")
    app.controller.settings.show()
    dialog = app.controller.settings.dialog
    await panel.until(lambda: dialog.status.toPlainText(), "it is said")
    said = dialog.status.toPlainText(), dialog.pages.isEnabled()
    shot = await grab(dialog, "settings_broken.png")
    (paths.user_folder() / "config.yaml").write_text("mode: plan\n")
    app.controller.settings.show()
    await panel.until(dialog.pages.isEnabled, "it can be changed")
    return {"said": said, "status": dialog.status.toPlainText(), "shot": shot}


async def doctor(app):
    panel.write(app, "/doctor")
    press(focused(), KEYS.Key_Return)
    dialog = app.controller.doctor.dialog
    await panel.until(dialog.again.isEnabled, "all was looked at")
    texts = [label.text() for label in dialog.findChildren(QtWidgets.QLabel)]
    shot = await grab(dialog, "doctor.png")
    click(dialog.test_model)
    await panel.until(dialog.again.isEnabled, "the model was asked")
    click(dialog.copy)
    return {
        "texts": texts,
        "shot": shot,
        "asked": [label.text() for label in dialog.findChildren(QtWidgets.QLabel)],
        "copied": QtWidgets.QApplication.clipboard().text(),
        "title": dialog.title.text(),
        "shown": shown(app),
    }


panel.script(getattr(sys.modules[__name__], report.ARGUMENTS["scenario"]))
