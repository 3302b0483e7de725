"""Opening the panel, and streaming into it."""

import tempfile

from ..pymol_process import ROOT, run_inside
from .queue import NO_MODEL
from .row import Row


def measure():
    with tempfile.TemporaryDirectory() as home:
        run_inside("bench_open", home, more_path=ROOT, env=NO_MODEL)  # writes the bytecode that every later start has
        opened = run_inside("bench_open", home, more_path=ROOT, env=NO_MODEL)
        stream = run_inside("bench_streaming", home, more_path=ROOT, env=NO_MODEL)
    idle, busy = stream["idle"], stream["streaming"]
    wall = f"({opened['opened_s']:.2f} s by the clock, model libraries after {opened['ready_s']:.1f} s)"
    return [
        Row(
            "dock open to ready, on the GUI thread",
            f"{opened['gui_thread_s']:.2f} s {wall}",
            "< 0.5 s",
            opened["gui_thread_s"] < 0.5,
        ),
        Row("longest stall meanwhile", f"{opened['max_ms']:.0f} ms", "< 100 ms", opened["max_ms"] < 100),
        Row(
            "of that, work of the GUI thread itself",
            f"{opened['own_max_ms']:.0f} ms",
            "< 100 ms",
            opened["own_max_ms"] < 100,
        ),
        Row(
            "streaming 2,000 deltas: p99 gap",
            f"{busy['p99_ms']:.1f} ms (idle {idle['p99_ms']:.1f})",
            "< 16 ms",
            busy["p99_ms"] < 16,
        ),
        Row(
            "streaming 2,000 deltas: longest gap",
            f"{busy['max_ms']:.0f} ms (idle {idle['max_ms']:.0f})",
            "< 50 ms",
            busy["max_ms"] < 50,
        ),
    ]
