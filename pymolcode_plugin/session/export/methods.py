"""A paragraph for the methods of a paper: structures, programs, selections and settings, as they were read back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...core.counting import counted
from ...core.replaying import SettingNow
from ...core.scene import ObjectInfo
from ...core.version import version
from .calls import Called
from .header import Header
from .story import Done, Request

_MAX_LISTED = 40
_CUTOFF = re.compile(r"\b(within|around|beyond|near_to|expand|gap)\s+(\d+(?:\.\d+)?)", re.IGNORECASE)
_ALIGNS = ("align", "super", "cealign")


@dataclass(frozen=True)
class Structure:
    """An object and the file it came from, as far as that is known."""

    name: str
    n_atoms: int
    path: str = ""
    header: Header = field(default_factory=Header)
    title: str = ""


def structures(objects: Sequence[ObjectInfo], loaded: dict[str, Path], headers: dict[Path, Header]) -> list[Structure]:
    """The molecules of the scene at the end; those that were loaded in the chat with their files."""
    found = []
    for item in objects:
        if item.type == "object:molecule":
            path = loaded.get(item.name)
            header = headers.get(path, Header()) if path else Header()
            found.append(Structure(item.name, item.n_atoms, str(path or ""), header, item.title))
    return found


def files_of(calls: Sequence[Called]) -> dict[str, Path]:
    """The file of each object, by its name."""
    found: dict[str, Path] = {}
    for call in calls:
        if call.name == "load" and (path := call.argument(0, "filename")):
            name = call.argument(1, "object") or Path(path).name.split(".", 1)[0]
            found[name] = Path(path)
        elif call.name == "set_name":
            old, new = call.argument(0, "old_name"), call.argument(1, "new_name")
            if old in found:
                found[new] = found.pop(old)
    return found


def paragraph(
    requests: Sequence[Request],
    calls: Sequence[Called],
    found: Sequence[Structure],
    settings: Sequence[SettingNow],
    pymol_version: str,
) -> str:
    """The text; only what is known is said."""
    sentences = [
        _programs(requests, pymol_version),
        _structures(found),
        _selections(calls),
        _cutoffs(calls),
        _superpositions(requests),
        _settings(settings),
    ]
    return " ".join(sentence for sentence in sentences if sentence) + "\n"


def _programs(requests: Sequence[Request], pymol_version: str) -> str:
    models = list(dict.fromkeys(request.model for request in requests if request.model))
    said = f"Structures were displayed and analysed in PyMOL {pymol_version} through pymolcode {version()}"
    if not models:
        return f"{said}."
    return f"{said}, with the language model{'s' if len(models) > 1 else ''} {_listed(models)}."


def _structures(found: Sequence[Structure]) -> str:
    if not found:
        return ""
    parts = []
    for item in found:
        header = item.header
        name = header.id.upper() or item.name
        about = [f"“{header.title or item.title}”" if header.title or item.title else ""]
        about += [
            header.method.lower().replace("x-ray", "X-ray"),
            f"{header.resolution} Å" if header.resolution else "",
        ]
        about += [counted(item.n_atoms, "atom"), f"object {item.name}" if name != item.name else ""]
        about += [f"file {item.path}" if item.path else "already loaded, its file is not known"]
        parts.append(f"{name} ({', '.join(part for part in about if part)})")
    return f"The structures were {_listed(parts)}."


def _selections(calls: Sequence[Called]) -> str:
    named = {call.argument(0, "name"): call.argument(1, "selection") for call in calls if call.name == "select"}
    parts = [f"{name} = `{text}`" for name, text in named.items() if name and text][:_MAX_LISTED]
    return f"Selections were defined as {'; '.join(parts)}." if parts else ""


def _cutoffs(calls: Sequence[Called]) -> str:
    texts = [str(value) for call in calls for value in (*call.positional, *call.named.values())]
    found = [f"{word.lower()} {number} Å" for text in texts for word, number in _CUTOFF.findall(text)]
    return f"Distance criteria of selections were {_listed(list(dict.fromkeys(found)))}." if found else ""


def _superpositions(requests: Sequence[Request]) -> str:
    said = [
        " ".join(item.text.split())
        for request in requests
        for item in request.items
        if isinstance(item, Done) and item.tool in _ALIGNS and item.text
    ]
    return f"Superposition: {' '.join(said)}" if said else ""


def _settings(settings: Sequence[SettingNow]) -> str:
    if not settings:
        return ""
    parts = [f"{item.name} {item.value or 'nothing'} (default {item.default or 'nothing'})" for item in settings]
    more = f" and {len(parts) - _MAX_LISTED} more" if len(parts) > _MAX_LISTED else ""
    return f"Settings that differ from PyMOL's defaults: {', '.join(parts[:_MAX_LISTED])}{more}."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
