"""One thing in a long list: a value that outlives its widget, and about how high it will be."""

from __future__ import annotations

from typing import Any, NamedTuple

from .qt import QtWidgets


class Metrics(NamedTuple):
    """Of the font: height of a line, and width of a character on average, in pixels."""

    line_px: int
    char_px: int


class Row:
    """One thing in the list.

    Attributes:
        gap: Pixels above it.
        widget: While it is near what is seen.
    """

    gap = 6

    def __init__(self) -> None:
        self.widget: Any = None
        self.height = 0
        self.measured_at = 0  # the width its height is of; 0 for an estimate
        self.number = 0  # in the list
        self.placed = (0, 0, 0)  # top, width and height of its widget

    def estimate(self, width: int, metrics: Metrics) -> int:
        """Height in pixels that it will probably have."""
        raise NotImplementedError

    def make(self) -> QtWidgets.QWidget:
        """Its widget as it is now."""
        raise NotImplementedError

    @property
    def is_held(self) -> bool:
        """Its widget holds what would be lost with it."""
        return False


def estimated_lines(text: str, width: int, metrics: Metrics) -> int:
    """About how many lines a text takes."""
    per_line = max(8, width // metrics.char_px)
    if len(text) < per_line:
        return 1 + text.count("\n")
    return sum(1 + len(line) // per_line for line in text.split("\n"))
