"""`pymolcode demo --out FOLDER`: a sample conversation on 1HPV in a real window, typed into the panel, and kept."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ..app import Application

_REQUESTS = (
    "What is loaded?",
    "Color by chain, hide the waters and show the ligand as sticks",
    "Which residues are within 4 Å of the ligand?",
    "Show them as sticks and color them by element",
    "How far is Asp25 OD2 of chain A from the ligand?",
    "Draw the hydrogen bonds of the ligand",
    "Angle between CA of 24, 25 and 26 in chain A",
    "Could the flap tip and hinge at residue 50 of chain B stand out in orange?",
    "Zoom on the ligand and make the background white",
    "Save a picture as figure.png",
)
_TURN_LIMIT_S = 300.0
_START_LIMIT_S = 600.0


def main(arguments: list[str]) -> int:
    """Start PyMOL on 1HPV and play; PyMOL's own exit code is the result."""
    parser = argparse.ArgumentParser(prog="pymolcode demo", description=__doc__)
    parser.add_argument("--out", required=True, type=Path, help="folder for what is left behind")
    folder = parser.parse_args(arguments).out.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("figure.png", "panel.png", "session.pse", "transcript.md"):
        (folder / name).unlink(missing_ok=True)
    os.chdir(folder)
    from .main import launch

    launch([], python="from pymolcode_plugin.cli import demo; demo.play()")
    return 0


def play() -> None:
    """Open the panel in this PyMOL and go through the conversation, in the current folder."""
    from .. import plugin
    from ..core.tasks import spawn

    plugin.register()
    plugin.open_panel()
    spawn(_play(), name="sample conversation", on_error=_failed)


async def _play() -> None:
    from pymol import cmd

    from .. import plugin

    await _until(lambda: plugin.application() is not None, "the panel is open", _START_LIMIT_S)
    application = cast("Application", plugin.application())
    structure = Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"
    await application.gateway.run_commands(f"load {structure}")
    for request in _REQUESTS:
        await _say(application, request)
    await _keep(application)
    cmd.quit()


async def _say(application: Application, request: str) -> None:
    """Type and press Enter, as a person does, and allow what is asked."""
    started = time.monotonic()
    events = application.conversation.transcript
    application.dock.composer.setPlainText(request)
    application.dock.composer.submit()
    await _until(lambda: application.controller.busy, "the turn began", _TURN_LIMIT_S)

    def over() -> bool:
        application.dock.transcript.press_allow()
        return not application.controller.busy

    await _until(over, f"an answer to: {request}", _TURN_LIMIT_S)
    last = list(events.events())[-1]
    if getattr(last, "stop_reason", "done") != "done":
        raise RuntimeError(getattr(last, "message", "the turn did not end"))
    print(f"  {time.monotonic() - started:6.1f} s  {request}", flush=True)


async def _keep(application: Application) -> None:
    from pymol.gui import get_qtwindow
    from pymol.Qt import QtWidgets

    from ..session.markdown import as_markdown

    title = f"A sample conversation on 1HPV with {application.conversation.brain.title}"
    text = as_markdown(application.conversation.transcript.events(), title)
    await asyncio.to_thread(Path("transcript.md").write_text, text, encoding="utf-8")
    await application.gateway.run_commands("save session.pse\nrefresh")
    await _until(_drawn(), "the window is drawn", _TURN_LIMIT_S)
    window = get_qtwindow()
    QtWidgets.QApplication.primaryScreen().grabWindow(int(window.winId())).save("panel.png")


def _drawn() -> Callable[[], bool]:
    """True after several rounds of the event loop, in which the window paints what changed."""
    rounds = iter(range(40))
    return lambda: next(rounds, None) is None


async def _until(condition: Callable[[], bool], what: str, limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_s:g} s until {what}")
        await asyncio.sleep(0.02)


def _failed(error: BaseException) -> None:
    from pymol import cmd

    print(f"pymolcode: the sample conversation failed: {error}", file=sys.stderr, flush=True)
    cmd.quit(1)
