"""Reads sessions of the earlier pymolcode: {scene.pse, chat.json, manifest.json}; never trusted, never written.

Its manifest names the files, in one of two shapes: `artifacts.chat.file`, or the older `chat_file`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..core.errors import SessionError
from ..core.events import Event, TextDelta, TurnFinished, TurnStarted
from .title import MAX_TITLE_CHARS, one_line

CHAT = "chat.json"
_SCENE = "scene.pse"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_MAX_BYTES = 64 * 2**20
_MAX_SCENE_BYTES = 2**30
_WHO = {"user": "You", "assistant": "Agent"}


def is_one(folder: Path) -> bool:
    """Whether a folder holds such a session and none of ours."""
    return _plain(folder / _named(folder, "chat", CHAT)) and not (folder / "transcript.jsonl").exists()


def messages(folder: Path) -> list[tuple[str, str]]:
    """What was said, as (who, text); nothing where it cannot be read."""
    path = folder / _named(folder, "chat", CHAT)
    if not _plain(path) or path.stat().st_size > _MAX_BYTES:
        return []
    try:
        values = json.loads(path.read_bytes())
    except ValueError:
        return []
    found = values.get("messages") if isinstance(values, dict) else values
    items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    said = [(_WHO.get(str(item.get("role"))), _text(item)) for item in items]
    return [(who, text) for who, text in said if who and text]


def events(folder: Path) -> tuple[Event, ...]:
    """What was said, as turns."""
    made: list[Event] = []
    turn = 0
    for who, text in messages(folder):
        if who == "You":
            made += [TurnFinished(turn_id=f"turn{turn}", stop_reason="done")] if turn else []
            turn += 1
            made.append(TurnStarted(turn_id=f"turn{turn}", text=text))
        elif turn:
            made.append(TextDelta(turn_id=f"turn{turn}", text=f"{text}\n\n"))
    return (*made, TurnFinished(turn_id=f"turn{turn}", stop_reason="done")) if turn else ()


def scene(folder: Path) -> bytes | None:
    """Its scene, which anybody may have written; None where there is none.

    Raises:
        SessionError: It cannot be read.
    """
    path = folder / _named(folder, "scene", _SCENE)
    if not path.exists():
        return None
    if not _plain(path) or path.stat().st_size > _MAX_SCENE_BYTES:
        raise SessionError("The session's scene.pse is no plain file, or too large.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SessionError(f"The session's scene.pse cannot be read: {error.strerror or error}.") from error


def title(folder: Path) -> str:
    """What its user called it, or nothing."""
    metadata = _manifest(folder).get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return one_line(name)[:MAX_TITLE_CHARS] if isinstance(name, str) else ""


def _named(folder: Path, what: str, usual: str) -> str:
    """The file of that kind; what its manifest says where that is a plain name."""
    manifest = _manifest(folder)
    artifacts = manifest.get("artifacts")
    found = artifacts.get(what) if isinstance(artifacts, dict) else None
    name = found.get("file") if isinstance(found, dict) else manifest.get(f"{what}_file")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else usual


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    if not _plain(path) or path.stat().st_size > _MAX_BYTES:
        return {}
    try:
        values = json.loads(path.read_bytes())
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _text(message: dict[str, Any]) -> str:
    """Text, or the texts of a message in parts."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(text for text in parts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
