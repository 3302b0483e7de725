"""Messages that wait for the turn that runs, in order; knows no widget."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from ..core.attachments import Message

MAX_WAITING = 20


@dataclass(frozen=True)
class Waiting:
    """A message that waits.

    Attributes:
        number: Of this entry, for as long as it waits.
        load: A file to load instead of a message to send.
        steering: It is to reach the turn that runs, and becomes the next message where it does not.
        held: A turn failed or was stopped while it waited, so it is not sent by itself.
    """

    number: int
    message: Message
    load: str = ""
    steering: bool = False
    held: bool = False


class Outbox:
    """What is sent next. What waited when a turn failed or was stopped is held until the user says so."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """In the order in which they are sent."""
        return tuple(self._waiting)

    @property
    def held(self) -> bool:
        """Whether something waits for the user's word."""
        return any(item.held for item in self._waiting)

    @property
    def full(self) -> bool:
        """Whether no more can wait."""
        return len(self._waiting) >= MAX_WAITING

    def add(self, message: Message, *, load: str = "", steering: bool = False) -> None:
        """Put one at the end."""
        self._waiting.append(Waiting(next(self._numbers), message, load, steering))

    def find(self, number: int) -> Waiting | None:
        """The entry, where it still waits."""
        return next((item for item in self._waiting if item.number == number), None)

    def remove(self, number: int) -> Waiting | None:
        """Take one out; None where it was sent meanwhile."""
        found = self.find(number)
        if found is not None:
            self._waiting.remove(found)
        return found

    def steer(self, number: int) -> None:
        """It is to reach the turn that runs."""
        told = [replace(item, steering=True, held=False) if item.number == number else item for item in self._waiting]
        self._waiting = told

    def heard(self, text: str) -> None:
        """The turn that runs was told this."""
        found = next((item for item in self._waiting if item.steering and item.message.text == text), None)
        found = found or next((item for item in self._waiting if item.steering), None)  # a key was taken out of it
        if found is not None:
            self._waiting.remove(found)

    def turn_over(self, *, well: bool) -> None:
        """What the turn was not told is next, in its place; after a failure or Stop all of it is held."""
        told_first = sorted(self._waiting, key=lambda item: not item.steering)
        self._waiting = [replace(item, steering=False, held=item.held or not well) for item in told_first]

    def next(self) -> Waiting | None:
        """Take out what is to be sent now; None where nothing waits, or all of it is held."""
        found = next((item for item in self._waiting if not item.held), None)
        if found is not None:
            self._waiting.remove(found)
        return found

    def release(self) -> None:
        """The user said so."""
        self._waiting = [replace(item, held=False) for item in self._waiting]

    def clear(self) -> None:
        """A new chat."""
        self._waiting.clear()
