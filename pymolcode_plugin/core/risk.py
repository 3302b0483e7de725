"""How much a call may change: the classes of PyMOL's commands by effect, and what one call would do."""

from __future__ import annotations

import enum

from .scene import Frozen


class Risk(enum.IntEnum):
    """By what is at stake; a piece of command text has the classes of all its commands."""

    READ = 0
    VIEW = 1
    MODIFY = 2
    DESTROY = 3
    FILE = 4
    NET = 5
    EXEC = 6


class Mode(str, enum.Enum):
    """How much the agent does without a question.

    ASK: READ, VIEW, MODIFY and files inside the working folder run; the rest asks.
    AUTO: only EXEC, NET, files outside the working folder and what no undo brings back ask.
    PLAN: nothing that changes anything runs; the agent proposes.
    """

    ASK = "ask"
    AUTO = "auto"
    PLAN = "plan"


class Assessment(Frozen):
    """What a call would do, found before anything runs.

    Attributes:
        risks: Every class that occurs, so that allowing one never allows another.
        effects: For a person, in words and numbers, e.g. "deletes 3 objects, 4,120 atoms".
        final: True when no undo brings back what it does, such as quitting PyMOL.
        outside: True when a file outside the working folder is read or written, or one inside is overwritten.
        commands: Full names of the PyMOL commands and tools concerned, in order, without repeats.
        writes: Full paths of the files that would be written.
    """

    risks: frozenset[Risk] = frozenset({Risk.READ})
    effects: tuple[str, ...] = ()
    final: bool = False
    outside: bool = False
    commands: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    @property
    def risk(self) -> Risk:
        """The highest class."""
        return max(self.risks, default=Risk.READ)

    def __or__(self, other: Assessment) -> Assessment:
        """Both, one after the other."""
        return Assessment(
            risks=self.risks | other.risks,
            effects=tuple(dict.fromkeys((*self.effects, *other.effects))),
            final=self.final or other.final,
            outside=self.outside or other.outside,
            commands=tuple(dict.fromkeys((*self.commands, *other.commands))),
            writes=tuple(dict.fromkeys((*self.writes, *other.writes))),
        )
