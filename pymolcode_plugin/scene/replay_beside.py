"""Runs a fresh PyMOL in a child process and reads back the scenes that it kept; no `cmd`, so in a worker thread."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import InstallFailed, SceneError
from .child_job import ChildJob, in_worker
from .disk import Disk
from .state import State

LIMIT_S = 180.0
_MODULE = "pymolcode_plugin.scene.replay_child"
Step = tuple[str, str]  # what to do, and with which file or under which name; see `replay_child`


@dataclass(frozen=True)
class Came:
    """The scenes that were kept, by name, and what PyMOL reported as errors."""

    states: dict[str, State]
    errors: tuple[str, ...]


async def run(steps: Sequence[Step], *, viewport: tuple[int, int], folder: str, limit_s: float = LIMIT_S) -> Came:
    """Run the steps in a fresh PyMOL; cancelling ends it and leaves no file.

    Args:
        steps: In order.
        viewport: Width and height in pixels, on which the camera's commands depend.
        folder: The working folder.
        limit_s: What all of it may take.

    Raises:
        SceneError: It could not be run to its end; says why.
    """
    job = ChildJob(_MODULE, "The PyMOL of the replay", folder, limit_s=limit_s)
    came = await in_worker(lambda: _came(job, steps, viewport, limit_s), job.stop, name="replay beside PyMOL")
    if isinstance(came, str):
        raise SceneError(came)
    return came


def _came(job: ChildJob, steps: Sequence[Step], viewport: tuple[int, int], limit_s: float) -> Came | str:
    """What came of it, or why nothing did."""
    try:
        with tempfile.TemporaryDirectory(prefix="pymolcode-", ignore_cleanup_errors=True) as folder:
            ended = job.run({"out": folder, "viewport": viewport, "steps": steps})
            if ended is None:
                return "It was stopped."
            if ended.is_late:
                return f"The replay took longer than {limit_s:.0f} s and was ended."
            if ended.code:
                return job.reason(ended)
            return _read(Path(folder), [argument for what, argument in steps if what == "keep"])
    except (OSError, InstallFailed, SceneError, ValueError) as error:
        return str(error)


def _read(folder: Path, names: Sequence[str]) -> Came:
    disk = Disk(folder)
    errors = json.loads((folder / "errors.json").read_text())
    return Came({name: disk.read(name) for name in names}, tuple(errors))
