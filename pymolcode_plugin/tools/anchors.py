"""Names for the lines of a text that hold for as long as a line and its neighbours do; pure, no files.

An anchor is eight hex digits of a blake2b hash over the line, the line before and the line after. So it survives
insertions and deletions elsewhere, a line that is moved with its neighbours is still found, and of two equal lines
each has its own. Where the neighbours do not tell lines apart (blocks that repeat, runs of equal lines, two hashes
that fall together), the hash also covers the line's number and the whole text: such an anchor holds only while
nothing at all has changed, because there is no telling which of the equal lines was meant. Nothing is remembered
between reading and editing: both compute from the text.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Op = Literal["replace", "insert_after", "insert_before", "delete"]
_N_BYTES = 4
_BEFORE_THE_FIRST, _AFTER_THE_LAST = "\x00first", "\x00last"  # no line of a text file holds a NUL


@dataclass(frozen=True)
class Change:
    """Lines `start` to `stop` (from 0 on, `stop` not included) become `lines`."""

    start: int
    stop: int
    lines: tuple[str, ...]


class AnchorUnknown(Exception):
    """No line, or more than one, has this anchor now.

    Attributes:
        near: Index of the line the anchor was read on; 0 where it does not say.
    """

    def __init__(self, anchor: str, near: int) -> None:
        super().__init__(f"no line has the anchor `{anchor[:40]}` now")
        self.near = near


class Overlap(Exception):
    """Two edits touch the same line."""


class Anchored:
    """Lines with the anchor of each.

    Args:
        lines: Without line breaks.

    Attributes:
        names: The anchors, in order.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        self.names = _names(self.lines)
        self._counts = Counter(self.names)
        self._index = {name: at for at, name in enumerate(self.names)}

    def change(self, op: Op, anchor: str, end_anchor: str, text: str) -> Change:
        """What one edit does to these lines.

        Raises:
            AnchorUnknown: See there.
            ValueError: The edit makes no sense; the message says why.
        """
        start = self._find(anchor)
        if op in ("insert_after", "insert_before"):
            if end_anchor:
                raise ValueError(f"{op} takes no end_anchor")
            at = start + (op == "insert_after")
            return Change(at, at, tuple(split(text)))
        if op == "delete" and text:
            raise ValueError("delete takes no text; replace does")
        end = self._find(end_anchor) if end_anchor else start
        if end < start:
            raise ValueError(f"`{end_anchor[:40]}` is before `{anchor[:40]}`")
        return Change(start, end + 1, tuple(split(text)) if op == "replace" else ())

    def shown(self, indices: Sequence[int], *, max_chars: int) -> str:
        """Some lines as a model reads them, `12:3fa9c1d2|text`, numbered from 1 on."""
        rows = []
        for at in indices:
            text = self.lines[at]
            cut = f" …[{len(text) - max_chars} more characters]" if len(text) > max_chars else ""
            rows.append(f"{at + 1}:{self.names[at]}|{text[:max_chars]}{cut}")
        return "\n".join(rows)

    def _find(self, anchor: str) -> int:
        """The line with this anchor, given as `12:3fa9c1d2`, without its number, or as the whole row it came in."""
        number, _, name = anchor.partition("|")[0].strip().rpartition(":")
        name = name.strip().lower()
        if self._counts[name] != 1:
            raise AnchorUnknown(anchor, int(number) - 1 if number.strip().isdecimal() else 0)
        return self._index[name]


def apply(lines: Sequence[str], changes: Sequence[Change]) -> list[str]:
    """The lines with every change made, bottom-up; insertions at one place come in the order they are given.

    Raises:
        Overlap: Two of them touch the same line.
    """
    in_order = sorted(changes, key=lambda item: (item.start, item.stop))
    for one, other in itertools.pairwise(in_order):
        if other.start < one.stop:
            raise Overlap(f"two edits touch line {other.start + 1}")
    result = list(lines)
    for item in reversed(in_order):
        result[item.start : item.stop] = item.lines
    return result


def split(text: str) -> list[str]:
    """A text as lines; a line break at its end begins no further line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def _names(lines: tuple[str, ...]) -> list[str]:
    around = (_BEFORE_THE_FIRST, *lines, _AFTER_THE_LAST)
    names = [_digest(around[at : at + 3]) for at in range(len(lines))]
    counts = Counter(names)
    # A run counts as repeated even where hashes differ: when one of its lines goes, another slips into its place.
    repeated = [counts[name] > 1 or line in (around[at], around[at + 2]) for at, (name, line) in _rows(names, lines)]
    if not any(repeated):
        return names
    whole = _digest(lines)
    return [_digest((str(at), name, whole)) if repeated[at] else name for at, name in enumerate(names)]


def _rows(names: list[str], lines: tuple[str, ...]) -> enumerate[tuple[str, str]]:
    return enumerate(zip(names, lines, strict=True))


def _digest(texts: Sequence[str]) -> str:
    hashed = hashlib.blake2b(digest_size=_N_BYTES)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()
