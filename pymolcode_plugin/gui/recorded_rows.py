"""Rows of events that were recorded; what they ask is answered already, and what they did cannot be undone here."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TurnFinished,
    TurnStarted,
)
from .answer_rows import BlockRow, Message
from .approval_card import ApprovalCard
from .blocks import split_blocks
from .cards import StepCard
from .choice_card import ChoiceCard
from .qt import QtWidgets
from .question_rows import ApprovalRow, ChoiceRow
from .rows import ChatRow, NoticeRow, StepRow, ThinkingRow, UserRow


class Connections(NamedTuple):
    """What is called with every widget that a row makes, and its call id where it has one."""

    block: Callable[[QtWidgets.QWidget], None]
    step: Callable[[StepCard, str], None]
    question: Callable[[ApprovalCard, str], None]
    choice: Callable[[ChoiceCard, str], None]


class RecordedRows:
    """Makes rows of recorded events, the last turn first.

    Args:
        events: In order; pieces of one text may be joined or not.
        connect: See there.
    """

    def __init__(self, events: Iterable[Event], connect: Connections) -> None:
        self._connect = connect
        events = list(events)
        self._turns = [list(turn) for turn in _turns(events)]
        self._restorations = [event for event in events if isinstance(event, SceneRestored)]
        self._questions: dict[str, ApprovalRow] = {}
        self._choices: dict[str, ChoiceRow] = {}
        self.steps: dict[str, StepRow] = {}
        self._make: dict[str, Callable[[Any], Sequence[ChatRow]]] = {
            "turn_started": lambda event: (UserRow(event.text, event.attachments),),
            "steered": lambda event: (UserRow(event.text, event.attachments),),
            "text_delta": self._text,
            "thinking_delta": self._thinking,
            "step_started": self._start,
            "step_finished": self._finish,
            "approval_asked": self._question,
            "approval_answered": self._approval,
            "choice_asked": self._choice,
            "choice_answered": self._chosen,
            "scene_restored": lambda event: (NoticeRow(restored(event)),),
            "turn_finished": _end,
            "notice": lambda event: (NoticeRow(event),),
        }

    @property
    def n_left(self) -> int:
        """Turns that no rows were made of yet."""
        return len(self._turns)

    def take(self, seconds: float) -> list[ChatRow]:
        """The rows of the last turns that are left, in order: as many as a time allows, of one turn at least."""
        end = time.perf_counter() + seconds
        taken: list[list[ChatRow]] = []
        while self._turns and (not taken or time.perf_counter() < end):
            taken.append([row for event in _joined(self._turns.pop()) for row in self._rows(event)])
        return [row for rows in reversed(taken) for row in rows]

    def mark_undone(self) -> None:
        """All rows are made: steps that a later turn undid say so."""
        for event in self._restorations:
            for call_id in event.call_ids:
                if call_id in self.steps:
                    self.steps[call_id].show_undone(event.action == "undo", undoable=False)

    def _rows(self, event: Event) -> Sequence[ChatRow]:
        """Those that an event adds; none where it only ends one."""
        make = self._make.get(event.kind)
        return () if make is None else make(event)

    def _text(self, event: TextDelta) -> Sequence[ChatRow]:
        message = Message(event.text)
        message.rows = [BlockRow(message, block, self._connect.block) for block in split_blocks(event.text)]
        return message.rows

    def _thinking(self, event: ThinkingDelta) -> Sequence[ChatRow]:
        return (ThinkingRow(event.text, is_live=False),)

    def _start(self, event: StepStarted) -> Sequence[ChatRow]:
        row = self.steps[event.call_id] = StepRow(event, self._connect.step)
        return (row,)

    def _finish(self, event: StepFinished) -> Sequence[ChatRow]:
        if event.call_id in self.steps:
            self.steps[event.call_id].finish(event.model_copy(update={"undoable": False}))
        return ()

    def _question(self, event: ApprovalAsked) -> Sequence[ChatRow]:
        row = self._questions[event.call_id] = ApprovalRow(event, "Go on anyway", self._connect.question)
        row.resolve(None)  # unless its answer follows
        return (row,)

    def _approval(self, event: ApprovalAnswered) -> Sequence[ChatRow]:
        if event.call_id in self._questions:
            self._questions.pop(event.call_id).resolve(event)
        if event.command and event.call_id in self.steps:
            self.steps[event.call_id].show_edited(event.command)
        return ()

    def _choice(self, event: ChoiceAsked) -> Sequence[ChatRow]:
        row = self._choices[event.call_id] = ChoiceRow(event, self._connect.choice)
        row.resolve(None)
        return (row,)

    def _chosen(self, event: ChoiceAnswered) -> Sequence[ChatRow]:
        if event.call_id in self._choices:
            self._choices.pop(event.call_id).resolve(event.text)
        return ()


def _turns(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    starts = [number for number, event in enumerate(events) if isinstance(event, TurnStarted)]
    return (events[start:stop] for start, stop in itertools.pairwise([0, *starts, len(events)]) if start < stop)


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Pieces of a text that follow each other as one."""
    for kind, group in itertools.groupby(events, lambda event: event.kind):
        if kind in ("text_delta", "thinking_delta"):
            first, *more = group
            text = "".join(getattr(event, "text", "") for event in (first, *more))
            yield first.model_copy(update={"text": text}) if more else first
        else:
            yield from group


def restored(event: SceneRestored) -> Notice:
    """What undo or redo changed."""
    return Notice(text=event.words)


def ended(turn: TurnFinished) -> Notice | None:
    """Why a turn did not simply end."""
    if turn.stop_reason == "done":
        return None
    return Notice(level="error" if turn.stop_reason == "failed" else "info", text=turn.message or "Stopped.")


def _end(event: TurnFinished) -> Sequence[ChatRow]:
    notice = ended(event)
    return () if notice is None else (NoticeRow(notice),)
