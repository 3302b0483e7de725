"""The largest gap of the window during long work, on PyMOL's own thread and as pymolcode does it; and Stop."""

import tempfile

from ..pymol_process import ROOT, run_inside
from .queue import NO_MODEL
from .row import Row

GAP_MS = 50
STOP_MS = 200


def measure():
    with tempfile.TemporaryDirectory() as home:
        seen = run_inside("bench_long_work", home, more_path=ROOT, env=NO_MODEL, timeout_s=300)
    atoms = f"{seen['atoms'] / 1000:.0f}k atoms"
    idle = seen["idle"]["max_ms"]
    return [
        Row("longest gap while nothing is asked of PyMOL", f"{idle:.0f} ms in 5 s", f"< {GAP_MS} ms", idle < GAP_MS),
        _gap("ray 1600x1200, 1HPV as surface: longest gap", seen["ray"], seen["ray_here"], GAP_MS),
        _gap("the command `ray 1600, 1200`: longest gap", seen["ray_command"], seen["ray_here"], GAP_MS),
        _gap(f"area of {atoms}: longest gap", seen["area"], seen["area_here"], GAP_MS + seen["draw_lines_ms"]),
        _gap(
            f"surface of {atoms}: longest gap",
            seen["surface"],
            seen["surface_here"],
            GAP_MS + 2 * seen["draw_surface_ms"],
            f"; one drawing takes {seen['draw_surface_ms']:.0f}",
        ),
        *(_stop(name, seen[f"{key}_stop_ms"]) for name, key in (("ray", "ray"), (f"area of {atoms}", "area"))),
        _stop(f"surface of {atoms}", seen["surface_stop_ms"]),
    ]


def _gap(name, ours, here, goal_ms, more=""):
    value = (
        f"{ours['max_ms']:.0f} ms in {ours['took_s']:.1f} s"
        f" (on PyMOL's thread {here['max_ms']:.0f} ms in {here['took_s']:.1f} s{more})"
    )
    return Row(name, value, f"< {goal_ms:.0f} ms", ours["max_ms"] < goal_ms)


def _stop(name, took_ms):
    return Row(f"Stop to idle: {name}", f"{took_ms:.0f} ms", f"< {STOP_MS} ms", took_ms < STOP_MS)
