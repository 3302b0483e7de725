"""What the user asked before, in every session: one file in the user folder, appended to, read when the panel opens.

Several PyMOLs write it; a line is appended whole, and only the one that holds the lock makes the file shorter.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from .. import whole_files
from ..masking import mask

MAX_PROMPTS = 1_000
_MAX_CHARS = 20_000  # of one; longer ones were pasted, and are not asked again by heart
_MAX_BYTES = 1_000_000
_WAIT_S = 2.0  # for another PyMOL, which needs milliseconds


class Prompts:
    """Earlier prompts, oldest first; keys in them are masked before they are written.

    Args:
        path: JSON Lines; made when the first prompt is added, for the user's eyes only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self) -> tuple[str, ...]:
        """The last ones, as far as they can be read; one that follows itself counts once. Blocking."""
        try:
            lines = self._lines()
        except OSError:
            return ()
        texts = [text for line in lines if (text := _text(line))]
        kept = [text for number, text in enumerate(texts) if not number or text != texts[number - 1]]
        return tuple(kept[-MAX_PROMPTS:])

    def add(self, text: str) -> None:
        """Append one; blocking, so use a worker thread.

        Raises:
            OSError: It cannot be written.
        """
        kept = mask(text.strip())
        if not kept or len(kept) > _MAX_CHARS:
            return
        line = json.dumps({"text": _whole(kept)}, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with FileLock(self._path.with_suffix(".lock"), timeout=_WAIT_S, mode=0o600):
                self._append(line.encode())
                self._shorten()
        except Timeout as error:
            raise OSError(f"{self._path} is held by another program.") from error

    def _append(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(self._path, flags, 0o600), "r+b") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                line = line if file.read(1) == b"\n" else b"\n" + line  # the last one was cut by a full disk
            file.write(line)

    def _shorten(self) -> None:
        """Keep the newest half where the file has grown too long."""
        if self._path.stat().st_size <= _MAX_BYTES:
            return
        kept, size = [], 0
        for line in reversed(self._lines()[-MAX_PROMPTS:]):
            size += len(line) + 1
            if size > _MAX_BYTES // 2:
                break
            kept.append(line)
        with contextlib.suppress(OSError):  # it was written, which is what was asked for
            whole_files.write(self._path, b"".join(line + b"\n" for line in reversed(kept)), private=True)

    def _lines(self) -> list[bytes]:
        return self._path.read_bytes().splitlines()


def _text(line: bytes) -> str:
    """The text of a line; empty of one that is cut or not ours."""
    try:
        entry = json.loads(line)
    except ValueError:
        return ""
    text = entry.get("text") if isinstance(entry, dict) else None
    return text.strip() if isinstance(text, str) else ""


def _whole(text: str) -> str:
    """Surrogates have no UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
