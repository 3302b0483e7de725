"""How long PyMOL's window stands still during long work, on its own thread and as the gateway does it; and Stop."""

import asyncio
import contextlib
import os
import time
from pathlib import Path

import panel
from heartbeat import Heartbeat
from pymol import cmd

from pymolcode_plugin.core.tasks import spawn

RAY = {"width_px": 1600, "height_px": 1200}
N_COPIES = 10


async def measure(app):
    seen = {}
    load("tut/1hpv.pdb")
    cmd.show_as("surface")
    await quiet(app)
    seen["idle"] = await gap(app, lambda: asyncio.sleep(5))
    seen["ray_here"] = await gap(app, lambda: here(app, lambda: cmd.png(None, 1600, 1200, ray=1, quiet=1)))
    cmd.turn("x", 0)
    seen["ray"] = await best_gap(app, lambda: app.gateway.ray(**RAY))
    seen["ray_stop_ms"] = await stopped(app, lambda: app.gateway.ray(**RAY), 1.0)
    seen["ray_command"] = await gap(app, lambda: app.gateway.run_commands("ray 1600, 1200"))

    cmd.reinitialize()
    for number in range(N_COPIES):
        load("demo/1tii.pdb", f"m{number}")
        cmd.translate([60 * number, 0, 0], f"m{number}", camera=0)
    cmd.create("big", "all")
    cmd.delete("m*")
    cmd.zoom()
    seen["atoms"] = cmd.count_atoms()
    seen["draw_lines_ms"] = drawing_ms()
    everything = "all"
    seen["area_here"] = await gap(app, lambda: here(app, lambda: cmd.get_area(everything, load_b=0)))
    seen["area"] = await best_gap(app, lambda: app.gateway.area(everything, solvent=False))
    seen["area_stop_ms"] = await stopped(app, lambda: app.gateway.area(everything, solvent=True), 0.5)

    cmd.hide("everything")
    await quiet(app)
    seen["surface_here"] = await gap(app, lambda: here(app, lambda: cmd.show("surface")))
    seen["draw_surface_ms"] = drawing_ms()
    await hide_surface(app)
    seen["surface"] = await gap(app, lambda: app.gateway.run_commands("show surface"))
    await hide_surface(app)
    seen["surface_stop_ms"] = await stopped(app, lambda: app.gateway.run_commands("show surface"), 1.0)
    return seen


def load(name, as_name="1hpv"):
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / name), as_name, zoom=0, quiet=1)
    cmd.zoom()


async def here(app, function):
    """On PyMOL's own thread, as a plain call of the queue."""
    return await app.gateway._executor.call(function)


async def hide_surface(app):
    cmd.hide("surface")
    cmd.rebuild()
    await quiet(app)


async def quiet(app):
    """Until the window has drawn and stands idle."""
    for _ in range(20):
        await asyncio.sleep(0.02)


def drawing_ms():
    """What one drawing of the scene takes, which no thread can spare the window."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        cmd.refresh()
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)[1]


async def gap(app, coroutine):
    await quiet(app)
    heartbeat = Heartbeat()
    started = time.perf_counter()
    await coroutine()
    took_s = time.perf_counter() - started
    await quiet(app)
    return {"took_s": took_s, **heartbeat.stop()}


async def best_gap(app, coroutine):
    """Of two runs: another program on the machine can hold the window up, and cannot speed it up."""
    return min([await gap(app, coroutine) for _ in range(2)], key=lambda seen: seen["max_ms"])


async def stopped(app, coroutine, after_s):
    """From Stop until the task is over; the queue must answer then."""
    await quiet(app)
    task = spawn(coroutine(), name="to be stopped")
    await asyncio.sleep(after_s)
    assert not task.done(), "it was over before it could be stopped"
    started = time.perf_counter()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    took_ms = (time.perf_counter() - started) * 1000
    await app.gateway._executor.call(cmd.get_names)
    return took_ms


panel.script(measure)
