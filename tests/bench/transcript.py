"""A session of 1,000 messages in the panel, by what PyMOL's thread worked; by the clock in brackets."""

import tempfile

from ..pymol_process import ROOT, run_inside
from .queue import NO_MODEL
from .row import Row


def measure():
    with tempfile.TemporaryDirectory() as home:
        seen = run_inside("bench_transcript", home, more_path=ROOT, env=NO_MODEL)
    opened, streamed = seen["opened"], seen["streamed"]
    wheel, jumps = seen["scrolled"]["wheel"], seen["scrolled"]["jumps"]
    n_rows = f"open a session of 1,000 messages, end seen ({seen['n_rows']:,} rows)"
    return [
        _row(n_rows, opened["seen_own_s"] * 1000, opened["seen_s"] * 1000, 300),
        _row("until all of it can be scrolled to", opened["all_own_s"] * 1000, opened["all_s"] * 1000, 1000),
        _row("longest stall meanwhile", opened["own_max_ms"], opened["max_ms"], 50),
        _row("scrolling it by the wheel: p99 gap", wheel["own_p99_ms"], wheel["p99_ms"], 16),
        _row("jumping about in it: longest gap", jumps["own_max_ms"], jumps["max_ms"], 50),
        _row("until the place jumped to is seen", jumps["seen_own_ms"], jumps["seen_ms"], 100),
        _row("streaming into it: p99 gap", streamed["own_p99_ms"], streamed["p99_ms"], 16),
        _row("streaming into it: longest gap", streamed["own_max_ms"], streamed["max_ms"], 50),
        _row("typing while it streams: p99", streamed["typing_own_p99_ms"], streamed["typing_p99_ms"], 16),
    ]


def _row(name, own_ms, clock_ms, goal_ms):
    return Row(name, f"{own_ms:.1f} ms ({clock_ms:.0f} ms by the clock)", f"< {goal_ms} ms", own_ms < goal_ms)
