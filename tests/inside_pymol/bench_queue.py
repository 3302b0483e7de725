"""The queue's round trip against a direct call, in one run of a real window."""

import statistics
import time

import panel
from pymol import cmd

N = 1000


async def measure(app):
    # Until then modules are imported in a worker thread, and Python's lock is what would be measured.
    await panel.until(lambda: app.dock.head.phase == "ready", "the model's libraries are imported")
    executor = app._drain.executor
    direct, queued = [], []
    for _ in range(N):
        started = time.perf_counter()
        cmd.get_names()
        direct.append(time.perf_counter() - started)
        started = time.perf_counter()
        await executor.call(cmd.get_names)
        queued.append(time.perf_counter() - started)
    return {"direct_ms": statistics.median(direct) * 1000, "queued_ms": statistics.median(queued) * 1000}


panel.script(measure)
