"""Finds the scenes of sessions that ended without being closed, and reads them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import structlog
from filelock import FileLock, Timeout

from ..core.errors import SceneError
from .disk import NEWEST, read_file, read_leaf
from .shelf import LOCK
from .state import State
from .state_file import read, read_header

log = structlog.get_logger()


class Recoverable(NamedTuple):
    """The newest scene of a session whose process is dead. `when` is in seconds since 1970."""

    folder: Path
    when: float
    n_objects: int
    n_atoms: int


def recoverable(scenes_folder: Path) -> list[Recoverable]:
    """Scenes that are worth bringing back, the newest first; damaged ones are passed over.

    Args:
        scenes_folder: Holds a folder for each PyMOL.
    """
    found = []
    for path in scenes_folder.glob(f"*/{NEWEST}.state"):
        if _is_alive(path.parent):
            continue
        try:
            header = read_header(read_file(path))
        except SceneError as error:
            log.warning("recovery.unreadable", folder=str(path.parent), error=str(error))
            continue
        if header.n_objects:
            found.append(Recoverable(path.parent, header.when, header.n_objects, header.n_atoms))
    return sorted(found, key=lambda item: -item.when)


def load_recovered(folder: Path) -> State:
    """The newest state in a folder that `recoverable` found; `History.adopt` makes it one that can be restored.

    Raises:
        SceneError: It is damaged.
    """
    return read(read_file(folder / f"{NEWEST}.state"), lambda digest: read_leaf(folder / "parts", digest))


def discard(folder: Path) -> None:
    """Remove what a dead session left, when it was brought back or is not wanted."""
    if not _is_alive(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(folder: Path) -> bool:
    """Whether a process still has the folder; the system takes its lock back when it dies."""
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False
