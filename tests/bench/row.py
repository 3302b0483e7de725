"""One line of the benchmarks' table."""

from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, what came out, what was wanted, and whether that was met."""

    name: str
    value: str
    goal: str
    ok: bool
