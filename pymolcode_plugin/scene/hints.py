"""From an error text of PyMOL's to what to try next; the table is `resources/hints.yaml`."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ..config import paths
from . import hint_facts

_EXCEPTION = re.compile(r"^(?:pymol\.)?[\w.]*(?:Error|Exception|Iteration|Interrupt)\b.*", re.MULTILINE)
_FIELD = re.compile(r"\{(\w+)\}")
_PREFIX = re.compile(r"^\s*(?:pymol\.CmdException:)?\s*(?:Error:\s*)?")
_WARNING = re.compile(r"^\s*[\w.]+-Warning:\s*")
_MAX_SENTENCES = 2


@dataclass(frozen=True)
class Entry:
    """One row of the table; patterns are compiled."""

    id: str
    error: re.Pattern[str]
    command: re.Pattern[str] | None
    text: re.Pattern[str] | None
    says: str
    hint: tuple[str, ...]


@functools.cache
def entries() -> tuple[Entry, ...]:
    """The table, in its order."""
    rows = yaml.safe_load(paths.resource("hints.yaml").read_text(encoding="utf-8"))
    return tuple(
        Entry(
            id=row["id"],
            error=re.compile(row["error"], re.MULTILINE),
            command=re.compile(row["command"]) if "command" in row else None,
            text=re.compile(row["text"]) if "text" in row else None,
            says=row.get("says", ""),
            hint=tuple(row["hint"]),
        )
        for row in rows
    )


def hint(cmd: Any, command_text: str, error_text: str) -> str:
    """At most two sentences, or an empty string where nothing better is known; call on PyMOL's thread."""
    return _found(cmd, command_text, error_text)[2]


def explained(cmd: Any, command_text: str, error_text: str) -> str:
    """The error as it should be read: without Python's way to it, and with what to try next."""
    short = shortened(error_text)
    _, says, advice = _found(cmd, command_text, short)
    text = says or short
    return f"{_ended(text)} {advice}" if advice else text


def warnings(cmd: Any, command_text: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Warnings that PyMOL printed and that have a hint; their effect was not what was asked for."""
    found = []
    for line in lines:
        if _WARNING.match(line) and (advice := hint(cmd, command_text, line)):
            found.append(f"{_ended(_WARNING.sub('', line).strip())} {advice}")
    return tuple(found)


def entry_for(cmd: Any, command_text: str, error_text: str) -> str:
    """The id of the entry that has something to say; for tests."""
    return _found(cmd, command_text, error_text)[0]


def shortened(error_text: str) -> str:
    """The last line of a traceback says it all: where in PyMOL's own files it was raised helps nobody."""
    if "Traceback (most recent call last)" in error_text:
        found = _EXCEPTION.findall(error_text)
        if found:
            error_text = found[-1]
    return _PREFIX.sub("", error_text).strip()


def _found(cmd: Any, command_text: str, error_text: str) -> tuple[str, str, str]:
    """Id, replaced text and hint of the first entry that has one."""
    error_text = shortened(error_text)
    facts = hint_facts.Facts(cmd, command_text)
    for entry in entries():
        match = entry.error.search(error_text)
        if match is None or not _concerns(entry, facts):
            continue
        facts.error = match
        facts.text_match = entry.text.search(command_text) if entry.text else None
        sentences = [text for text in (_filled(item, facts) for item in entry.hint) if text]
        if sentences:
            return entry.id, _filled(entry.says, facts), " ".join(sentences[:_MAX_SENTENCES])
    return "", "", ""


def _concerns(entry: Entry, facts: hint_facts.Facts) -> bool:
    if entry.command is not None and not entry.command.fullmatch(facts.command.name):
        return False
    return entry.text is None or entry.text.search(facts.command_text) is not None


def _filled(sentence: str, facts: hint_facts.Facts) -> str:
    """A sentence with its fields filled; empty where one of them has no answer."""
    values = {name: facts.field(name) for name in _FIELD.findall(sentence)}
    if any(not value and not name.isdigit() for name, value in values.items()):
        return ""
    return _FIELD.sub(lambda found: values[found[1]], sentence)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
