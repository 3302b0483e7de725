"""Pictures of a session, as files beside its transcript: named by what they hold, so each is written once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from .. import whole_files
from ..core.events import Event

KEY = "pictures"  # of a line of the transcript: names of files by the event's field
_NAME = re.compile(r"images/[0-9a-f]{32}\.(?:png|jpg)")
_JPEG = b"\xff\xd8"
_MAX_BYTES = 64 * 2**20


def kept(event: Event, folder: Path) -> dict[str, list[str]]:
    """Write the pictures of an event; their names by the field they are of, which the event leaves out of its JSON.

    Raises:
        OSError: One cannot be written.
    """
    names: dict[str, list[str]] = {}
    for field, info in type(event).model_fields.items():
        value = getattr(event, field)
        if info.exclude and value:
            pictures = (value,) if isinstance(value, bytes) else value
            names[field] = [_write(folder, data) for data in pictures if isinstance(data, bytes)]
    return names


def read(event_type: type[Any], names: object, folder: Path) -> dict[str, Any]:
    """The pictures that a line names, as fields of its event; those that are not there are left out."""
    if not isinstance(names, dict):
        return {}
    found: dict[str, Any] = {}
    for field, info in event_type.model_fields.items():
        if info.exclude and isinstance(names.get(field), list):
            data = [picture for picture in (_read(folder, name) for name in names[field]) if picture is not None]
            found[field] = tuple(data) if isinstance(info.default, tuple) else next(iter(data), None)
    return found


def _write(folder: Path, data: bytes) -> str:
    kind = "jpg" if data.startswith(_JPEG) else "png"
    name = f"images/{hashlib.blake2b(data, digest_size=16).hexdigest()}.{kind}"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        whole_files.put(path, data)
    return name


def _read(folder: Path, name: object) -> bytes | None:
    """Only what we name ourselves, and no link: a transcript may come from elsewhere."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return None
    path = folder / name
    try:
        if path.is_symlink() or path.parent.is_symlink() or path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None
