"""The list of sessions: title, dates, structures, turns, and search; kept in a cache that is never believed blindly.

An entry holds for as long as the files it was read from have the size and time they had then. So a cache that is
missing, damaged or old costs time and nothing else. Everything here is blocking, and belongs in a worker thread.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from .. import whole_files
from ..core.errors import SessionError
from . import bundle, lock, reference
from .summary import Summary, summarised
from .title import of_request, read_about
from .transcript import FILE

log = structlog.get_logger()
_VERSION = 1
_SOURCES = (FILE, "about.json", bundle.FILE, reference.CHAT)
_GONE = ".gone-"


class Listed(BaseModel):
    """A session as it is listed.

    Attributes:
        folder: Its name, which is its id.
        title: By its user, else by its first request.
        started_at: Seconds since 1970, as its folder says; where that says none, when it was last written.
        updated_at: When it was last written.
        structures: Objects and PDB ids that were seen in it.
        preview: The last messages, oldest first, as (who, text).
    """

    model_config = ConfigDict(frozen=True)

    folder: str
    title: str
    updated_at: float
    structures: tuple[str, ...] = ()
    n_turns: int = 0
    model: str = ""
    origin: str = ""
    preview: tuple[tuple[str, str], ...] = ()


_Stamp = tuple[tuple[int, int], ...]


class _Entry(BaseModel):
    stamp: _Stamp
    listed: Listed | None


class _Cache(BaseModel):
    version: int = _VERSION
    entries: dict[str, _Entry] = {}


_CACHE: TypeAdapter[_Cache] = TypeAdapter(_Cache)


class Index:
    """The sessions of a folder.

    Args:
        root: Holds a folder for each.
        cache_file: Where what was read of them is kept.
    """

    def __init__(self, root: Path, cache_file: Path) -> None:
        self._root = root
        self._cache_file = cache_file

    def sessions(self) -> list[Listed]:
        """All of them in which something was said, the newest first."""
        before = self._cached()
        now: dict[str, _Entry] = {}
        for name, stamp in _stamps(self._root):
            known = before.get(name)
            if known is not None and known.stamp == stamp:
                now[name] = known
            else:
                now[name] = _Entry(stamp=stamp, listed=_read(self._root / name, stamp))
        if now != before:
            self._keep(now)
        found = [entry.listed for entry in now.values() if entry.listed is not None]
        return sorted(found, key=lambda item: (-item.updated_at, item.folder))

    def is_open(self, folder: str) -> bool:
        """Whether a living PyMOL has it open, this one included."""
        return lock.is_open(self._root / folder)

    def remove(self, folder: str) -> None:
        """Remove a session for good.

        Raises:
            SessionError: It is open, or cannot be removed.
        """
        path = self._root / folder
        if folder != path.name or folder in ("", ".", "..") or path.is_symlink() or not path.is_dir():
            raise SessionError("That session is gone already.")
        try:
            held = lock.take(path)
        except OSError:
            held = None
        else:
            if held is None:
                raise SessionError("This session is open, here or in another PyMOL.", hint="Close it there first.")
        if held is not None:
            held.release()  # Windows removes no file that is open
        gone = self._root / f"{_GONE}{uuid.uuid4().hex}"
        try:
            path.rename(gone)  # at once: half of a session is none
            shutil.rmtree(gone)
        except OSError as error:
            raise SessionError(f"The session cannot be removed: {error.strerror or error}.") from error

    def _cached(self) -> dict[str, _Entry]:
        try:
            cache = _CACHE.validate_json(self._cache_file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            log.warning("sessions.index_unreadable", kind=type(error).__name__)
            return {}
        return cache.entries if cache.version == _VERSION else {}

    def _keep(self, entries: dict[str, _Entry]) -> None:
        try:
            self._cache_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            whole_files.write(self._cache_file, _CACHE.dump_json(_Cache(entries=entries)))
        except OSError as error:  # a cache: without it the next list takes longer
            log.warning("sessions.index_not_kept", kind=type(error).__name__)


def _stamps(root: Path) -> Iterable[tuple[str, _Stamp]]:
    """Each folder with size and time of what is read of it."""
    try:
        with os.scandir(root) as found:
            names = [item.name for item in found if item.is_dir(follow_symlinks=False) and item.name[0] != "."]
    except FileNotFoundError:
        return
    for name in names:
        yield name, tuple(_stamp(os.path.join(root, name, file)) for file in _SOURCES)  # noqa: PTH118  # 4,000 of them


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116  # see above
    except OSError:
        return (-1, 0)
    return (found.st_size, found.st_mtime_ns)


def _read(folder: Path, stamp: _Stamp) -> Listed | None:
    """What is listed of a session; None where nothing was said in it."""
    try:
        summary = summarised(folder)
    except OSError as error:
        log.warning("sessions.unreadable", kind=type(error).__name__)
        return None
    if not summary.n_turns:
        return None
    about = read_about(folder)
    structures = _structures(folder, summary)
    written = max(time_ns for _size, time_ns in (stamp[0], stamp[3]))
    return Listed(
        folder=folder.name,
        title=about.title or reference.title(folder) or of_request(summary.first_request, structures),
        updated_at=written / 1e9,
        structures=structures,
        n_turns=summary.n_turns,
        model=summary.model,
        origin=about.origin,
        preview=summary.last,
    )


def _structures(folder: Path, summary: Summary) -> tuple[str, ...]:
    """Those of the scene that was kept first: they are what is seen now."""
    try:
        values = json.loads((folder / bundle.FILE).read_bytes())
        kept = [name for name in values["scene"]["objects"] if isinstance(name, str)]
    except (OSError, ValueError, KeyError, TypeError):
        kept = []
    names = {name.lower(): name for name in reversed([*kept, *summary.structures])}
    ordered = dict.fromkeys(name.lower() for name in (*kept, *summary.structures))
    return tuple(names[name] for name in ordered)[:50]
