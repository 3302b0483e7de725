"""What PyMOL commands do, in words for a card's title, where that is sure; the exact command stands below the title.

Words that left a part out, or had it wrong, would be worse than the command: what is not understood stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

_MAX_CHARS = 80
_FILES = ("load", "save", "png")  # their folders would take the room
_ALL = ("", "all", "*", "(all)")
_LINE = re.compile(r"(?P<command>[a-z_]+)(?:\s+(?P<arguments>.*))?")
_NAMED = re.compile(r"[a-z_]+\s*=(?!=)")
# Of each command, by how many arguments are given: {0}, {1} and {2} are these as they are written.
_WORDS: dict[str, tuple[str, ...]] = {
    "as": ("", "Show everything as {0}", "Show {1} as {0}"),
    "show_as": ("", "Show everything as {0}", "Show {1} as {0}"),
    "show": ("", "Show {0}", "Show {0} of {1}"),
    "hide": ("Hide everything", "Hide {0}", "Hide {0} of {1}"),
    "color": ("", "Colour everything {0}", "Colour {1} {0}"),
    "bg_color": ("", "Make the background {0}"),
    "select": ("", "Select {0}", "Select {0}: {1}"),
    "deselect": ("Deselect",),
    "enable": ("Switch everything on", "Switch {0} on"),
    "disable": ("Switch everything off", "Switch {0} off"),
    "delete": ("", "Delete {0}"),
    "remove": ("", "Remove atoms: {0}"),
    "reinitialize": ("Delete everything and reset all settings",),
    "create": ("", "", "Make the object {0} from {1}"),
    "extract": ("", "", "Move {1} into the object {0}"),
    "set_name": ("", "", "Rename {0} to {1}"),
    "zoom": ("Zoom on everything", "Zoom on {0}", "Zoom on {0}"),
    "center": ("Centre on everything", "Centre on {0}"),
    "orient": ("Orient on everything", "Orient on {0}"),
    "align": ("", "", "Align {0} to {1}"),
    "super": ("", "", "Superpose {0} on {1}"),
    "cealign": ("", "", "Superpose {1} on {0}"),
    "distance": ("", "", "", "Measure {0}: from {1} to {2}"),
    "label": ("", "", "Label {0} with {1}"),
    "set": ("", "Switch {0} on", "Set {0} to {1}", "Set {0} to {1} for {2}"),
    "unset": ("", "Reset {0}", "Reset {0} for {1}"),
    "load": ("", "Load {0}", "Load {0} as {1}"),
    "fetch": ("", "Fetch {0}", "Fetch {0} as {1}"),
    "save": ("", "Save {0}", "Save {1} in {0}"),
    "png": ("", "Write the picture {0}"),
    "ray": ("Ray trace", "Ray trace", "Ray trace {0} × {1} pixels"),
    "quit": ("Quit PyMOL",),
}


def title(commands: str) -> str:
    """One line for commands, one a line: the first in words where it is understood, and how many more there are."""
    lines = [line.strip() for line in commands.splitlines() if line.strip()]
    if not lines:
        return "Nothing to run"
    more = f" (+{len(lines) - 1} more)" if len(lines) > 1 else ""
    words = in_words(lines[0]) or lines[0]
    return f"{words if len(words) <= _MAX_CHARS else words[: _MAX_CHARS - 1] + '…'}{more}"


def in_words(line: str) -> str:
    """A command in words; empty where it is not understood in all its parts."""
    match = _LINE.fullmatch(line)
    given = _split(match["arguments"] or "") if match else None
    if match is None or given is None or any(_NAMED.match(argument) for argument in given):
        return ""
    forms = _WORDS.get(match["command"], ())
    form = forms[len(given)] if len(given) < len(forms) else ""
    if match["command"] in _FILES:
        given = [PurePath(given[0]).name, *given[1:]] if given else given
    return form.format(*("everything" if argument in _ALL else argument for argument in given))


def _split(arguments: str) -> Sequence[str] | None:
    """At commas outside of brackets and quotes; None for what may be several commands, or is not closed."""
    parts, depth, quote = [""], 0, ""
    for char in arguments:
        if not quote and char in ";#":
            return None
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        if char == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += char
    if quote or depth:
        return None
    stripped = [part.strip() for part in parts]
    return [] if stripped == [""] else stripped
