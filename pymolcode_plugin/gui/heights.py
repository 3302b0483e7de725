"""Where the rows of a long list begin, with heights that change; no Qt, quick for thousands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate


class Heights:
    """Heights of rows that stand below each other, each with the gap above it.

    Args:
        margin: Above the first and below the last, in pixels.
    """

    def __init__(self, margin: int = 0) -> None:
        self._margin = margin
        self._heights: list[int] = []
        self._tops: list[int] = [margin]  # where each ends and the next begins
        self._valid = 0  # tops up to this one are right

    def __len__(self) -> int:
        return len(self._heights)

    def splice(self, start: int, stop: int, heights: Sequence[int]) -> None:
        """Put others in the place of rows from `start` to before `stop`."""
        self._heights[start:stop] = heights
        self._valid = min(self._valid, start)

    def set(self, number: int, height: int) -> None:
        """A row is as high as this."""
        if self._heights[number] != height:
            self._heights[number] = height
            self._valid = min(self._valid, number)

    def top(self, number: int) -> int:
        """Where a row begins, its gap included; of the number after the last, where all ends."""
        return self._reckoned()[number]

    @property
    def tops(self) -> Sequence[int]:
        """Where each row begins, its gap included, and where all end."""
        return self._reckoned()

    @property
    def total(self) -> int:
        """Height of all, margins included."""
        return self._reckoned()[-1] + self._margin

    def at(self, height: int) -> int:
        """The row at a height; the first or last where it is outside, -1 where there is none."""
        tops = self._reckoned()
        return min(max(0, bisect_right(tops, height) - 1), len(self._heights) - 1)

    def between(self, top: int, bottom: int) -> tuple[int, int]:
        """The rows that reach into a range of heights, as a range of numbers."""
        tops = self._reckoned()
        first = max(0, bisect_right(tops, top) - 1)
        return first, max(first, min(bisect_left(tops, bottom), len(self._heights)))

    def _reckoned(self) -> list[int]:
        """From the first that changed on."""
        valid = self._valid
        if valid < len(self._heights) or len(self._tops) != len(self._heights) + 1:
            self._tops[valid:] = accumulate(self._heights[valid:], initial=self._tops[valid])
            self._valid = len(self._heights)
        return self._tops
