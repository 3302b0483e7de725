"""A job in a child process of PyMOL's own Python, sent as a line of JSON; Stop is a kill. No `cmd` here."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from ..core.tasks import spawn
from ..interpreter import child_command

_END_S = 2.0
_MAX_TEXT = 2000
T = TypeVar("T")


class Ended(NamedTuple):
    """How a child ended: its exit code (below zero the signal), what it printed, and whether its time was over."""

    code: int
    text: str
    is_late: bool = False


class ChildJob:
    """One child; `run` belongs to a worker thread, `stop` to any.

    Args:
        module: What the child runs, e.g. `pymolcode_plugin.scene.beside_child`.
        what: What it is, for people, e.g. `The process beside PyMOL`.
        working_folder: Of the child.
        limit_s: After which it is ended; None for as long as it takes.
    """

    def __init__(self, module: str, what: str, working_folder: str, *, limit_s: float | None = None) -> None:
        self._module = module
        self._what = what
        self._working_folder = working_folder
        self._limit_s = limit_s
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, job: dict[str, Any]) -> Ended | None:
        """Send the job and wait until the child has ended; None where it was stopped before it began.

        Raises:
            OSError: It could not be started.
            InstallFailed: There is no Python to start.
        """
        with self._lock:
            if self._stopped:
                return None
            self._process = process = self._start()
        return self._talked(process, json.dumps(job) + "\n")

    def stop(self) -> None:
        """End the child, or see to it that none starts."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def reason(self, ended: Ended) -> str:
        """Why there is no result, for people."""
        said = ended.text.strip()[-_MAX_TEXT:]
        if ended.code < 0 and os.name != "nt":
            died = f"{self._what} died (signal {-ended.code}); there may not be enough memory."
            return f"{died} {said}".strip()
        return said or f"{self._what} ended with code {ended.code} and without a result."

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  # our own module in PyMOL's own Python
            child_command(self._module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._working_folder,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _talked(self, process: subprocess.Popen[str], job: str) -> Ended:
        """Stdin stays open meanwhile: its end would end the child."""
        assert process.stdin is not None  # noqa: S101  # it was asked for
        assert process.stdout is not None  # noqa: S101  # as above
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        limit = threading.Timer(self._limit_s, end) if self._limit_s is not None else None
        if limit is not None:
            limit.start()
        text = ""
        try:
            with contextlib.suppress(BrokenPipeError):  # it is dead already
                process.stdin.write(job)
                process.stdin.flush()
            text = process.stdout.read()
        finally:
            with contextlib.suppress(BrokenPipeError), process:
                pass  # closes the pipes and waits
            if limit is not None:
                limit.cancel()
        return Ended(process.returncode, text, late.is_set())


async def in_worker(run: Callable[[], T], stop: Callable[[], None], *, name: str) -> T:
    """What `run` returns in a worker thread; where the one that waits is cancelled, `stop` ends it first."""
    running = spawn(asyncio.to_thread(run), name=name)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait({running}, timeout=_END_S)
        raise
