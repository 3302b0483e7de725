"""Documentation of the running PyMOL: commands, settings with their values, help topics, presets, found by meaning."""

from __future__ import annotations

import csv
import difflib
import functools
import inspect
import os
import re
from pathlib import Path
from typing import Any

from pymol import preset, util
from pymol import setting as pymol_setting

from .help_index import Entry, Index
from .hint_facts import short_signature

_MAX_CHARS = 3000
_MAX_OTHERS = 6
_MAX_LINE = 110
_MAX_CHOICES = 40
_LINK = re.compile(r"\[\[[^\]|]*\|([^\]]*)\]\]")
_HEADING = re.compile(r"^([A-Z][A-Z ]+)$", re.MULTILINE)
# How much of each part of a docstring is worth its place, in this order.
_PARTS = {
    "DESCRIPTION": 700,
    "USAGE": 400,
    "ARGUMENTS": 800,
    "EXAMPLES": 500,
    "EXAMPLE": 500,
    "NOTES": 400,
    "NOTE": 400,
}
_TYPES = {1: "boolean", 2: "int", 3: "float", 4: "float3", 5: "colour", 6: "string"}
_NO_PRESETS = ("cmd", "util", "traceback")
_REPRESENTATIONS = {
    "lines": "bonds as lines", "sticks": "bonds as cylinders",
    "spheres": "atoms as balls of their van der Waals radius", "cartoon": "helices, strands and loops of polymers",
    "ribbon": "the backbone as one line", "dots": "dots around atoms", "surface": "the molecular surface",
    "mesh": "the molecular surface as a mesh", "labels": "text at atoms",
    "nonbonded": "atoms without bonds as crosses, e.g. waters", "nb_spheres": "atoms without bonds as small balls",
    "ellipsoids": "anisotropic temperature factors", "dashes": "distances", "cell": "the unit cell",
    "slice": "of a map", "volume": "of a map", "angles": "of measurements", "dihedrals": "of measurements",
    "extent": "the box around it",
}  # fmt: skip


def find(cmd: Any, topic: str) -> str:
    """What PyMOL documents on a name or a question, and what else it may be about; at most 3000 characters."""
    return answer(cmd, topic, search(collect(cmd), topic))


def collect(cmd: Any) -> tuple[Entry, ...]:
    """Everything that has a name in this PyMOL; call on PyMOL's thread."""
    return _collected(cmd, len(cmd.keyword), len(cmd.help_only))


def search(entries: tuple[Entry, ...], topic: str) -> list[Entry]:
    """The best entries for a name or a question, best first; any thread may call it."""
    index = _indexed(entries)
    wanted = topic.strip().strip("`'\"?").strip()
    name = wanted.split(",")[0].strip().removeprefix("cmd.")
    exact = index.named(name.replace(" ", "_")) or index.named(f"cmd.{name}")
    misspelt = difflib.get_close_matches(wanted.lower(), index.names(), n=3, cutoff=0.85) if not exact else []
    found = [*exact, *(entry for close in misspelt for entry in index.named(close)), *index.search(wanted)]
    if len(found) <= len(exact):
        close = difflib.get_close_matches(wanted.lower(), index.names(), n=_MAX_OTHERS, cutoff=0.6)
        found += [entry for name in close for entry in index.named(name)]
    return list(dict.fromkeys(found))[: _MAX_OTHERS + 1]


def answer(cmd: Any, topic: str, found: list[Entry]) -> str:
    """The best entry in full and the others by name; call on PyMOL's thread."""
    if not found:
        return f"PyMOL documents nothing like `{topic}`. Ask with other words, or for the name of a command or setting."
    others = "\n".join(f"- {entry.name} ({entry.kind}): {_cut(entry.summary, _MAX_LINE)}" for entry in found[1:])
    others = f"\n\nSee also:\n{others}" if others else ""
    return _cut(_described(cmd, found[0]), _MAX_CHARS - len(others)) + others


@functools.lru_cache(maxsize=2)
def _collected(cmd: Any, _n_keywords: int, _n_topics: int) -> tuple[Entry, ...]:
    """Collected anew when commands were added."""
    entries = _commands(cmd)
    entries += [_from_text("topic", name, row[0].__doc__) for name, row in cmd.help_only.items()]
    entries += [_setting_entry(name) for name in pymol_setting.index_dict]
    entries += [Entry("representation", name, text) for name, text in _REPRESENTATIONS.items()]
    entries += _functions("preset", preset) + _functions("util", util, set(cmd.keyword))
    known = {entry.name for entry in entries}
    entries += [_from_text("function", f"cmd.{name}", getattr(cmd, name).__doc__) for name in _api(cmd, known)]
    return tuple(entries)


@functools.lru_cache(maxsize=2)
def _indexed(entries: tuple[Entry, ...]) -> Index:
    return Index(entries)


def _commands(cmd: Any) -> list[Entry]:
    """Every command once; `colour` is only said to be `color`."""
    first: dict[Any, str] = {}
    entries = []
    for name, row in cmd.keyword.items():
        if name.startswith("_"):
            continue
        other = first.setdefault(row[0], name)
        is_alias = other != name and difflib.SequenceMatcher(None, other, name).ratio() > 0.7
        same = Entry("command", name, f"the same as `{other}`.")
        entries.append(same if is_alias else _from_text("command", name, row[0].__doc__))
    return entries


def _functions(module_name: str, module: Any, known: set[str] | None = None) -> list[Entry]:
    found = []
    for name, function in vars(module).items():
        full = f"{module_name}.{name}"
        is_ours = inspect.isfunction(function) and function.__module__ == module.__name__ and name[0] != "_"
        if (
            is_ours
            and full not in (known or ())
            and name not in _NO_PRESETS
            and not name.endswith(("_sele", "lig_excl"))
        ):
            kind = "preset" if module_name == "preset" else "function"
            words = f"{module_name}: {name.replace('_', ' ')}"
            found.append(_from_text(kind, full, function.__doc__ or words))
    return found


def _api(cmd: Any, known: set[str]) -> list[str]:
    return [
        name
        for name, function in vars(cmd).items()
        if name[0] != "_" and name not in known and inspect.isfunction(function) and (function.__doc__ or "").strip()
    ]


def _from_text(kind: Any, name: str, text: str | None) -> Entry:
    clean = inspect.cleandoc(text or "")
    body = _parts(clean).get("DESCRIPTION", clean)
    summary = " ".join(re.split(r"\n\s*\n", body.strip(), maxsplit=1)[0].split())
    return Entry(kind, name, re.sub(rf'^"?{re.escape(name)}"? (is |)', "", summary), clean)


def _setting_entry(name: str) -> Entry:
    row = _setting_rows().get(name, ["", "", "", ""])
    summary = " ".join(row[0].split())
    return Entry("setting", name, summary or name.replace("_", " "), row[0])


def _described(cmd: Any, entry: Entry) -> str:
    if entry.kind == "setting":
        return _setting(cmd, entry.name)
    if entry.kind == "representation":
        return f"representation {entry.name}: {entry.summary}. Shown by `show {entry.name}, SELECTION`."
    if entry.kind == "topic":
        return _cut(entry.text, 2200)
    function = _function_of(cmd, entry.name)
    lines = [short_signature(entry.name, function)]
    parts = _parts(entry.text)
    if parts:
        lines += [f"{heading}\n{_cut(parts[heading], size)}" for heading, size in _PARTS.items() if heading in parts]
    else:
        lines.append(_cut(entry.text, 1500) or "PyMOL has no text for this command.")
    lines += _allowed(cmd, entry.name)
    return "\n\n".join(lines)


def _function_of(cmd: Any, name: str) -> Any:
    if name in cmd.keyword:
        return cmd.keyword[name][0]
    module, _, function = name.partition(".")
    return getattr({"cmd": cmd, "preset": preset, "util": util}.get(module, cmd), function, None)


def _allowed(cmd: Any, name: str) -> list[str]:
    """What the first argument may be, where PyMOL completes it from a short list."""
    completion = cmd.auto_arg[0].get(name)
    if completion is None:
        return []
    choices = completion[0]() if callable(completion[0]) else completion[0]
    words = sorted(str(word) for word in getattr(choices, "keywords", ()))
    if completion[1].strip() in ("object", "selection", "setting", "command") or not words:
        return []
    more = f" and {len(words) - _MAX_CHOICES} more" if len(words) > _MAX_CHOICES else ""
    return [f"The first argument is one of: {', '.join(words[:_MAX_CHOICES])}{more}."]


def _parts(text: str) -> dict[str, str]:
    """A docstring of PyMOL's by its headings; empty where it has none."""
    pieces = _HEADING.split(text)
    return {
        heading.strip(): inspect.cleandoc(f"\n{body}").strip()
        for heading, body in zip(pieces[1::2], pieces[2::2], strict=False)
    }


def _setting(cmd: Any, name: str) -> str:
    row = _setting_rows().get(name, ["", "", "", ""])
    kind = _TYPES.get(cmd.get_setting_tuple(name)[0], "")
    default = f", default {row[2]}" if row[2] else ""
    allowed = " on or off." if kind == "boolean" else ""
    text = row[0].strip() or "PyMOL has no text for this setting."
    part = "" if row[3] == "0" else f"`set {name}, VALUE, OBJECT_OR_SELECTION` for a part, "
    return (
        f"setting {name} = {cmd.get_setting_text(name)} ({kind}{default}).{allowed} {_cut(text, 1500)}\n"
        f"`set {name}, VALUE` changes it, {part}`unset {name}` takes it back."
    )


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 2].rstrip() + " …"


@functools.cache
def _setting_rows() -> dict[str, list[str]]:
    """Description, type and default by name, from the table that PyMOL ships."""
    file = Path(os.environ.get("PYMOL_DATA", "")) / "setting_help.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", errors="replace", newline="") as rows:
        return {
            row[0]: [*(_LINK.sub(r"\1", part) for part in row[1:5]), "", "", "", ""][:4]
            for row in csv.reader(rows)
            if row
        }
