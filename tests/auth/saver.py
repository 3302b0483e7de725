"""Saves until it is killed at a chosen step: tells each step as it is reached, and goes no further than the chosen one.

A line in, `RUN STEP`, starts a process that saves RUN; each step that it reaches is a line out, and `ended` follows
when it is dead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import SecretStr

from pymolcode_plugin import whole_files
from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore

BEFORE = ("begun", "half written", "written", "on the disk")
IN = ("replacing", "has its name")
AFTER = ("replaced", "folder on the disk", "tidied", "saved")
STEPS = (*BEFORE, *IN, *AFTER)


def secret(run: int) -> str:
    return f"{run}-" + "s" * 20_000


class Steps:
    """Tells steps; one that reaches the chosen step waits there for its end."""

    def __init__(self, chosen: str) -> None:
        self._chosen = chosen
        self._never = os.pipe()[0]  # its other end stays open, so that a read of it never returns

    def tell(self, step: str) -> None:
        os.write(1, f"{step}\n".encode())

    def wait(self, step: str) -> None:
        if step == self._chosen:
            os.read(self._never, 1)

    def reach(self, step: str) -> None:
        self.tell(step)
        self.wait(step)

    def after(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def told(*args: Any, **more: Any) -> Any:
            result = function(*args, **more)
            self.reach(step)
            return result

        return told

    def replacing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Told right before the system is called, which nothing holds up, and before its caller hears of it."""

        def told(*args: Any, **more: Any) -> Any:
            self.tell("replacing")
            result = function(*args, **more)
            self.wait("replacing")
            self.reach("has its name")
            return result

        return told


class Halves:
    """A file that is written in two parts."""

    def __init__(self, file: BinaryIO, steps: Steps) -> None:
        self._file = file
        self._steps = steps

    def write(self, data: bytes) -> None:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        self._steps.reach("half written")
        self._file.write(data[len(data) // 2 :])
        self._file.flush()
        self._steps.reach("written")

    def __enter__(self) -> Halves:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def watch(steps: Steps) -> None:
    """Make `whole_files` tell its steps."""
    fsync, fdopen, replace = os.fsync, os.fdopen, Path.replace
    synced = iter(("on the disk", "folder on the disk"))

    def fsync_told(descriptor: int) -> None:
        fsync(descriptor)
        steps.reach(next(synced))

    os.fsync = fsync_told
    os.fdopen = lambda *args: Halves(fdopen(*args), steps)  # type: ignore[assignment]
    Path.replace = steps.replacing(replace)  # type: ignore[method-assign]
    whole_files.begin = steps.after("begun", whole_files.begin)
    whole_files._replace = steps.after("replaced", whole_files._replace)
    whole_files.discard = steps.after("tidied", whole_files.discard)


def save(path: Path, run: int, chosen: str) -> None:
    steps, store = Steps(chosen), TokenStore(path)
    watch(steps)
    store.put(Credential(provider_id="x", access_token=SecretStr(secret(run))))
    steps.reach("saved")


if __name__ == "__main__":
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            run, step = line.rstrip("\n").split(" ", 1)
            os.write(1, f"{os.getpid()}\n".encode())
            save(Path(sys.argv[1]), int(run), step)
            os._exit(1)  # nobody killed it
        os.waitpid(pid, 0)
        os.write(1, b"ended\n")
