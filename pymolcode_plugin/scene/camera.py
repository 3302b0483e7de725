"""Flies PyMOL's camera, and brings it to where it flies to before anything looks through it.

While it flies every look gives another view: what was read before a step and after it would differ by a part of the
flight, though the step moved nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_ROTATION = slice(0, 9)  # of the numbers of `get_view`
_LAG_S = 2.0  # a flight begins when PyMOL draws, which may have surfaces to build before
_SAME = 1e-3  # Angstrom; and of the rotation, whose numbers are 0 to 1


@dataclass(frozen=True)
class _Flight:
    start: Sequence[float]
    target: Sequence[float]
    over_at: float  # on the clock of `time.monotonic`

    def passes(self, view: Sequence[float]) -> bool:
        """Whether it leads through this view; zooming turns nothing and goes straight."""
        turned = any(abs(one - two) > _SAME for one, two in zip(self.start[_ROTATION], view[_ROTATION], strict=True))
        return not turned and all(
            min(first, last) - _SAME <= now <= max(first, last) + _SAME
            for first, now, last in zip(self.start, view, self.target, strict=True)
        )


class Camera:
    """PyMOL's; every method belongs on PyMOL's thread.

    Args:
        cmd: The `pymol.cmd` module.
        flies: There is a window, in which one sees it; without one PyMOL knows no flights.
    """

    def __init__(self, cmd: Any, *, flies: bool) -> None:
        self._cmd = cmd
        self._flies = flies
        self._flight: _Flight | None = None

    def fly_to(self, selection: str, *, around_angstrom: float, seconds: float) -> None:
        """Begin to bring atoms into view, from wherever an earlier flight has got to.

        Raises:
            CmdException: PyMOL rejects the selection.
        """
        start = self._cmd.get_view()
        self._cmd.zoom(selection, buffer=around_angstrom, animate=0)
        if self._flies:
            target = self._cmd.get_view()
            self._flight = _Flight(start, target, time.monotonic() + seconds + _LAG_S)
            self._cmd.set_view(start)
            self._cmd.set_view(target, animate=seconds)

    def arrive(self) -> None:
        """End the flight where it leads; a camera that the user took meanwhile stays where they have it."""
        flight, self._flight = self._flight, None
        if flight is not None and time.monotonic() < flight.over_at and flight.passes(self._cmd.get_view()):
            self._cmd.set_view(flight.target)
