"""Reads sessions of the earlier pymolcode: {scene.pse, chat.json, manifest.json}; never trusted, never written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..core.errors import SessionError
from ..core.events import Event, TextDelta, TurnFinished, TurnStarted

CHAT = "chat.json"
_SCENE = "scene.pse"
_MAX_BYTES = 64 * 2**20
_MAX_SCENE_BYTES = 2**30
_WHO = {"user": "You", "assistant": "Agent"}


def is_one(folder: Path) -> bool:
    """Whether a folder holds such a session and none of ours."""
    return _plain(folder / CHAT) and not (folder / "transcript.jsonl").exists()


def messages(folder: Path) -> list[tuple[str, str]]:
    """What was said, as (who, text); nothing where it cannot be read."""
    path = folder / CHAT
    if not _plain(path) or path.stat().st_size > _MAX_BYTES:
        return []
    try:
        values = json.loads(path.read_bytes())
    except ValueError:
        return []
    found = values.get("messages", []) if isinstance(values, dict) else values
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
    path = folder / _SCENE
    if not path.exists():
        return None
    if not _plain(path) or path.stat().st_size > _MAX_SCENE_BYTES:
        raise SessionError("The session's scene.pse is no plain file, or too large.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SessionError(f"The session's scene.pse cannot be read: {error.strerror or error}.") from error


def _text(message: dict[str, Any]) -> str:
    """Text, or the texts of a message in parts."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(text for text in parts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()
