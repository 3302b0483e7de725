"""Distances, angles and centroids of atoms that were read; plain arithmetic."""

from __future__ import annotations

import bisect
import math

from ..core.errors import ToolFailed
from ..core.scene import AtomRow

Point = tuple[float, float, float]
_SAME_ANGSTROM = 1e-4


def xyz(row: AtomRow) -> Point:
    """Coordinates in Angstrom."""
    return row.x, row.y, row.z


def centroid(rows: list[AtomRow]) -> Point:
    """Mean position in Angstrom."""
    n = len(rows)
    return sum(row.x for row in rows) / n, sum(row.y for row in rows) / n, sum(row.z for row in rows) / n


def nearest(first: list[AtomRow], second: list[AtomRow]) -> tuple[float, AtomRow, AtomRow]:
    """The nearest pair of atoms, one of each group, and its distance in Angstrom.

    Sorted by x, so that only atoms closer in x than the best pair so far are compared.
    """
    others = sorted(second, key=lambda row: row.x)
    xs = [row.x for row in others]
    best, pair = math.inf, (first[0], second[0])
    for row in first:
        start = bisect.bisect_left(xs, row.x)
        for step, at in ((1, start), (-1, start - 1)):
            while 0 <= at < len(xs) and abs(xs[at] - row.x) < best:
                distance = math.dist(xyz(row), xyz(others[at]))
                if distance < best:
                    best, pair = distance, (row, others[at])
                at += step
    return best, *pair


def angle_deg(a: Point, b: Point, c: Point) -> float:
    """Angle at b, in degrees.

    Raises:
        ToolFailed: Points fall together.
    """
    first, second = _minus(a, b), _minus(c, b)
    _need_length(first, second)
    cosine = _dot(first, second) / (math.hypot(*first) * math.hypot(*second))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def dihedral_deg(a: Point, b: Point, c: Point, d: Point) -> float:
    """Dihedral about the axis from b to c, in degrees, from -180 to 180.

    Raises:
        ToolFailed: Points fall together or lie in one line.
    """
    axis = _minus(c, b)
    first, second = _cross(_minus(b, a), axis), _cross(axis, _minus(d, c))
    _need_length(first, second)
    sine = _dot(_minus(b, a), second) * math.hypot(*axis)
    return math.degrees(math.atan2(sine, _dot(first, second)))


def _need_length(*vectors: Point) -> None:
    if any(math.hypot(*vector) < _SAME_ANGSTROM for vector in vectors):
        raise ToolFailed("Two of these are the same point, or in one line: there is no such angle.")


def _minus(one: Point, other: Point) -> Point:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _dot(one: Point, other: Point) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _cross(one: Point, other: Point) -> Point:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )
