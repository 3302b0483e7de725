"""What the one queue adds to a call of PyMOL."""

import tempfile

from ..pymol_process import ROOT, run_inside
from .row import Row

GOAL_MS = 0.15


def measure():
    with tempfile.TemporaryDirectory() as home:
        seen = run_inside("bench_queue", home, more_path=ROOT, env=NO_MODEL)
    added = seen["queued_ms"] - seen["direct_ms"]
    value = f"{added:.3f} ms median added (direct {seen['direct_ms']:.3f}, queued {seen['queued_ms']:.3f})"
    return [Row("queue round trip", value, f"<= {GOAL_MS} ms", added <= GOAL_MS)]


# An endpoint that is named but never asked: the panel opens without a model server beside it.
NO_MODEL = {"PYMOLCODE_MODEL": "openai-chat:none", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "PYMOLCODE_WEIGHTS": ""}
