"""Works on a copy of the session in a child process, so that the window stays alive and Stop is a kill.

PyMOL's own thread only hands out the copy (milliseconds); pickling, the child and its files are a worker's. A child
is also the safe way to stop: `cmd.interrupt` in the first moments of an area or of dots crashes PyMOL.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pymol import setting

from ..core.errors import CommandFailed, InstallFailed
from ..core.tasks import spawn
from ..interpreter import child_command

# About windows, logs and files: they change no picture, and some would do something in a child.
NOT_OF_A_PICTURE = frozenset(
    ("session_file", "session_changed", "scenes_changed", "logging", "security", "keep_alive", "suspend_updates",
     "suspend_undo", "suspend_deferred", "defer_updates", "internal_gui", "internal_feedback", "internal_prompt",
     "internal_gui_width", "movie_panel", "seq_view", "text", "overlay", "rock", "sculpting", "async_builds",
     "cache_max", "cache_mode", "session_migration", "session_version_check", "colored_feedback")
)  # fmt: skip
PICTURE = "{picture}"  # stands in arguments and in the text for the path of the picture
_END_S = 2.0
_MAX_TEXT = 2000


@dataclass(frozen=True)
class Kept:
    """Everything a picture or a measurement depends on, at one moment."""

    session: dict[str, Any]
    settings: dict[str, tuple[Any, str]]
    viewport: tuple[int, int]
    folder: str


def keep(cmd: Any) -> Kept:
    """Read it; on PyMOL's thread."""
    session = cmd.get_session(binary=1, cache=0, version=0)
    session.pop("wizard", None)  # pickled objects of classes that the child may not have; no picture shows them
    names = [name for name in setting.get_name_list() if name not in NOT_OF_A_PICTURE]
    settings = {name: (cmd.get_setting_tuple(name), cmd.get_setting_text(name)) for name in names}
    return Kept(session, settings, tuple(cmd.get_viewport()), str(Path.cwd()))


@dataclass(frozen=True)
class Made:
    """What the last step returned if that is a number, the picture if one was written, and what PyMOL printed."""

    value: float | None
    picture: bytes | None
    text: str


Step = tuple[str, Mapping[str, Any]]


async def run(kept: Kept, *steps: Step) -> Made:
    """Run PyMOL functions by name on the copy; cancelling ends the child and leaves no file.

    Args:
        kept: The scene.
        steps: Names of functions of `cmd`, or `area`, with their arguments by name.

    Raises:
        CommandFailed: A step failed, or the child died; says why.
    """
    job = _Job(kept, steps)
    running = spawn(asyncio.to_thread(job.run), name="beside PyMOL")
    try:
        made = await asyncio.shield(running)
    except asyncio.CancelledError:
        job.stop()
        await asyncio.wait({running}, timeout=_END_S)
        raise
    if isinstance(made, str):
        raise CommandFailed(made)
    return made


class _Job:
    """One child and its private folder; `run` belongs to a worker thread, `stop` to any."""

    def __init__(self, kept: Kept, steps: Sequence[Step]) -> None:
        self._kept = kept
        self._steps = steps
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> Made | str:
        """What was made, or why nothing was."""
        try:
            with tempfile.TemporaryDirectory(prefix="pymolcode-") as folder:
                return self._run_in(Path(folder))
        except (OSError, pickle.PicklingError, InstallFailed) as error:
            return str(error)

    def stop(self) -> None:
        """End the child, or see to it that none starts."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _run_in(self, folder: Path) -> Made | str:
        session, value, picture = folder / "session", folder / "value", folder / "picture.png"
        kept = {name: getattr(self._kept, name) for name in ("session", "settings", "viewport")}
        session.write_bytes(pickle.dumps(kept, protocol=4))
        steps = [(name, _with_path(arguments, picture)) for name, arguments in self._steps]
        job = json.dumps({"session": str(session), "value": str(value), "steps": steps})
        with self._lock:
            if self._stopped:
                return "It was stopped."
            self._process = self._start()
        text = _talk(self._process, job + "\n").replace(str(picture), PICTURE)
        if self._process.returncode or not value.is_file():
            return _reason(self._process.returncode, text)
        return Made(json.loads(value.read_text()), picture.read_bytes() if picture.is_file() else None, text)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  # our own module in PyMOL's own Python
            child_command("pymolcode_plugin.scene.beside_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._kept.folder,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def _with_path(arguments: Mapping[str, Any], picture: Path) -> dict[str, Any]:
    return {name: str(picture) if value == PICTURE else value for name, value in arguments.items()}


def _talk(process: subprocess.Popen[str], job: str) -> str:
    """Send the job and read until the child has ended; stdin stays open, its end would end the child."""
    try:
        _pipe(process.stdin).write(job)
        _pipe(process.stdin).flush()
        return _pipe(process.stdout).read()
    except BrokenPipeError:
        return ""  # it is dead already
    finally:
        with contextlib.suppress(BrokenPipeError), process:
            pass  # closes the pipes and waits


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # noqa: S101  # it was asked for
    return stream


def _reason(code: int, text: str) -> str:
    said = text.strip()[-_MAX_TEXT:]
    if code < 0 and os.name != "nt":
        return f"The process beside PyMOL died (signal {-code}); there may not be enough memory. {said}".strip()
    return said or f"The process beside PyMOL ended with code {code} and without a result."
