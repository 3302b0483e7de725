"""Writes a file as a whole or not at all: beside the old one first, then in its place. Raises OSError as it comes.

A link stays a link, what it points to is replaced; a file that was there keeps its mode.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write all of it or nothing; blocking, so use a worker thread.

    Raises:
        OSError: It cannot be written; an older file is as it was.
    """
    part = begin(path)
    try:
        part.write_bytes(data)
        finish(part, path)
    finally:
        discard(part)


def begin(path: Path) -> Path:
    """Where to write first: in a folder of its own with the final name, because formats go by it."""
    return Path(tempfile.mkdtemp(prefix=f".{path.stem}-", dir=path.resolve().parent)) / path.name


def finish(part: Path, path: Path) -> None:
    """Put what was written in its place."""
    target = path.resolve()
    if target.exists():
        part.chmod(target.stat().st_mode)
    part.replace(target)


def discard(part: Path) -> None:
    """Remove what is left of `begin`, also after `finish`."""
    shutil.rmtree(part.parent, ignore_errors=True)
