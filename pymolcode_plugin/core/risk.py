"""How much a call may change: the classes of PyMOL's commands by effect."""

from __future__ import annotations

import enum


class Risk(enum.IntEnum):
    """Higher includes lower; a piece of command text has the highest of its commands."""

    READ = 0
    VIEW = 1
    MODIFY = 2
    DESTROY = 3
    FILE = 4
    NET = 5
    EXEC = 6
