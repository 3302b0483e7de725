"""Stops a model that makes the same failing call again, or one failing call after the other."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.errors import ToolFailed

_MAX_SAME = 2
_MAX_IN_A_ROW = 6


class Repetition:
    """Counts failures of one turn; any call that succeeds begins anew."""

    def __init__(self) -> None:
        self._turn_id = ""
        self._same: dict[str, int] = {}
        self._in_a_row = 0

    def begin(self, turn_id: str, name: str, arguments: Mapping[str, object]) -> None:
        """Raises ToolFailed where this call failed as often as is sensible."""
        if turn_id != self._turn_id:
            self._turn_id, self._in_a_row = turn_id, 0
            self._same.clear()
        if self._in_a_row >= _MAX_IN_A_ROW:
            raise ToolFailed(
                f"Not run: {self._in_a_row} calls in a row failed.",
                hint="Call no more tools now. Tell the user what you tried and what stands in the way.",
            )
        if self._same.get(_key(name, arguments), 0) >= _MAX_SAME:
            raise ToolFailed(
                f"Not run: exactly this call failed {_MAX_SAME} times already.",
                hint="Do it another way, or tell the user what stands in the way.",
            )

    def note(self, name: str, arguments: Mapping[str, object], *, ok: bool) -> None:
        """Count how a call ended."""
        if ok:
            self._in_a_row = 0
            self._same.clear()
            return
        self._in_a_row += 1
        key = _key(name, arguments)
        self._same[key] = self._same.get(key, 0) + 1


def _key(name: str, arguments: Mapping[str, object]) -> str:
    return f"{name} {sorted(arguments.items(), key=lambda item: item[0])!r}"
