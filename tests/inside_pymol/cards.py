"""What scenarios with questions share: tools of their own that ask, and a hand that presses."""

import os
from pathlib import Path

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore
from report import QTest

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


async def chosen(app):
    await panel.until(lambda: app.dock.transcript._choices, "the question stands")
    await panel.painted()
    (card,) = app.dock.transcript._choices.values()
    return card


async def tab_to(widget, key=KEYS.Key_Tab, limit=6):
    """Press Tab until a widget has the focus; how often that was."""
    for pressed in range(limit):
        if focused() is widget:
            return pressed
        press(focused(), key)
        await panel.painted()
    raise AssertionError(f"{limit} times Tab never reached {widget.objectName()}")


async def grab(window, name):
    """A picture of another window; without a window manager it may lie under PyMOL's."""
    await panel.painted()
    path = Path(report.ARGUMENTS.get("shots", ".")) / name
    window.grab().save(str(path))
    return str(path)
