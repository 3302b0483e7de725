"""Finds sessions by what was said in them; each word that is searched for must occur somewhere in the session."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
        return _in_texts([text for _who, text in reference.messages(folder)], words)
    except OSError:
        return ""
    # Most sessions do not have the word at all: that is seen without reading any JSON. A word with a quotation mark or
    # a backslash is written with another backslash there.
    plain = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    raw = data.lower() if all(word.isascii() for word in words) else data.decode("utf-8", "replace").casefold().encode()
    if not all(word.encode() in raw for word in plain):
        return ""
    return _in_texts(list(_texts(data, plain)), words)


def _texts(data: bytes, plain: list[str]) -> list[str]:
    """The texts of the lines that have one of the words anywhere."""
    texts: list[str] = []
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
            texts += [value for value in values if isinstance(value, str)]
    return texts


def _in_texts(texts: list[str], words: list[str]) -> str:
    low = [text.casefold() for text in texts]
    if not all(any(word in text for text in low) for word in words):
        return ""
    number = next(number for number, text in enumerate(low) if words[0] in text)
    at = low[number].find(words[0])
    around = texts[number][max(0, at - _AROUND) : at + len(words[0]) + _AROUND]
    begin, end = "… " if at > _AROUND else "", " …" if at + len(words[0]) + _AROUND < len(texts[number]) else ""
    return f"{begin}{one_line(around)}{end}"
