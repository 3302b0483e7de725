"""Questions to the person: a card each, which the turn waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from ..core.events import ApprovalAsked
from ..core.ports import Answer
from .transcript import Transcript

_Given = TypeVar("_Given")


class Asking:
    """Implements `core.ports.PersonPort` with the question cards that the events before made.

    Args:
        transcript: Where the cards are.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._questions: dict[str, asyncio.Future[Answer]] = {}
        self._choices: dict[str, asyncio.Future[str]] = {}
        transcript.approval_answered.connect(self._on_transcript_approval_answered)
        transcript.choice_answered.connect(self._on_transcript_choice_answered)

    @property
    def asks(self) -> bool:
        """Whether something waits for the person's consent."""
        return any(not question.done() for question in self._questions.values())

    async def ask(self, question: ApprovalAsked) -> Answer:
        """See PersonPort; a turn that is stopped meanwhile closes the card."""
        try:
            return await _answered(self._questions, question.call_id)
        except asyncio.CancelledError:
            self._transcript.resolve_approval(question.call_id, None)
            raise

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:  # noqa: ARG002  # on screen already
        """See PersonPort; a turn that is stopped meanwhile closes the card."""
        try:
            return await _answered(self._choices, call_id)
        except asyncio.CancelledError:
            self._transcript.resolve_choice(call_id, None)
            raise

    def _on_transcript_approval_answered(self, call_id: str, answer: Answer) -> None:
        _answer(self._questions, call_id, answer)

    def _on_transcript_choice_answered(self, call_id: str, text: str) -> None:
        _answer(self._choices, call_id, text)


async def _answered(waiting: dict[str, asyncio.Future[_Given]], call_id: str) -> _Given:
    answer: asyncio.Future[_Given] = asyncio.get_running_loop().create_future()
    waiting[call_id] = answer
    try:
        return await answer
    finally:
        del waiting[call_id]


def _answer(waiting: dict[str, asyncio.Future[_Given]], call_id: str, given: _Given) -> None:
    """A card was answered; the second answer to one question does nothing."""
    answer = waiting.get(call_id)
    if answer is not None and not answer.done():
        answer.set_result(given)
