"""What the user says to a turn that runs, until the model hears it beside a step's result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..core.attachments import Message

Heard = Callable[[Message], Awaitable[str]]


class Meanwhile:
    """Messages that were not heard yet, oldest first.

    Args:
        heard: Called with each that the model hears now; returns it with its context, as it is sent.
    """

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._unheard: list[Message] = []

    def __bool__(self) -> bool:
        return bool(self._unheard)

    def say(self, message: Message) -> None:
        """It is to be heard at the next result."""
        self._unheard.append(message)

    def take_back(self, message: Message) -> None:
        """It is not to be heard after all, where it was not yet."""
        if message in self._unheard:
            self._unheard.remove(message)

    async def take(self) -> tuple[str, ...]:
        """Everything that was not heard yet; from now on it was."""
        taken, self._unheard = self._unheard, []
        return tuple([await self._heard(message) for message in taken])

    def clear(self) -> None:
        """The turn is over: what it did not hear it never will."""
        self._unheard.clear()
