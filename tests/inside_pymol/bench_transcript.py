"""A session of 1,000 messages: opening it, scrolling it, streaming into it, and typing while the agent streams."""

import asyncio
import time

import heartbeat
import panel
from pymol.Qt import QtCore, QtGui, QtWidgets

from pymolcode_plugin.core.events import StepFinished, StepStarted, TextDelta, TurnFinished, TurnStarted

N_TURNS = 500
N_DELTAS = 1000
RATE_PER_S = 200
ANSWER = (
    "The ligand sits between **Asp25** of both chains, 2.85 Å away.\n\n- one point with `code`\n- another point\n\n"
    "```pml\nshow sticks, organic\nzoom organic, 5\n```\n\n| residue | distance |\n|---|---|\n| Asp 25 | 2.85 |\n"
    "| Ile 50 | 3.10 |\n\nWhich of them matter is seen when the flaps are **coloured** by their distance to it."
)
WORDS = ["The", "**ligand**", "sits", "between", "both", "`ASP", "25`", "residues,", "3.1", "Å", "away.", ""]


def recorded():
    for number in range(N_TURNS):
        turn = f"old{number}"
        call = {"turn_id": turn, "call_id": turn}
        yield TurnStarted(turn_id=turn, text=f"Question {number} about the active site of the protein")
        yield StepStarted(**call, tool="run_pymol", title="show sticks, organic", arguments="show sticks, organic")
        yield StepFinished(**call, ok=True, diff_lines=("showed sticks on 35 atoms of 1hpv", "moved the view"))
        yield TextDelta(turn_id=turn, text=ANSWER)
        yield TurnFinished(turn_id=turn, stop_reason="done")


async def opened(transcript, events):
    """Until the end is seen and drawn; then until all before it is there as well; and the gaps meanwhile."""
    filled = []
    transcript.filled.connect(lambda: filled.append(True))
    await asyncio.sleep(0.3)
    beat = heartbeat.Heartbeat()
    await asyncio.sleep(0)
    started, own = time.perf_counter(), time.thread_time()
    transcript.show_events(events)
    await seen(transcript)
    seen_s, seen_own_s = time.perf_counter() - started, time.thread_time() - own
    while not filled or not transcript.is_settled:  # noqa: ASYNC110  # the window has its turn, as in life
        await asyncio.sleep(0)
    all_s, all_own_s = time.perf_counter() - started, time.thread_time() - own
    await asyncio.sleep(0.2)
    return {"seen_s": seen_s, "seen_own_s": seen_own_s, "all_s": all_s, "all_own_s": all_own_s, **beat.stop()}


async def seen(transcript):
    """Until all of what it was scrolled to is made, and drawn."""
    while not transcript.is_current:  # noqa: ASYNC110  # the window has its turn, as in life
        await asyncio.sleep(0)
    await drawn(transcript.viewport())


async def drawn(widget):
    """The next time that a widget is drawn, by both clocks."""
    done = asyncio.get_running_loop().create_future()

    class Watch(QtCore.QObject):
        def eventFilter(self, _watched, event):
            if event.type() == QtCore.QEvent.Paint and not done.done():
                done.set_result((time.perf_counter(), time.thread_time()))
            return False

    watch = Watch()
    widget.installEventFilter(watch)
    widget.update()
    try:
        return await asyncio.wait_for(done, 10)
    finally:
        widget.removeEventFilter(watch)


async def scrolled(transcript):
    """The wheel, 240 notches up, 60 a second; then jumps of the bar to places that were never seen."""
    viewport = transcript.viewport()
    middle = QtCore.QPointF(viewport.rect().center())
    place = viewport.mapToGlobal(viewport.rect().center())
    beat = heartbeat.Heartbeat()
    for _ in range(240):
        wheel = QtGui.QWheelEvent(
            middle, QtCore.QPointF(place), QtCore.QPoint(), QtCore.QPoint(0, 120), QtCore.Qt.NoButton,
            QtCore.Qt.NoModifier, QtCore.Qt.NoScrollPhase, False,
        )  # fmt: skip
        QtWidgets.QApplication.sendEvent(viewport, wheel)
        await asyncio.sleep(1 / 60)
    wheel = beat.stop()
    beat = heartbeat.Heartbeat()
    bar = transcript.verticalScrollBar()
    for number in range(30):
        bar.setValue(bar.maximum() * ((number * 7) % 30) // 30)
        await asyncio.sleep(0.05)
    jumps = beat.stop()
    waits = []
    for number in range(30):
        begin, begin_own = time.perf_counter(), time.thread_time()
        bar.setValue(bar.maximum() * ((number * 11 + 3) % 30) // 30)
        await seen(transcript)
        waits.append((time.perf_counter() - begin, time.thread_time() - begin_own))
        await asyncio.sleep(0.05)
    slowest = [1000 * max(values) for values in zip(*waits, strict=True)]
    return {"wheel": wheel, "jumps": {**jumps, "seen_ms": slowest[0], "seen_own_ms": slowest[1]}}


async def streamed(app):
    """Deltas at 200 a second while a person types 12 keys a second; how late each letter is on screen."""
    listen, composer = app.controller.on_event, app.dock.composer
    listen(TurnStarted(turn_id="now", text="Explain"))
    composer.setFocus()
    latencies = []
    beat = heartbeat.Heartbeat()
    started = time.perf_counter()
    for number in range(N_DELTAS):
        due = started + number / RATE_PER_S
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        word = WORDS[number % len(WORDS)]
        listen(TextDelta(turn_id="now", text="\n\n" if number % 60 == 59 else f"{word} "))
        if number % 16 == 0:
            latencies.append(await typed(composer))
    gaps = beat.stop()
    listen(TurnFinished(turn_id="now", stop_reason="done"))
    composer.clear()
    wall, own = (sorted(values) for values in zip(*latencies, strict=True))
    at = int(0.99 * len(wall))
    return {**gaps, "typing_p99_ms": wall[at], "typing_own_p99_ms": own[at]}


async def typed(composer):
    """From the key in the queue of events to the letter drawn, what stands before it in the queue included: ms."""
    begin, begin_own = time.perf_counter(), time.thread_time()
    press = QtGui.QKeyEvent(QtCore.QEvent.KeyPress, QtCore.Qt.Key_A, QtCore.Qt.NoModifier, "a")
    QtWidgets.QApplication.postEvent(composer, press)
    end, end_own = await drawn(composer.viewport())
    return (end - begin) * 1000, (end_own - begin_own) * 1000


async def measure(app):
    transcript = app.dock.transcript
    events = list(recorded())
    app.dock._pages.setCurrentWidget(transcript)
    seen = {"opened": await opened(transcript, events)}
    seen["scrolled"] = await scrolled(transcript)
    transcript.to_end()
    seen["streamed"] = await streamed(app)
    seen["n_rows"] = len(transcript.rows)
    seen["shot"] = await panel.shot("thousand.png")
    return seen


panel.script(measure)
