"""How long PyMOL's window stands still while a chat is kept, when PyMOL quits, and while a kept chat is opened."""

import tempfile

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel
from .row import Row

GAP_MS, QUIT_S, OPEN_S = 50, 2, 1


def measure():
    with tempfile.TemporaryDirectory() as home, ScriptedModel("Hello.") as server:
        seen = run_inside("bench_sessions", home, more_path=ROOT, env=server.environment, timeout_s=300)
    sizes = sorted(int(key.removeprefix("keep_")) for key in seen if key.startswith("keep_"))
    return [row for n_atoms in sizes for row in _kept(n_atoms, seen)] + [_opened(seen["open_1000"])]


def _kept(n_atoms, seen):
    idle, keep = seen[f"idle_{n_atoms}"], seen[f"keep_{n_atoms}"]
    size = f"{n_atoms / 1000:.1f}k atoms"
    value = f"{keep['own_max_ms']:.0f} ms (idle {idle['own_max_ms']:.0f}), {seen[f'mb_{n_atoms}']:.1f} MB"
    quit_s = seen[f"quit_s_{n_atoms}"]
    return (
        Row(f"{size}: a chat kept, longest stall", value, f"< {GAP_MS} ms", keep["own_max_ms"] < GAP_MS),
        Row(f"{size}: kept when PyMOL quits", f"{quit_s:.2f} s", f"< {QUIT_S} s", quit_s < QUIT_S),
    )


def _opened(seen):
    value = f"{seen['took_s']:.2f} s, longest stall {seen['own_max_ms']:.0f} ms"
    ok = seen["took_s"] < OPEN_S and seen["own_max_ms"] < GAP_MS
    return Row("a kept chat of 1,000 messages read and opened", value, f"< {OPEN_S} s, {GAP_MS} ms", ok)
