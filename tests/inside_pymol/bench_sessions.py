"""How long PyMOL's window stands still while a chat is kept and while a long one is opened."""

import asyncio
import os
import time
from pathlib import Path

import panel
from heartbeat import Heartbeat
from pymol import cmd

from pymolcode_plugin.config import paths
from pymolcode_plugin.core.events import StepFinished, StepStarted, TextDelta, TurnFinished, TurnStarted
from pymolcode_plugin.session.transcript import Transcript

N_COPIES = 10
N_TURNS = 250  # of four messages each


async def watched(work):
    heart = Heartbeat()
    heart.reset()
    began = time.perf_counter()
    await work()
    took = time.perf_counter() - began
    return {**heart.stop(), "took_s": took}


async def quiet():
    for _ in range(40):
        await asyncio.sleep(0.05)


def long_chat():
    transcript = Transcript(paths.sessions_folder() / "long")
    for number in range(N_TURNS):
        turn = f"turn{number}"
        transcript.append(TurnStarted(turn_id=turn, text=f"Request {number} about the binding site", model="m"))
        transcript.append(StepStarted(turn_id=turn, call_id=f"c{number}", tool="t", title="zoom", arguments="zoom"))
        transcript.append(StepFinished(turn_id=turn, call_id=f"c{number}", ok=True, diff="moved the view"))
        transcript.append(TextDelta(turn_id=turn, text="The ligand sits in the **S1 pocket**.\n\n- one\n- two\n"))
        transcript.append(TurnFinished(turn_id=turn, stop_reason="done"))
    transcript.close()


async def measure(app):
    seen = {}
    for n_copies in (1, N_COPIES):
        cmd.delete("all")
        for number in range(n_copies):
            cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "demo" / "1tii.pdb"), f"m{number}", zoom=0, quiet=1)
        cmd.show_as("lines")
        await panel.say(app, "hello")
        await app.conversation.record.idle()
        await quiet()
        seen[f"idle_{cmd.count_atoms()}"] = await watched(lambda: asyncio.sleep(1))

        async def keep():
            cmd.color("red", "index 1-50")
            app.conversation.record.keep()
            await app.conversation.record.idle()

        seen[f"keep_{cmd.count_atoms()}"] = await watched(keep)
        (scene,) = app.conversation.transcript.folder.glob("scene-*")
        seen[f"mb_{cmd.count_atoms()}"] = scene.stat().st_size / 1e6
        cmd.color("green", "all")
        seen[f"quit_s_{cmd.count_atoms()}"] = quitting_s(app)
    long_chat()

    async def open_it():
        filled = asyncio.Event()
        app.dock.transcript.filled.connect(filled.set)
        await app.controller.sessions.resume("long")
        await filled.wait()

    seen["open_1000"] = await watched(open_it)
    return seen


def quitting_s(app):
    began = time.perf_counter()
    app.conversation.record.close()
    return time.perf_counter() - began


panel.script(measure)
