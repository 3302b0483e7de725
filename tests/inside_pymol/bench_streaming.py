"""2,000 deltas at 200 a second into a transcript of 200 messages: how long the window does not answer."""

import asyncio
import time

import heartbeat
import panel

from pymolcode_plugin.core.events import StepFinished, StepStarted, TextDelta, TurnFinished, TurnStarted

N_MESSAGES = 200
N_DELTAS = 2000
RATE_PER_S = 200
WORDS = ["The", "**ligand**", "sits", "between", "both", "`ASP", "25`", "residues,", "3.1", "Å", "away.", ""]


async def measure(app):
    listen = app.controller.on_event
    for number in range(N_MESSAGES // 2):
        turn = f"old{number}"
        listen(TurnStarted(turn_id=turn, text=f"Question {number} about the active site of the protein"))
        listen(
            StepStarted(
                turn_id=turn,
                call_id=turn,
                tool="run_pymol",
                title="show sticks, organic",
                arguments="show sticks, organic",
            )
        )
        listen(StepFinished(turn_id=turn, call_id=turn, ok=True, diff="showed sticks on 35 atoms of 1hpv"))
        listen(TextDelta(turn_id=turn, text="Done.\n\n- one **point**\n- another\n\n```\nshow sticks, organic\n```"))
        listen(TurnFinished(turn_id=turn, stop_reason="done"))
        await asyncio.sleep(0)
    await asyncio.sleep(1.0)
    beat = heartbeat.Heartbeat()
    await asyncio.sleep(1.0)
    idle = beat.stop()
    listen(TurnStarted(turn_id="now", text="Explain"))
    beat = heartbeat.Heartbeat()
    started = time.perf_counter()
    for number in range(N_DELTAS):
        due = started + number / RATE_PER_S
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        word = WORDS[number % len(WORDS)]
        listen(TextDelta(turn_id="now", text="\n\n" if number % 60 == 59 else f"{word} "))
    streaming = beat.stop()
    listen(TurnFinished(turn_id="now", stop_reason="done"))
    return {"idle": idle, "streaming": streaming, "seconds": time.perf_counter() - started}


panel.script(measure)
