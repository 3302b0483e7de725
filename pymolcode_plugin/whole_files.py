"""Writes a file as a whole or not at all: beside the old one first, then in its place. Raises OSError as it comes.

A link stays a link, what it points to is replaced; a file that was there keeps its mode.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

_BUSY_LIMIT_S = 1.0
_MAX_PREFIX_CHARS = 40  # of a name that may be as long as a disk takes them


def write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write all of it or nothing; blocking, so use a worker thread.

    Args:
        path: The file.
        data: Its whole content.
        private: For the user's eyes only from its first byte, and on the disk itself before this returns. On Windows
            the folder's rights decide who may read it.

    Raises:
        OSError: It cannot be written; an older file is as it was.
    """
    part = begin(path)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(part, flags, 0o600 if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if private:
                file.flush()
                os.fsync(file.fileno())
        finish(part, path, private=private)
    finally:
        discard(part)


def put(path: Path, data: bytes) -> None:
    """As `write` for the user's eyes only, but quicker: it outlives the process, not a machine that fails.

    Raises:
        OSError: It cannot be written; an older file is as it was.
    """
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path))
    part = Path(beside)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def begin(path: Path) -> Path:
    """Where to write first: in a folder of its own with the final name, because formats go by it."""
    return Path(tempfile.mkdtemp(prefix=_prefix(path), dir=path.resolve().parent)) / path.name


def finish(part: Path, path: Path, *, private: bool = False) -> None:
    """Put what was written in its place."""
    target = path.resolve()
    if private:
        part.chmod(0o600)
    elif target.exists():
        part.chmod(target.stat().st_mode)
    _replace(part, target)
    if private:
        _sync_folder(target.parent)


def discard(part: Path) -> None:
    """Remove what is left of `begin`, also after `finish`."""
    shutil.rmtree(part.parent, ignore_errors=True)


def discard_left(path: Path) -> None:
    """Remove what processes that were killed in the middle left beside `path`; only where nobody writes it now.

    Folders of `begin` alone, and only where nothing else was put into one: never what somebody made by hand.
    """
    target, prefix = path.resolve(), _prefix(path)
    with contextlib.suppress(OSError):  # what cannot be taken away hinders nobody
        for folder in target.parent.iterdir():
            if folder.name.startswith(prefix) and folder.is_dir() and not folder.is_symlink():
                _discard_folder(folder, path.name)


def _discard_folder(folder: Path, name: str) -> None:
    if {item.name for item in folder.iterdir()} <= {name}:
        (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _prefix(path: Path) -> str:
    return f".{path.name[:_MAX_PREFIX_CHARS]}.part-"


def _replace(part: Path, target: Path) -> None:
    """Windows refuses while somebody reads the old file, which takes milliseconds."""
    end = time.monotonic() + _BUSY_LIMIT_S
    while True:
        try:
            part.replace(target)
        except PermissionError:
            if os.name != "nt" or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """The new name too is on the disk; where the system knows no such thing, there is nothing to do."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
