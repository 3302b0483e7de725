"""How `pymolcode-auth` writes: as wide as the terminal, without escape codes, and never what a server made up."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Sequence

from ..masking import mask_answer

_LEAST_COLUMNS = 30
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def show_json(value: object) -> None:
    """One object or array on standard output, in ASCII: any terminal and any pipe can take it."""
    print(json.dumps(value, indent=2))


def columns() -> int:
    """Those of the terminal; 0 where standard output is none, so that lines stay whole for other programs."""
    if not sys.stdout.isatty():
        return 0
    return max(_LEAST_COLUMNS, shutil.get_terminal_size().columns - 1)


def plain(text: str, *, limit: int = 200) -> str:
    """Text of others as one line of a terminal: printable, short, without secrets."""
    line = " ".join("".join(char if char.isprintable() else " " for char in mask_answer(text)).split())
    return line if len(line) <= limit else f"{line[: limit - 3]}..."


def wrapped(text: str, *, indent: int = 0, width: int | None = None) -> str:
    """`text` in the width of the terminal, further lines indented; long words such as addresses stay whole."""
    width = columns() if width is None else width
    if not width:
        return text
    lines = textwrap.wrap(
        text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False,
        drop_whitespace=True,
    )  # fmt: skip
    return "\n".join(lines)


def say(label: str, text: str) -> None:
    """A labelled line: `Model    text`."""
    print(wrapped(f"{label:<9}{text}" if label else text, indent=9 if label else 0))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None) -> list[str]:
    """Lines of a table; where it is wider than the terminal, one block for each row, so that nothing is cut."""
    width = columns() if width is None else width
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    if not width or sum(widths) + 2 * (len(widths) - 1) <= width:
        return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (heads, *rows)]
    lines = []
    label = max(map(len, heads[1:]), default=0)
    for row in rows:
        lines.append(row[0])
        told = (pair for pair in zip(heads[1:], row[1:], strict=True) if pair[1])
        lines += [wrapped(f"  {head.lower():<{label}}  {cell}", indent=label + 4, width=width) for head, cell in told]
    return lines


def duration(seconds: float) -> str:
    """`3 days`, `45 minutes`, `less than a minute`."""
    whole = math.ceil(seconds)  # what was granted for 15 minutes a moment ago is no 14
    for length, name in _UNITS:
        n = whole // length
        if n:
            return f"{n} {name}{'s' if n > 1 else ''}"
    return "less than a minute"


def clock(seconds: float) -> str:
    """`14:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
