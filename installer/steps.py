"""What a step of the installer is: a name, commands, and a failure that says what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path


class StepFailed(Exception):
    """A step that cannot go on.

    Attributes:
        step: What was being done.
        reason: What went wrong.
        remedy: What the reader does next.
    """

    def __init__(self, step: str, reason: str, remedy: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason
        self.remedy = remedy

    @property
    def text(self) -> str:
        """Three lines for a terminal."""
        return f"FAILED  {self.step}\nReason  {self.reason}\nRemedy  {self.remedy}"


def say(text: str) -> None:
    """Print at once, so that the order holds when output goes to a file."""
    print(text, flush=True)


def passthrough(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command on this terminal (progress bars and colours included); returns its code."""
    try:
        return subprocess.run([str(part) for part in command], cwd=cwd, env=dict(env), check=False).returncode
    except OSError as error:
        say(f"{command[0]}: {error}")
        return 127


def condensed(step: str, command: Sequence[str | Path], *, remedy: str, env: Mapping[str, str] | None = None) -> None:
    """Run a talkative command on one progress line; its last lines are shown only when it fails.

    Raises:
        StepFailed: The command failed or does not exist.
    """
    started = time.monotonic()
    last: deque[str] = deque(maxlen=15)
    line = _ProgressLine(step)
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=dict(env) if env is not None else None,
        )
    except OSError as error:
        raise StepFailed(step, str(error), remedy) from error
    with process:
        for text in process.stdout or ():
            last.append(text.rstrip())
            line.show(text.strip())
    line.end(f"{time.monotonic() - started:.0f} s")
    if process.returncode != 0:
        say("\n".join(f"    {text}" for text in last))
        raise StepFailed(step, f"{command[0]} ended with code {process.returncode}", remedy)


class _ProgressLine:
    """Rewrites one line on a terminal; elsewhere prints only the step and how long it took."""

    def __init__(self, step: str) -> None:
        self._step = step
        # Two steps at a time would write over each other's line.
        self._live = sys.stdout.isatty() and threading.current_thread() is threading.main_thread()
        if not self._live:
            say(f"{step} ...")

    def show(self, text: str) -> None:
        if self._live:
            room = max(20, shutil.get_terminal_size().columns - len(self._step) - 4)
            print(f"\r\x1b[K{self._step}: {text[:room]}", end="", flush=True)

    def end(self, text: str) -> None:
        start = "\r\x1b[K" if self._live else ""
        say(f"{start}{self._step}: {text}")
