"""What a session is called: by its first request, or as its user renamed it; and where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from .. import whole_files
from ..core.scene import Frozen

_FILE = "about.json"
_MAX_CHARS = 64
MAX_TITLE_CHARS = 200
_MAX_STRUCTURES = 3
_PRAISE = re.compile(r"^(?:please|hi|hello|hey|could you|can you|would you)\b[\s,!.]*", re.IGNORECASE)
_ATTACHED = re.compile(r"\s*\[[^\]\n]*\]$")
_END = re.compile(r"(?<=[.!?])\s")
UNTITLED = "Untitled"


class About(Frozen):
    """What a session's user said of it, and where it came from; beside its transcript.

    Attributes:
        title: As the user renamed it; empty where it is called by its first request.
        origin: Folder name of the session it is a copy of.
    """

    title: str = Field(default="", max_length=MAX_TITLE_CHARS)
    origin: str = ""


def read_about(folder: Path) -> About:
    """What is said there; nothing where it cannot be read."""
    try:
        return About.model_validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return About()


def write_about(folder: Path, about: About) -> None:
    """Say it; raises OSError where it cannot be written."""
    whole_files.write(folder / _FILE, json.dumps(about.model_dump(), ensure_ascii=False).encode())


def rename(folder: Path, title: str) -> str:
    """Call a session so from now on, and by its first request again where the title is empty; the title as it is kept.

    Raises:
        OSError: It cannot be written.
    """
    plain = one_line(title)[:MAX_TITLE_CHARS]
    write_about(folder, read_about(folder).model_copy(update={"title": plain}))
    return plain


def of_request(text: str, structures: Iterable[str] = ()) -> str:
    """A title from the first request, and the structures it is about where it does not name them."""
    line = one_line(_ATTACHED.sub("", text.strip()))
    line = _PRAISE.sub("", line) or line
    sentence = _END.split(line, maxsplit=1)[0].rstrip(".")
    title = _cut(sentence[:1].upper() + sentence[1:]) or UNTITLED
    unsaid = [name for name in structures if name.lower() not in text.lower()][:_MAX_STRUCTURES]
    return f"{title} · {', '.join(unsaid)}" if unsaid else title


def one_line(text: str) -> str:
    """Without line ends, and without characters that do not show or turn the order of others round."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _cut(text: str) -> str:
    """At the end of a word where there is one."""
    if len(text) <= _MAX_CHARS:
        return text
    cut = text[:_MAX_CHARS]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[_MAX_CHARS // 2 :] else cut} …"
