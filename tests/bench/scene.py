"""Reading, keeping, comparing and restoring scenes of 5,684 to 505,876 atoms, headless."""

import json
import subprocess
import sys
import tempfile

from ..pymol_process import ROOT, environment
from .row import Row

TIMEOUT_S = 300
KEEP_MS = {"5.7k in 1 object": 10, "506k in 89 objects": 150, "506k in 1 object": 150}
SNAPSHOT_MS, TOKENS, CHECK_MS = 50, 800, 150


def measure():
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.scene_child"],
            env=environment(home),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [row for seen in found for row in _rows(seen["title"], seen)]


def _rows(title, seen):
    goal = KEEP_MS.get(title)
    return [
        Row(
            f"{title}: snapshot",
            f"{seen['snapshot_ms']:.1f} ms, {seen['tokens']:.0f} tokens",
            f"<= {SNAPSHOT_MS} ms, {TOKENS}",
            seen["snapshot_ms"] <= SNAPSHOT_MS and seen["tokens"] <= TOKENS,
        ),
        Row(
            f"{title}: a selection checked",
            f"{seen['check_ms']:.1f} ms",
            f"<= {CHECK_MS} ms",
            seen["check_ms"] <= CHECK_MS,
        ),
        Row(
            f"{title}: keep, on PyMOL's thread",
            f"{seen['keep_ms']:.1f} ms (PyMOL's own get_session {seen['get_session_ms']:.1f} ms)",
            f"<= {goal} ms" if goal else "-",
            not goal or seen["keep_ms"] <= goal,
        ),
        Row(f"{title}: hash, all recoloured, in a worker", f"{seen['hash_ms']:.1f} ms", "-", True),
        Row(f"{title}: diff, all recoloured, in a worker", f"{seen['diff_ms']:.1f} ms", "-", True),
        Row(
            f"{title}: restore, on PyMOL's thread",
            f"{seen['restore_ms']:.1f} ms (after {seen['session_ms']:.1f} ms in a worker)",
            "-",
            True,
        ),
        Row(
            f"{title}: 20 states, all recoloured between",
            f"{seen['memory_mb']:.1f} MB of states (process {seen['rss_mb']:+.0f} MB)",
            "-",
            True,
        ),
    ]
