"""PyMOL quits while a sign-in is being renewed."""

import panel
import report
from pymol import cmd
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore

from pymolcode_plugin.auth import refresh
from pymolcode_plugin.auth.sign_in import SignIn
from pymolcode_plugin.config import settings
from pymolcode_plugin.core.tasks import spawn


async def quit_in_between(_app):
    sign_in = SignIn.from_settings(settings.load())
    spawn(sign_in.fresh("google"), name="renew", on_error=lambda error: report.write({"error": repr(error)}))
    await panel.until(refresh.is_asking, "the token endpoint is asked")
    report.write({"asked": True})
    end = cmd.quit if report.ARGUMENTS["end"] == "quit" else get_qtwindow().close
    QtCore.QTimer.singleShot(0, end)  # as the menu and the window's button do: from Qt, not from a coroutine
    await panel.until(lambda: False, "PyMOL has quit")


panel.script(quit_in_between)
