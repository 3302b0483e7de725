"""Measures the states of scenes of several sizes in a headless PyMOL; prints one line of JSON a scene."""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import pymol

from pymolcode_plugin.scene import snapshot
from pymolcode_plugin.scene.history import History
from pymolcode_plugin.scene.selection_check import check
from pymolcode_plugin.tools.scene_state import describe

COPIES = {"5.7k in 1 object": 1, "57k in 10 objects": 10, "506k in 89 objects": 89}
COLORS = ("red", "blue")
CHARS_A_TOKEN = 3.2


def _ms(function):
    started = time.perf_counter()
    value = function()
    return (time.perf_counter() - started) * 1000, value


def _rss_mb():
    status = Path("/proc/self/status")
    line = (
        next((line for line in status.read_text().splitlines() if line.startswith("VmRSS")), "")
        if status.exists()
        else ""
    )
    return int(line.split()[1]) / 1024 if line else 0


def _restore(history):
    session_ms, (state, session) = _ms(lambda: history.session_of(1))
    restore_ms, restored = _ms(lambda: history.bring_back(state, session))
    diff = history.confirm(state, restored)
    assert diff.lines, diff
    assert not any(line.startswith("not as") for line in diff.lines), diff
    return session_ms, restore_ms


def measure(cmd):
    snapshots = [_ms(lambda: snapshot.read(cmd)) for _ in range(5)]
    checks = [_ms(lambda: check(cmd, "chain A and polymer"))[0] for _ in range(5)]
    history = History(cmd)
    history.keep()
    rows = []
    for number in range(5):
        cmd.color(COLORS[number % 2])
        take_ms, taken = _ms(history.take)
        hash_ms, mark = _ms(lambda taken=taken: history.settle(taken))
        diff_ms, diff = _ms(lambda mark=mark: history.compare(mark.number - 1, mark.number))
        assert diff.lines
        rows.append((take_ms, hash_ms, diff_ms))
    session_ms, restore_ms = _restore(history)
    history.forget(range(100))
    before_mb = _rss_mb()
    for number in range(20):
        cmd.color(COLORS[number % 2])
        history.keep()
    history.shelf.wait()
    found = {
        "snapshot_ms": statistics.median(ms for ms, _ in snapshots),
        "check_ms": statistics.median(checks),
        "tokens": len(describe(snapshots[0][1])) / CHARS_A_TOKEN,
        **dict(zip(("keep_ms", "hash_ms", "diff_ms"), map(statistics.median, zip(*rows, strict=True)), strict=True)),
        "session_ms": session_ms,
        "restore_ms": restore_ms,
        "memory_mb": history.shelf.n_bytes / 2**20,
        "rss_mb": _rss_mb() - before_mb,
        "get_session_ms": statistics.median(_ms(lambda: cmd.get_session(binary=1, cache=0))[0] for _ in range(3)),
    }
    history.close()
    return found


def main():
    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    path = Path(os.environ["PYMOL_DATA"]) / "demo" / "1tii.pdb"
    for title, n_copies in COPIES.items():
        cmd.reinitialize()
        cmd.load(str(path), "m0", quiet=1)
        for number in range(1, n_copies):
            cmd.create(f"m{number}", "m0", quiet=1, zoom=0)
        print(json.dumps({"title": title, **measure(cmd)}), flush=True)
    cmd.create("one", "all", zoom=0)
    cmd.delete("m*")
    print(json.dumps({"title": "506k in 1 object", **measure(cmd)}), flush=True)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
