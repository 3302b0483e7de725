"""Searches rows of the transcript, a slice at a time; also those that have no widget yet."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol

_NO_LETTER = re.compile(r"[\W_]+")


class Searched(Protocol):
    """A row, as a search sees it."""

    def searched(self) -> str:
        """The text; may take a moment to make."""
        ...

    def roughly(self) -> str:
        """What has all its letters in order, at hand at once."""
        ...


class Match(NamedTuple):
    """A place that was found: in which row, and where in its text."""

    number: int
    start: int
    length: int


class Finder:
    """One search.

    Args:
        rows: All of them, in order.
        words: What to look for; upper and lower case are the same.
        first: The row to begin with; those before it come last.
    """

    def __init__(self, rows: Sequence[Searched], words: str, first: int = 0) -> None:
        self._rows = rows
        self._words = re.compile(re.escape(words), re.IGNORECASE) if words else None
        self._letters = letters(words)
        n_rows = len(rows) if words else 0
        first = min(max(first, 0), n_rows)
        self._todo = [*range(first, n_rows), *range(first)]
        self._done = 0
        self.first: Match | None = None
        self._found: dict[int, list[Match]] = {}

    @property
    def is_done(self) -> bool:
        """Whether all rows were looked at."""
        return self._done == len(self._todo)

    @property
    def matches(self) -> list[Match]:
        """What was found so far, in the order of the rows."""
        return [match for number in sorted(self._found) for match in self._found[number]]

    def look(self, seconds: float) -> None:
        """Look for a while, at one row at least."""
        end = time.perf_counter() + seconds
        while not self.is_done:
            number = self._todo[self._done]
            self._done += 1
            found = self._look_at(number)
            if found:
                self._found[number] = found
                self.first = self.first or found[0]
            if time.perf_counter() > end:
                return

    def _look_at(self, number: int) -> list[Match]:
        row = self._rows[number]
        if self._words is None or self._letters not in letters(row.roughly()):
            return []
        return [Match(number, hit.start(), hit.end() - hit.start()) for hit in self._words.finditer(row.searched())]


def letters(text: str) -> str:
    """Letters and digits alone: what Markdown and what is shown of it have in common."""
    return _NO_LETTER.sub("", text).casefold()
