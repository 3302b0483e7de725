"""What a transcript is about, read without making its events: for lists of many sessions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import reference
from .title import one_line
from .transcript import FILE

_LAST = 4  # messages of a preview
_MAX_PREVIEW_CHARS = 600
# A line names its kind first; those of other kinds are not worth parsing here.
_WANTED = ('{"kind":"turn_started"', '{"kind":"text_delta"', '{"kind":"step_finished"')
_ADDED = re.compile(r"(?:^|; )added ([^\s;()]+) \(")
_FETCHED = re.compile(r"\b(?:fetch|/cmd\.fetch\(code=)\s*'?([0-9][A-Za-z0-9]{3})\b", re.IGNORECASE)
_MADE_HERE = re.compile(r"^(?:measure|dist|_|sele|surface|contacts|hbonds)", re.IGNORECASE)


@dataclass(frozen=True)
class Summary:
    """Of a session.

    Attributes:
        first_request: As its user wrote it.
        structures: Objects that steps added and entries that were fetched, in order.
        last: The last messages, oldest first, as (who, text).
    """

    first_request: str = ""
    n_turns: int = 0
    model: str = ""
    structures: tuple[str, ...] = ()
    last: tuple[tuple[str, str], ...] = ()


def summarised(folder: Path) -> Summary:
    """Read what a session is about; raises OSError where it cannot be read."""
    path = folder / FILE
    if not path.exists():
        return _of_messages(reference.messages(folder))
    first, n_turns, model = "", 0, ""
    structures: dict[str, None] = {}
    said: list[tuple[str, str]] = []
    for event in _events(path):
        kind = event.get("kind")
        if kind == "turn_started":
            n_turns += 1
            model = str(event.get("model") or model)
            first = first or str(event.get("text", ""))
            said.append(("You", str(event.get("text", ""))))
        elif kind == "text_delta":
            text = str(event.get("text", ""))
            if said and said[-1][0] == "Agent":
                said[-1] = ("Agent", said[-1][1] + text)
            else:
                said.append(("Agent", text))
        else:
            structures.update(dict.fromkeys(_structures(event)))
    last = tuple((who, one_line(text)[:_MAX_PREVIEW_CHARS]) for who, text in said[-_LAST:])
    return Summary(first, n_turns, model, tuple(structures), last)


def _of_messages(messages: list[tuple[str, str]]) -> Summary:
    asked = [text for who, text in messages if who == "You"]
    last = tuple((who, one_line(text)[:_MAX_PREVIEW_CHARS]) for who, text in messages[-_LAST:])
    return Summary(first_request=asked[0] if asked else "", n_turns=len(asked), last=last)


def _events(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith(_WANTED):
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict):
                    yield event


def _structures(step: dict[str, Any]) -> Iterator[str]:
    """Objects that a step added, and entries that it fetched."""
    for name in _ADDED.findall(str(step.get("diff", ""))):
        if not _MADE_HERE.match(name):
            yield name
    for command in step.get("commands") or ():
        yield from _FETCHED.findall(str(command))
