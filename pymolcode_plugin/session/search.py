"""Finds sessions by what was said in them; each word that is searched for must occur somewhere in the session."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from . import reference
from .index import Listed
from .title import one_line
from .transcript import FILE

_TEXTS = ("text", "title", "arguments", "question", "command", "diff", "error", "reason")
_AROUND = 60  # characters each side of what was found


class Found(NamedTuple):
    """A session that fits. `snippet` is where the text has it; empty where title and structures say it all."""

    session: Listed
    snippet: str = ""


def search(root: Path, sessions: Sequence[Listed], query: str, stop: Callable[[], bool] = lambda: False) -> list[Found]:
    """Those in which every word of the query occurs, in their order; blocking.

    Args:
        root: Holds their folders.
        sessions: To search.
        query: Words; case does not matter.
        stop: Asked after each session; what was found until then is returned.
    """
    words = [word.casefold() for word in query.split()]
    found: list[Found] = []
    for session in sessions:
        if stop():
            break
        said = f"{session.title} {' '.join(session.structures)} {session.model}".casefold()
        rest = [word for word in words if word not in said]
        if not rest:
            found.append(Found(session))
            continue
        snippet = _in_text(root / session.folder, rest)
        if snippet:
            found.append(Found(session, snippet))
    return found


def _in_text(folder: Path, words: list[str]) -> str:
    """Around the first of the words, where the texts of a transcript have all of them; empty else."""
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return _snippet((text for _who, text in reference.messages(folder)), words)
    except OSError:
        return ""
    # Most sessions do not have the word at all: that is seen without reading any JSON. A word with a quotation mark or
    # a backslash is written with another backslash there.
    plain = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    raw = data.lower() if all(word.isascii() for word in words) else data.decode("utf-8", "replace").casefold().encode()
    if not all(word.encode() in raw for word in plain):
        return ""
    return _snippet(_texts(data, plain), words)


def _texts(data: bytes, plain: list[str]) -> Iterator[str]:
    """The texts of the lines that have one of the words anywhere."""
    for line in data.splitlines():
        low = line.decode("utf-8", "replace").casefold()
        if not any(word in low for word in plain):
            continue
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            values = [event.get(name) for name in _TEXTS] + list(event.get("choices") or ())
            yield from (value for value in values if isinstance(value, str))


def _snippet(texts: Iterable[str], words: list[str]) -> str:
    """Around where one of the words is first; empty where the texts do not have all of them."""
    missing, snippet = set(words), ""
    for text in texts:
        low = text.casefold()
        here = [word for word in missing if word in low]
        if here and not snippet:
            snippet = _around(text, min(low.find(word) for word in here), len(here[0]))
        missing.difference_update(here)
        if not missing:
            return snippet
    return ""


def _around(text: str, at: int, n_chars: int) -> str:
    begin, end = max(0, at - _AROUND), at + n_chars + _AROUND
    return f"{'… ' if begin else ''}{one_line(text[begin:end])}{' …' if end < len(text) else ''}"
