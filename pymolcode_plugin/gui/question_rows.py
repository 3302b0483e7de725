"""What the person was asked, in the transcript, before a step and by the model; an answered question stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from ..core.events import ApprovalAnswered, ApprovalAsked, ChoiceAnswered, ChoiceAsked, Event
from .approval_card import ApprovalCard
from .choice_card import ChoiceCard
from .qt import QtWidgets
from .row import Metrics
from .rows import ChatRow

_Answer = TypeVar("_Answer")


class _QuestionRow(ChatRow, Generic[_Answer]):
    """A question, open until it is resolved.

    Args:
        call_id: Of the step that asks.
        connect: Called with each card that is made, and the call id.
    """

    gap = 8
    n_lines: ClassVar[int]  # about as high as its card

    def __init__(self, call_id: str, connect: Callable[[Any, str], None]) -> None:
        super().__init__()
        self.answered: _Answer | None = None
        self.is_resolved = False
        self._call_id, self._connect = call_id, connect

    def resolve(self, answered: _Answer | None) -> None:
        """It was answered; None where Stop came before."""
        self.answered, self.is_resolved = answered, True
        if self.widget is not None:
            self.widget.resolve(answered)

    def estimate(self, width: int, metrics: Metrics) -> int:  # noqa: ARG002  # it is built at once
        """See `Row`."""
        return self.n_lines * metrics.line_px

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        card: QtWidgets.QWidget = self.card()
        if self.is_resolved:
            card.resolve(self.answered)
        self._connect(card, self._call_id)
        return card

    @property
    def is_held(self) -> bool:
        """See `Row`."""
        return not self.is_resolved

    def plain_text(self) -> str:
        """See `ChatRow`."""
        return str(self.widget.plain_text()) if self.widget is not None else self.words()

    def card(self) -> Any:  # noqa: ANN401  # a widget with `resolve` and `plain_text`; Qt is untyped
        """The open question."""
        raise NotImplementedError

    def words(self) -> str:
        """Its text while there is no card."""
        raise NotImplementedError


class ApprovalRow(_QuestionRow[ApprovalAnswered]):
    """A question before a step."""

    n_lines = 8

    def __init__(self, asked: ApprovalAsked, proceed: str, connect: Callable[[ApprovalCard, str], None]) -> None:
        super().__init__(asked.call_id, connect)
        self._asked, self._proceed = asked, proceed

    def card(self) -> ApprovalCard:
        """See `_QuestionRow`."""
        return ApprovalCard(self._asked, proceed=self._proceed)

    def words(self) -> str:
        """See `_QuestionRow`."""
        return "\n".join(part for part in (self._asked.question, *self._asked.effects, self._asked.command) if part)

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (self._asked, *([self.answered] if self.answered is not None else []))


class ChoiceRow(_QuestionRow[str]):
    """A question of the model."""

    n_lines = 6

    def __init__(self, asked: ChoiceAsked, connect: Callable[[ChoiceCard, str], None]) -> None:
        super().__init__(asked.call_id, connect)
        self._asked = asked

    def card(self) -> ChoiceCard:
        """See `_QuestionRow`."""
        return ChoiceCard(self._asked)

    def words(self) -> str:
        """See `_QuestionRow`."""
        return "\n".join((self._asked.question, *self._asked.choices, self.answered or "")).strip()

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        if self.answered is None:
            return (self._asked,)
        return (self._asked, ChoiceAnswered(call_id=self._asked.call_id, text=self.answered))
