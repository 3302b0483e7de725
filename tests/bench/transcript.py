"""A session of 1,000 messages in the panel."""

import tempfile

from ..pymol_process import ROOT, run_inside
from .queue import NO_MODEL
from .row import Row


def measure():
    with tempfile.TemporaryDirectory() as home:
        seen = run_inside("bench_transcript", home, more_path=ROOT, env=NO_MODEL)
    opened, scrolled, streamed = seen["opened"], seen["scrolled"], seen["streamed"]
    wheel, jumps = scrolled["wheel"], scrolled["jumps"]
    return [
        _row("open a session of 1,000 messages", opened["seconds"] * 1000, 300, f"{seen['n_rows']:,} rows"),
        _row("longest stall meanwhile", opened["max_ms"], 50),
        _row("scrolling it by the wheel: p99 gap", wheel["p99_ms"], 16, f"longest {wheel['max_ms']:.0f} ms"),
        _row("jumping about in it: longest gap", jumps["max_ms"], 50, f"{scrolled['n_widgets']} rows have widgets"),
        _row("streaming into it: p99 gap", streamed["p99_ms"], 16, f"longest {streamed['max_ms']:.0f} ms"),
        _row("typing while it streams: p99", streamed["typing_p99_ms"], 16, f"longest {streamed['typing_max_ms']:.0f}"),
    ]


def _row(name, value_ms, goal_ms, more=""):
    return Row(name, f"{value_ms:.1f} ms{f' ({more})' if more else ''}", f"< {goal_ms} ms", value_ms < goal_ms)
