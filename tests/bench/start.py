"""What the plugin adds to PyMOL's start: its import and `__init_plugin__`, as PyMOL itself times them."""

import statistics
import tempfile
from pathlib import Path

from installer import archive

from ..pymol_process import ROOT, run_inside
from .row import Row

GOAL_MS = 20
N_STARTS = 7


def measure() -> list[Row]:
    """Install the archive in a fresh home and start PyMOL several times."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        plugdir = home / ".pymol" / "startup"
        plugdir.mkdir(parents=True)
        run_inside("install_zip", home, zip=archive.build(ROOT, home), plugdir=plugdir)
        times_ms = [run_inside("look_at_start", home)["loadtime_s"] * 1000 for _ in range(N_STARTS)]
    median = statistics.median(times_ms)
    value = f"{median:.1f} ms median of {N_STARTS} (max {max(times_ms):.1f})"
    return [Row("plugin's part of PyMOL's start", value, f"< {GOAL_MS} ms", median < GOAL_MS)]


if __name__ == "__main__":
    for row in measure():
        print(f"{row.name}: {row.value}, goal {row.goal}: {'met' if row.ok else 'MISSED'}")
