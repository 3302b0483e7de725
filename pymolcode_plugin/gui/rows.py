"""What stands in the transcript, as values that outlive their widgets: each makes its widget as it is now."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..core.events import (
    Event,
    Notice,
    StepFinished,
    StepStarted,
    ThinkingDelta,
    TurnStarted,
)
from .cards import StepCard
from .labels import plain_label
from .qt import QtWidgets
from .row_area import Metrics, Row, estimated_lines
from .thinking import ThinkingCard
from .user_message import UserMessage

Spots = Sequence[tuple[int, int]]


class ChatRow(Row):
    """A row of the transcript."""

    def events(self) -> tuple[Event, ...]:
        """What it was made from, for Markdown."""
        return ()

    def plain_text(self) -> str:
        """As text, for copying and for tests."""
        raise NotImplementedError

    def searched(self) -> str:
        """The text that a search looks in; positions are those that `mark` takes."""
        return self.plain_text()

    def roughly(self) -> str:
        """What holds all letters of `searched` in order, where that takes time to make."""
        return self.searched()

    def mark(self, spots: Spots, current: int) -> None:
        """Mark what a search found, one place stronger; nothing takes the marks away."""
        if self.widget is None:
            return
        if hasattr(self.widget, "mark"):
            self.widget.mark(spots, current)
        self.widget.setProperty("found", bool(spots))
        self.widget.style().unpolish(self.widget)
        self.widget.style().polish(self.widget)


class UserRow(ChatRow):
    """The user's message."""

    gap = 10

    def __init__(self, text: str, attachments: Sequence[str] = ()) -> None:
        super().__init__()
        self.text, self.attachments = text, tuple(attachments)

    def estimate(self, width: int, metrics: Metrics) -> int:
        """See `Row`."""
        lines = estimated_lines(self.text, width - 52, metrics) + len(self.attachments)
        return lines * metrics.line_px + 12

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        return UserMessage(self.text, self.attachments)

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (TurnStarted(turn_id="", text=self.text),)

    def plain_text(self) -> str:
        """See `ChatRow`."""
        return self.text

    def mark(self, spots: Spots, current: int) -> None:
        """See `ChatRow`."""
        if self.widget is not None:
            _select(self.widget.words, spots, current)


class ThinkingRow(ChatRow):
    """What the model thought."""

    def __init__(self, text: str = "", *, is_live: bool = True) -> None:
        super().__init__()
        self.text = text
        self._began = time.monotonic() if is_live else None
        self._took: float | None = None
        self._goes_on, self._open = is_live, False

    def append(self, text: str) -> None:
        """More was thought."""
        self.text += text
        self.refresh()

    def refresh(self) -> None:
        """Show how long it takes."""
        if self._goes_on and self._began is not None:
            self._took = time.monotonic() - self._began
        if self.widget is not None:
            self.widget.show_thinking(self.text, self._took, goes_on=self._goes_on)

    def end(self) -> None:
        """Something else came."""
        self.refresh()
        self._goes_on = False
        self.refresh()

    def estimate(self, width: int, metrics: Metrics) -> int:  # noqa: ARG002  # folded, it is a line
        """See `Row`."""
        return metrics.line_px + 8

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        card = ThinkingCard()
        card.show_thinking(self.text, self._took, goes_on=self._goes_on)
        card.head.setChecked(self._open)
        card.unfolded.connect(self._on_card_unfolded)
        return card

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (ThinkingDelta(turn_id="", text=self.text),)

    def plain_text(self) -> str:
        """See `ChatRow`; what is folded is not part of the chat."""
        return ""

    def searched(self) -> str:
        """See `ChatRow`."""
        return self.text.strip()

    def _on_card_unfolded(self, is_open: bool) -> None:
        self._open = is_open


class StepRow(ChatRow):
    """A tool call."""

    gap = 8

    def __init__(self, started: StepStarted, connect: Callable[[StepCard, str], None]) -> None:
        super().__init__()
        self.started = started
        self.finished: StepFinished | None = None
        self._connect = connect
        self._since = time.monotonic()
        self._edited, self._waits = "", False
        self._undone = self._redone = False
        self._open: bool | None = None

    def finish(self, step: StepFinished) -> None:
        """It ended."""
        self.finished, self._waits = step, False
        if self.widget is not None:
            self.widget.finish(step)

    def show_waiting(self, is_waiting: bool) -> None:
        """Whether it waits for the person."""
        self._waits = is_waiting
        if self.widget is not None and self.finished is None:
            self.widget.show_waiting(is_waiting)

    def show_edited(self, command: str) -> None:
        """The person changed the command before it ran."""
        self._edited = command
        if self.widget is not None:
            self.widget.show_edited(command)

    def show_undone(self, is_undone: bool, *, undoable: bool = True) -> None:
        """The scene is as before this step, or after it again; `undoable` where it could be undone here."""
        self._undone = is_undone
        self._redone = not is_undone and undoable
        if self.widget is not None:
            self.widget.show_undone(is_undone, undoable=undoable)

    def estimate(self, width: int, metrics: Metrics) -> int:
        """See `Row`."""
        height = metrics.line_px + 18
        if self.finished is not None:
            step = self.finished
            said = [step.error, *step.diff_lines, *step.warnings, *step.files]
            n_lines = sum(estimated_lines(text, width - 30, metrics) for text in said if text)
            height += min(14, n_lines) * metrics.line_px + (180 if step.image_png else 0)
        return height

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        card = StepCard(self.started, self._since)
        if self._edited:
            card.show_edited(self._edited)
        if self._waits:
            card.show_waiting(True)
        if self.finished is not None:
            card.finish(self.finished)
        if self._undone or self._redone:
            card.show_undone(self._undone)
        if self._open is not None:
            card.unfold(self._open)
        card.unfolded.connect(self._on_card_unfolded)
        self._connect(card, self.started.call_id)
        return card

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (self.started, *([self.finished] if self.finished is not None else []))

    def plain_text(self) -> str:
        """See `ChatRow`."""
        if self.widget is not None:
            return str(self.widget.plain_text())
        parts = [f"{self._mark} {self.started.title}", self.started.arguments]
        if self.finished is not None:
            step = self.finished
            parts = [parts[0], *step.warnings, step.error, step.diff, *step.files, parts[1], step.text]
        return "\n".join(part for part in parts if part)

    def searched(self) -> str:
        """See `ChatRow`; the same whether it is seen or not."""
        parts = [self.started.title, self.started.arguments]
        if self.finished is not None:
            step = self.finished
            parts += [*step.warnings, step.error, step.diff, *step.files, step.text]
        return "\n".join(part for part in parts if part)

    @property
    def _mark(self) -> str:
        if self.finished is None:
            return "…"
        return "↶" if self._undone else "✓" if self.finished.ok else "✗"

    def _on_card_unfolded(self, is_open: bool) -> None:
        self._open = is_open


class NoticeRow(ChatRow):
    """Something said outside of an answer."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice

    def estimate(self, width: int, metrics: Metrics) -> int:
        """See `Row`."""
        return estimated_lines(self.notice.text, width - 14, metrics) * metrics.line_px

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        label = plain_label(self.notice.text, "notice")
        label.setProperty("level", self.notice.level)
        return label

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        return (self.notice,)

    def plain_text(self) -> str:
        """See `ChatRow`."""
        return self.notice.text

    def mark(self, spots: Spots, current: int) -> None:
        """See `ChatRow`."""
        if self.widget is not None:
            _select(self.widget, spots, current)


class WidgetRow(ChatRow):
    """A widget that cannot be made again, such as an offer with buttons."""

    def __init__(self, widget: QtWidgets.QWidget) -> None:
        super().__init__()
        self._made = widget

    def estimate(self, width: int, metrics: Metrics) -> int:  # noqa: ARG002  # it is built at once
        """See `Row`."""
        return int(self._made.sizeHint().height())

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        return self._made

    @property
    def is_held(self) -> bool:
        """See `Row`."""
        return True

    def plain_text(self) -> str:
        """See `ChatRow`."""
        found = self._made.findChildren(QtWidgets.QLabel) or self._made.findChildren(QtWidgets.QPushButton)
        return "\n".join(item.text() for item in found if item.text())


def _select(label: QtWidgets.QLabel, spots: Spots, current: int) -> None:
    """A label can show one place only."""
    if not spots:
        if label.hasSelectedText():
            label.setSelection(0, 0)
        return
    label.setSelection(*spots[current if 0 <= current < len(spots) else 0])
