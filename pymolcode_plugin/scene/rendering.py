"""Ray-traces beside PyMOL, in a child process from a copy of the session, so that the window stays alive.

PyMOL's own thread only hands out the copy (milliseconds); pickling, the child and its files are a worker's.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pymol import setting

from ..core.errors import CommandFailed, InstallFailed
from ..core.tasks import spawn
from ..interpreter import child_command

# About windows, logs and files: they change no picture, and some would do something in a child.
_NOT_OF_A_PICTURE = frozenset(
    ("session_file", "session_changed", "scenes_changed", "logging", "security", "keep_alive", "suspend_updates",
     "suspend_undo", "suspend_deferred", "defer_updates", "internal_gui", "internal_feedback", "internal_prompt",
     "internal_gui_width", "movie_panel", "seq_view", "text", "overlay", "rock", "sculpting", "async_builds",
     "cache_max", "cache_mode", "session_migration", "session_version_check", "colored_feedback")
)  # fmt: skip
FILE = "FILE"  # stands in the text for the name of the picture
_END_S = 2.0
_MAX_TEXT = 2000


@dataclass(frozen=True)
class Kept:
    """Everything a picture depends on, at one moment."""

    session: dict[str, Any]
    settings: dict[str, tuple[Any, str]]
    viewport: tuple[int, int]
    folder: str


def keep(cmd: Any) -> Kept:
    """Read it; on PyMOL's thread."""
    session = cmd.get_session(binary=1, cache=0)
    session.pop("wizard", None)  # pickled objects of classes that the child may not have; no picture shows them
    names = [name for name in setting.get_name_list() if name not in _NOT_OF_A_PICTURE]
    settings = {name: (cmd.get_setting_tuple(name), cmd.get_setting_text(name)) for name in names}
    return Kept(session, settings, tuple(cmd.get_viewport()), str(Path.cwd()))


@dataclass(frozen=True)
class Picture:
    """A PNG and what PyMOL printed while it was made."""

    png: bytes
    text: str


async def render(kept: Kept, *, ray: Mapping[str, Any] | None, png: Mapping[str, Any]) -> Picture:
    """Make the picture in a child; cancelling ends the child and leaves no file.

    Args:
        kept: The scene.
        ray: Arguments of PyMOL's `ray`; None when `png` itself traces.
        png: Arguments of PyMOL's `png`, all but the file's name.

    Raises:
        CommandFailed: There is no picture; says why.
    """
    job = _Job(kept, {"ray": None if ray is None else dict(ray), "png": dict(png)})
    running = spawn(asyncio.to_thread(job.run), name="ray")
    try:
        done = await asyncio.shield(running)
    except asyncio.CancelledError:
        job.stop()
        await asyncio.wait({running}, timeout=_END_S)
        raise
    if isinstance(done, str):
        raise CommandFailed(f"The picture could not be ray-traced: {done}")
    return done


class _Job:
    """One child and its private folder; `run` belongs to a worker thread, `stop` to any."""

    def __init__(self, kept: Kept, steps: dict[str, Any]) -> None:
        self._kept = kept
        self._steps = steps
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> Picture | str:
        """The picture, or why there is none."""
        try:
            with tempfile.TemporaryDirectory(prefix="pymolcode-ray-") as folder:
                return self._run_in(Path(folder))
        except (OSError, pickle.PicklingError, InstallFailed) as error:
            return str(error)

    def stop(self) -> None:
        """End the child, or see to it that none starts."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _run_in(self, folder: Path) -> Picture | str:
        kept = {name: getattr(self._kept, name) for name in ("session", "settings", "viewport")}
        session, picture = folder / "session", folder / "picture.png"
        session.write_bytes(pickle.dumps(kept, protocol=4))
        with self._lock:
            if self._stopped:
                return "it was stopped"
            self._process = self._start()
        job = {"session": str(session), "picture": str(picture), **self._steps}
        text = _talk(self._process, json.dumps(job) + "\n")
        if self._process.returncode or not picture.is_file():
            return _reason(self._process.returncode, text)
        return Picture(picture.read_bytes(), text.replace(str(picture), FILE))

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  # our own module in PyMOL's own Python
            child_command(f"{__package__}.ray_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._kept.folder,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def _talk(process: subprocess.Popen[str], job: str) -> str:
    """Send the job and read until the child has ended; stdin stays open, its end would end the child."""
    with process:
        _pipe(process.stdin).write(job)
        _pipe(process.stdin).flush()
        return _pipe(process.stdout).read()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # noqa: S101  # it was asked for
    return stream


def _reason(code: int, text: str) -> str:
    said = text.strip()[-_MAX_TEXT:]
    if code < 0 and os.name != "nt":
        return f"the process that made it died (signal {-code}); there may not be enough memory. {said}".strip()
    return said or f"the process that made it ended with code {code} and without a picture."
