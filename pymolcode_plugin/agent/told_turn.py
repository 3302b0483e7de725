"""A turn as whoever listens is told of it: what was asked, and how it ended, with what it took."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..core.events import Event, StepStarted, StopReason, TextDelta, TurnFinished, TurnStarted
from .spending import Spending

_STOPPED = "Stopped."
_STOPPED_HALF_WAY = "Stopped. What was done until then stands; Undo turn brings the scene back."


def stopped(*, undoable: bool) -> str:
    """What is said of a turn that was stopped.

    Args:
        undoable: It changed the scene, and that can be undone.
    """
    return _STOPPED_HALF_WAY if undoable else _STOPPED


class ToldTurn:
    """A turn that begins now.

    Args:
        turn_id: Of its events.
        tell: Gets them.
        spending: Of the chat.
    """

    def __init__(self, turn_id: str, tell: Callable[[Event], None], spending: Spending) -> None:
        spending.begin_turn()
        self.turn_id = turn_id
        self._tell = tell
        self._spending = spending
        self._began = time.monotonic()
        self._seconds_to_first_step = 0.0

    def begin(
        self, text: str, *, model: str = "", attachments: tuple[str, ...] = (), images: tuple[bytes, ...] = ()
    ) -> None:
        """Tell what was asked."""
        self._tell(TurnStarted(turn_id=self.turn_id, text=text, model=model, attachments=attachments, images=images))

    def emit(self, event: Event) -> None:
        """Tell what the model does."""
        if not self._seconds_to_first_step and isinstance(event, (TextDelta, StepStarted)):
            self._seconds_to_first_step = time.monotonic() - self._began
        self._tell(event)

    def end(self, stop_reason: StopReason, message: str = "", sign_in: str | None = None) -> TurnFinished:
        """Tell how it ended."""
        times = {
            "seconds": time.monotonic() - self._began,
            "seconds_to_first_step": self._seconds_to_first_step,
        }
        end = TurnFinished(
            turn_id=self.turn_id,
            stop_reason=stop_reason,
            message=message,
            usage=self._spending.turn.model_copy(update=times),
            session=self._spending.session,
            sign_in=sign_in,
        )
        self._tell(end)
        return end
