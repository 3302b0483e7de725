"""What the model is told beside the user's words: what is mentioned and attached, and what happened without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..core.attachments import Message
from ..core.errors import PymolcodeError
from ..core.scene import SceneDiff
from .mentioning import Mentioning

_BRACKETS = str.maketrans("[]", "()")


class Notes:
    """Lines in brackets before what the user wrote; those that are added wait for the next message.

    Args:
        mentioning: Says what a message speaks of.
        look_again: The model is about to be told how the scene is; gives what others changed since it last saw it.
    """

    def __init__(self, mentioning: Mentioning, look_again: Callable[[], Awaitable[SceneDiff]]) -> None:
        self._mentioning = mentioning
        self._look_again = look_again
        self._waiting: list[str] = []

    def add(self, *notes: str) -> None:
        """The model is told with the next message."""
        self._waiting += notes

    async def add_by_hand(self) -> None:
        """What was changed by hand until now is told with the next message."""
        self._waiting += _by_hand(await self._look_again())

    def clear(self) -> None:
        """A new chat begins."""
        self._waiting.clear()

    async def before(self, message: Message) -> str:
        """The message as it begins a turn, after all that waited.

        Raises:
            SceneError: An attached selection is gone; what waits goes on waiting.
        """
        attached = await self._mentioning.notes(message.text, message.selections, message.files)
        attached += _by_hand(await self._look_again())
        waited, self._waiting = self._waiting, []  # only now: a selection that is gone must not lose them
        return _with_notes([*waited, *attached], message.text)

    async def within(self, message: Message) -> str:
        """The message as it is heard in the middle of a turn, which a selection that is gone must not end."""
        try:
            notes = await self._mentioning.notes(message.text, message.selections, message.files)
        except PymolcodeError as error:
            notes = [error.message]
        return _with_notes(notes, message.text)


def _by_hand(diff: SceneDiff) -> list[str]:
    """What others changed since the model saw the scene; nothing where at most the camera moved."""
    return [] if diff.only_view else [f"Since you last saw the scene it was changed by hand: {diff.text}."]


def _with_notes(notes: list[str], text: str) -> str:
    """A line in brackets for each note, then what the user wrote."""
    return "\n".join((*(f"[{_inside(note)}]" for note in notes), text))


def _inside(note: str) -> str:
    """A note on one line that no name in it can end, so that what follows would look like the user's words."""
    return " ".join(note.translate(_BRACKETS).split())
