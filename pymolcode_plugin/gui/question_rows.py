"""What the person was asked, in the transcript, before a step and by the model; an answered question stays."""

from __future__ import annotations

from collections.abc import Callable

from ..core.events import ApprovalAnswered, ApprovalAsked, ChoiceAnswered, ChoiceAsked, Event
from .approval_card import ApprovalCard
from .choice_card import ChoiceCard
from .qt import QtWidgets
from .row_area import Metrics
from .rows import ChatRow


class ApprovalRow(ChatRow):
    """A question before a step."""

    gap = 8

    def __init__(self, asked: ApprovalAsked, proceed: str, connect: Callable[[ApprovalCard, str], None]) -> None:
        super().__init__()
        self.asked = asked
        self.answered: ApprovalAnswered | None = None
        self.is_resolved = False
        self._proceed, self._connect = proceed, connect

    def resolve(self, answered: ApprovalAnswered | None) -> None:
        """It was answered; None where Stop came before."""
        self.answered, self.is_resolved = answered, True
        if self.widget is not None:
            self.widget.resolve(answered)

    def estimate(self, width: int, metrics: Metrics) -> int:  # noqa: ARG002  # it is built at once
        """See `Row`."""
        return 8 * metrics.line_px

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        card = ApprovalCard(self.asked, proceed=self._proceed)
        if self.is_resolved:
            card.resolve(self.answered)
        self._connect(card, self.asked.call_id)
        return card

    @property
    def is_held(self) -> bool:
        """See `Row`."""
        return not self.is_resolved

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (self.asked, *([self.answered] if self.answered is not None else []))

    def plain_text(self) -> str:
        """See `ChatRow`."""
        if self.widget is not None:
            return str(self.widget.plain_text())
        return "\n".join(part for part in (self.asked.question, *self.asked.effects, self.asked.command) if part)


class ChoiceRow(ChatRow):
    """A question of the model."""

    gap = 8

    def __init__(self, asked: ChoiceAsked, connect: Callable[[ChoiceCard, str], None]) -> None:
        super().__init__()
        self.asked = asked
        self.text: str | None = None
        self.is_resolved = False
        self._connect = connect

    def resolve(self, text: str | None) -> None:
        """It was answered; None where Stop came before."""
        self.text, self.is_resolved = text, True
        if self.widget is not None:
            self.widget.resolve(text)

    def estimate(self, width: int, metrics: Metrics) -> int:  # noqa: ARG002  # it is built at once
        """See `Row`."""
        return 6 * metrics.line_px

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        card = ChoiceCard(self.asked)
        if self.is_resolved:
            card.resolve(self.text)
        self._connect(card, self.asked.call_id)
        return card

    @property
    def is_held(self) -> bool:
        """See `Row`."""
        return not self.is_resolved

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        answered = ChoiceAnswered(call_id=self.asked.call_id, text=self.text or "")
        return (self.asked, *([answered] if self.text is not None else []))

    def plain_text(self) -> str:
        """See `ChatRow`."""
        if self.widget is not None:
            return str(self.widget.plain_text())
        return "\n".join((self.asked.question, *self.asked.choices, self.text or "")).strip()
