"""Runs a fresh PyMOL in a child process and reads back the scenes that it kept; no `cmd`, so in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import InstallFailed, SceneError
from ..core.tasks import spawn
from ..interpreter import child_command
from .disk import Disk
from .state import State

LIMIT_S = 180.0
_END_S = 2.0
_MAX_TEXT = 2000
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
    job = _Job(steps, viewport, folder, limit_s)
    running = spawn(asyncio.to_thread(job.run), name="replay beside PyMOL")
    try:
        came = await asyncio.shield(running)
    except asyncio.CancelledError:
        job.stop()
        await asyncio.wait({running}, timeout=_END_S)
        raise
    if isinstance(came, str):
        raise SceneError(came)
    return came


class _Job:
    """One child and its private folder; `run` belongs to a worker thread, `stop` to any."""

    def __init__(self, steps: Sequence[Step], viewport: tuple[int, int], folder: str, limit_s: float) -> None:
        self._steps = steps
        self._viewport = viewport
        self._folder = folder
        self._limit_s = limit_s
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> Came | str:
        """What came of it, or why nothing did."""
        try:
            with tempfile.TemporaryDirectory(prefix="pymolcode-", ignore_cleanup_errors=True) as folder:
                return self._run_in(Path(folder))
        except (OSError, InstallFailed, SceneError, ValueError) as error:
            return str(error)

    def stop(self) -> None:
        """End the child, or see to it that none starts."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _run_in(self, folder: Path) -> Came | str:
        job = json.dumps({"out": str(folder), "viewport": self._viewport, "steps": self._steps})
        with self._lock:
            if self._stopped:
                return "It was stopped."
            self._process = process = self._start()
        text, is_over = _talk(process, job + "\n", self._limit_s)
        if not is_over:
            return f"The replay took longer than {self._limit_s:.0f} s and was ended."
        if process.returncode:
            return _reason(process.returncode, text)
        disk = Disk(folder)
        names = [argument for what, argument in self._steps if what == "keep"]
        errors = json.loads((folder / "errors.json").read_text())
        return Came({name: disk.read(name) for name in names}, tuple(errors))

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  # our own module in PyMOL's own Python
            child_command("pymolcode_plugin.scene.replay_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def _talk(process: subprocess.Popen[str], job: str, limit_s: float) -> tuple[str, bool]:
    """Send the job and read until the child has ended, or has to; stdin stays open, its end would end the child."""
    assert process.stdin is not None  # noqa: S101  # it was asked for
    assert process.stdout is not None  # noqa: S101  # as above
    over = threading.Event()

    def end() -> None:
        over.set()
        process.kill()

    limit = threading.Timer(limit_s, end)
    limit.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(job)
            process.stdin.flush()
        text = process.stdout.read()
    finally:
        with contextlib.suppress(BrokenPipeError), process:
            pass  # closes the pipes and waits
        limit.cancel()
    return text, not over.is_set()


def _reason(code: int, text: str) -> str:
    said = text.strip()[-_MAX_TEXT:]
    if code < 0 and os.name != "nt":
        return f"The PyMOL of the replay died (signal {-code}). {said}".strip()
    return said or f"The PyMOL of the replay ended with code {code} and without a result."
