"""Works on a copy of the session in a child process, so that the window stays alive and Stop is a kill.

PyMOL's own thread only hands out the copy (milliseconds); pickling, the child and its files are a worker's. A child
is also the safe way to stop: `cmd.interrupt` in the first moments of an area or of dots crashes PyMOL.
"""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymol import setting

from ..core.errors import CommandFailed, InstallFailed
from .child_job import ChildJob, in_worker

# About windows, logs and files: they change no picture, and some would do something in a child.
NOT_OF_A_PICTURE = frozenset(
    ("session_file", "session_changed", "scenes_changed", "logging", "security", "keep_alive", "suspend_updates",
     "suspend_undo", "suspend_deferred", "defer_updates", "internal_gui", "internal_feedback", "internal_prompt",
     "internal_gui_width", "movie_panel", "seq_view", "text", "overlay", "rock", "sculpting", "async_builds",
     "cache_max", "cache_mode", "session_migration", "session_version_check", "colored_feedback")
)  # fmt: skip
PICTURE = "{picture}"  # stands in arguments and in the text for the path of the picture
_MODULE = "pymolcode_plugin.scene.beside_child"


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
    job = ChildJob(_MODULE, "The process beside PyMOL", kept.folder)
    made = await in_worker(lambda: _made(job, kept, steps), job.stop, name="beside PyMOL")
    if isinstance(made, str):
        raise CommandFailed(made)
    return made


def _made(job: ChildJob, kept: Kept, steps: Sequence[Step]) -> Made | str:
    """What was made, or why nothing was."""
    try:
        with tempfile.TemporaryDirectory(prefix="pymolcode-") as folder:
            return _made_in(Path(folder), job, kept, steps)
    except (OSError, pickle.PicklingError, InstallFailed) as error:
        return str(error)


def _made_in(folder: Path, job: ChildJob, kept: Kept, steps: Sequence[Step]) -> Made | str:
    session, value, picture = folder / "session", folder / "value", folder / "picture.png"
    scene = {name: getattr(kept, name) for name in ("session", "settings", "viewport")}
    session.write_bytes(pickle.dumps(scene, protocol=4))
    with_path = [(name, _with_path(arguments, picture)) for name, arguments in steps]
    ended = job.run({"session": str(session), "value": str(value), "steps": with_path})
    if ended is None:
        return "It was stopped."
    text = ended.text.replace(str(picture), PICTURE)
    if ended.code or not value.is_file():
        return job.reason(ended._replace(text=text))
    return Made(json.loads(value.read_text()), picture.read_bytes() if picture.is_file() else None, text)


def _with_path(arguments: Mapping[str, Any], picture: Path) -> dict[str, Any]:
    return {name: str(picture) if value == PICTURE else value for name, value in arguments.items()}
