"""Documentation of the running PyMOL: its commands, settings and help topics."""

from __future__ import annotations

import csv
import difflib
import functools
import inspect
import os
from pathlib import Path
from typing import Any

from pymol import setting as pymol_setting

_MAX_CHARS = 3000


def find(cmd: Any, topic: str) -> str:
    """What PyMOL documents about a command or setting; close names where there is no such thing."""
    name = topic.strip().split(",")[0].split(" ")[0].lower()
    if name in cmd.keyword:
        return _command(name, cmd.keyword[name][0])
    if name in pymol_setting.index_dict:
        return _setting(cmd, name)
    if name in cmd.help_only:
        return _cut(inspect.cleandoc(cmd.help_only[name][0].__doc__ or ""))
    known = [*cmd.keyword, *pymol_setting.index_dict, *cmd.help_only]
    inside = [item for item in known if name and name in item]
    close = list(dict.fromkeys([*difflib.get_close_matches(name, known, n=6), *inside]))[:10]
    return f"PyMOL has no command or setting `{topic}`. " + (f"Close: {', '.join(close)}." if close else "")


def _command(name: str, function: Any) -> str:
    try:
        signature = str(inspect.signature(function))
    except (TypeError, ValueError):
        signature = "(…)"
    text = inspect.cleandoc(function.__doc__ or "PyMOL has no text for this command.")
    return _cut(f"{name}{signature}\n\n{text}")


def _setting(cmd: Any, name: str) -> str:
    return f"setting {name} = {cmd.get_setting_text(name)}. {_descriptions().get(name, '')}".strip()


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else text[:_MAX_CHARS] + "\n…"


@functools.cache
def _descriptions() -> dict[str, str]:
    file = Path(os.environ.get("PYMOL_DATA", "")) / "setting_help.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", errors="replace", newline="") as rows:
        return {row[0]: ". ".join(part for part in row[1:3] if part) for row in csv.reader(rows) if row}
