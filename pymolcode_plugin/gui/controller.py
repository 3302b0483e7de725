"""Between the panel and the agent: intents become calls, events become what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ..agent.conversation import Conversation
from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    Event,
    ModelState,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TurnFinished,
    TurnStarted,
)
from ..core.ports import Answer
from ..core.tasks import spawn
from .dock import AgentDock


class Controller:
    """Implements `core.ports.PersonPort` with the panel's question cards.

    Args:
        dock: The panel.
    """

    def __init__(self, dock: AgentDock) -> None:
        self._dock = dock
        self._conversation: Conversation | None = None
        self._running: asyncio.Task[TurnFinished] | None = None
        self._questions: dict[str, asyncio.Future[Answer]] = {}
        dock.submitted.connect(self._on_dock_submitted)
        dock.stop_requested.connect(self.stop)
        dock.new_chat_requested.connect(self._on_dock_new_chat_requested)
        dock.undo_requested.connect(self.undo)
        dock.download_requested.connect(self._on_dock_download_requested)
        dock.approval_answered.connect(self._on_dock_approval_answered)

    @property
    def busy(self) -> bool:
        """True while a turn runs."""
        return self._running is not None

    def start(self, conversation: Conversation) -> None:
        """Take the conversation and make its model ready in the background."""
        self._conversation = conversation
        spawn(conversation.brain.prepare(), name="prepare the model", on_error=self._on_task_failed)

    def submit(self, text: str, selections: tuple[str, ...] = ()) -> None:
        """Begin a turn; while one runs, says so, and what was written waits in the field."""
        if self._conversation is None or self._running is not None:
            self._dock.composer.keep(text)
            self._dock.transcript.add_notice(
                Notice(level="warning", text="Still working; what you asked waits where you write.")
            )
            return
        self._dock.set_busy(True)
        turn = self._conversation.prompt(text, selections=selections)
        self._running = spawn(turn, name="turn", on_error=self._on_task_failed)
        self._running.add_done_callback(self._on_turn_done)

    def stop(self) -> None:
        """Cancel the running turn."""
        if self._running is not None:
            self._running.cancel()

    def undo(self) -> None:
        """Bring back the scene from before the last turn that changed it."""
        if self._conversation is None or self._running is not None:
            self._dock.transcript.add_notice(Notice(level="warning", text="Still working; undo when it is done."))
            return
        spawn(self._conversation.undo(), name="undo", on_error=self._on_task_failed)

    def close(self) -> None:
        """PyMOL quits: keep what was said and end the model."""
        if self._conversation is not None:
            self._conversation.close()

    async def ask(self, question: ApprovalAsked) -> Answer:
        """See PersonPort; a turn that is stopped meanwhile closes the card as denied."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._questions[question.call_id] = answer
        try:
            return await answer
        except asyncio.CancelledError:
            self._dock.transcript.resolve_approval(question.call_id, None)
            raise
        finally:
            del self._questions[question.call_id]

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:
        """See PersonPort."""
        raise NotImplementedError

    def on_event(self, event: Event) -> None:  # noqa: C901  # one line a kind of event
        """Show an event."""
        transcript = self._dock.transcript
        if isinstance(event, TextDelta):
            transcript.append_text(event.text)
        elif isinstance(event, ThinkingDelta):
            self._dock.set_activity("Thinking")
        elif isinstance(event, StepStarted):
            transcript.start_step(event)
        elif isinstance(event, StepFinished):
            transcript.finish_step(event)
        elif isinstance(event, TurnStarted):
            transcript.add_user(event.text)
        elif isinstance(event, TurnFinished):
            transcript.finish_turn(event)
        elif isinstance(event, ApprovalAsked):
            self._dock.show_panel()  # a closed panel would hide what the turn waits for
            transcript.ask_approval(event)
        elif isinstance(event, ApprovalAnswered):
            transcript.resolve_approval(event.call_id, event)
        elif isinstance(event, SceneRestored):
            done = "Undone" if event.action == "undo" else "Done again"
            transcript.add_notice(Notice(text=f"{done}: {event.diff or 'the scene was as before already'}."))
        elif isinstance(event, ModelState):
            self._dock.set_model_state(event)
        elif isinstance(event, Notice):
            transcript.add_notice(event)

    def _on_dock_submitted(self, text: str) -> None:
        self.submit(text, self._dock.take_selections())

    def _on_dock_new_chat_requested(self) -> None:
        if self._conversation is not None and self._running is None:
            self._conversation.new_chat()
            self._dock.transcript.clear()
            self._dock.show_empty_state()

    def _on_dock_download_requested(self) -> None:
        if self._conversation is not None:
            spawn(self._conversation.brain.download(), name="download the model", on_error=self._on_task_failed)

    def _on_dock_approval_answered(self, call_id: str, answer: Answer) -> None:
        question = self._questions.get(call_id)
        if question is not None and not question.done():
            question.set_result(answer)

    def _on_turn_done(self, _task: asyncio.Task[TurnFinished]) -> None:
        self._running = None
        self._dock.set_busy(False)

    def _on_task_failed(self, error: BaseException) -> None:
        self._dock.transcript.add_notice(Notice(level="error", text=f"{type(error).__name__}: {error}"))
