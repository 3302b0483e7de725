"""The agent's events become what the panel shows; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    ModelState,
    Notice,
    SceneRestored,
    Steered,
    StepFinished,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TurnFinished,
    TurnStarted,
    UsageTold,
)
from .dock import AgentDock


class Showing:
    """Shows events.

    Args:
        dock: The panel.
        proceed: Words for going on with what a question is about; empty where it is a step.
    """

    def __init__(self, dock: AgentDock, proceed: Callable[[], str]) -> None:
        self._dock = dock
        self._proceed = proceed
        transcript = dock.transcript
        self._shown: dict[type[Event], Callable[[Any], None]] = {
            TextDelta: lambda event: transcript.append_text(event.text),
            ThinkingDelta: self._thinking,
            StepStarted: transcript.start_step,
            StepFinished: transcript.finish_step,
            TurnStarted: lambda event: transcript.add_user(event.text, event.attachments),
            Steered: lambda event: transcript.add_user(event.text, event.attachments),
            TurnFinished: self._turn_finished,
            UsageTold: lambda event: dock.usage.show_usage(event.usage, event.session),
            ApprovalAsked: self._approval,
            ApprovalAnswered: lambda event: transcript.resolve_approval(event.call_id, event),
            ChoiceAsked: self._choice,
            ChoiceAnswered: lambda event: transcript.resolve_choice(event.call_id, event.text),
            SceneRestored: transcript.mark_restored,
            ModelState: lambda event: dock.head.set_model_state(event),
            Notice: transcript.add_notice,
        }

    def show(self, event: Event) -> None:
        """Show an event; some have nothing to see."""
        show = self._shown.get(type(event))
        if show is not None:
            show(event)

    def _thinking(self, event: ThinkingDelta) -> None:
        self._dock.head.set_activity("Thinking")
        self._dock.transcript.append_thinking(event.text)

    def _approval(self, event: ApprovalAsked) -> None:
        self._dock.show_panel()  # a closed panel would hide what the turn waits for
        self._dock.transcript.ask_approval(event, proceed=self._proceed() or "Go on anyway")

    def _choice(self, event: ChoiceAsked) -> None:
        self._dock.show_panel()
        self._dock.transcript.ask_choice(event)

    def _turn_finished(self, event: TurnFinished) -> None:
        self._dock.transcript.finish_turn(event)
        self._dock.usage.show_usage(event.usage, event.session)
