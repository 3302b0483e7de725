"""What was said, as it is shown when a chat is opened again: nothing waits any more, and no step can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    StepFinished,
    StepStarted,
    TurnFinished,
    TurnStarted,
)

_CUT_STEP = "PyMOL ended before this was done."
CUT_TURN = "PyMOL ended in the middle of this."


def settled(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events with an end for everything that a crash left open, in the turn where it began.

    The states of the scene that undo would bring back ended with their PyMOL; signing in is no longer what would help.
    """
    whole: list[Event] = []
    open_turn: TurnStarted | None = None
    waiting: dict[str, Event] = {}
    for event in events:
        if isinstance(event, TurnStarted):
            whole += _ends(open_turn, waiting)
            open_turn = event
        elif isinstance(event, (StepStarted, ApprovalAsked, ChoiceAsked)):
            waiting[f"{event.kind} {event.call_id}"] = event
        elif isinstance(event, StepFinished):
            waiting.pop(f"step_started {event.call_id}", None)
            event = event.model_copy(update={"undoable": False}) if event.undoable else event
        elif isinstance(event, ApprovalAnswered):
            waiting.pop(f"approval_asked {event.call_id}", None)
        elif isinstance(event, ChoiceAnswered):
            waiting.pop(f"choice_asked {event.call_id}", None)
        elif isinstance(event, TurnFinished):
            whole += _ends(None, waiting)
            open_turn = None
            event = event.model_copy(update={"sign_in": None}) if event.sign_in is not None else event
        whole.append(event)
    return (*whole, *_ends(open_turn, waiting))


def _ends(turn: TurnStarted | None, waiting: dict[str, Event]) -> list[Event]:
    ends: list[Event] = []
    for event in reversed(waiting.values()):
        if isinstance(event, ApprovalAsked):
            ends.append(ApprovalAnswered(call_id=event.call_id, allowed=False, reason=_CUT_STEP))
        elif isinstance(event, ChoiceAsked):
            ends.append(ChoiceAnswered(call_id=event.call_id, text=""))
        elif isinstance(event, StepStarted):
            ends.append(StepFinished(turn_id=event.turn_id, call_id=event.call_id, ok=False, error=_CUT_STEP))
    waiting.clear()
    if turn is not None:
        ends.append(TurnFinished(turn_id=turn.turn_id, stop_reason="stopped", message=CUT_TURN))
    return ends
