"""Between the panel and the agent: intents become calls; what an event is to the panel, `showing` shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from ..agent.conversation import Conversation
from ..agent.own_steps import OwnStep
from ..config import paths
from ..core.attachments import Message
from ..core.events import Event, ModelState, Notice, SceneRestored, Steered, StepFinished, TurnFinished
from ..core.tasks import spawn, stop
from ..core.tool import ToolResult
from ..session.index import Index
from .asking import Asking
from .choosing_model import ChoosingModel
from .choosing_session import ChoosingSession
from .dock import AgentDock
from .examining import Examining
from .linking import Linking
from .panel_commands import panel_commands
from .sending import Sending
from .session_options import SessionOptions
from .setting_up import SettingUp
from .showing import Showing
from .signing_in import SigningIn
from .transcript_menu import transcript_commands

_MAX_ATTACHED = 4  # objects of a file that is loaded; a session brings any number


class Controller:
    """Runs what the person wants, one thing at a time.

    Args:
        dock: The panel.
    """

    def __init__(self, dock: AgentDock) -> None:
        self._dock = dock
        self._conversation: Conversation | None = None
        self._running: asyncio.Task[Any] | None = None
        self._then: list[Callable[[], None]] = []  # to do once nothing runs
        self._ended_well = True  # the turn that ran last
        self._proceed = ""  # words for going on with the undo or redo that runs
        self._linking: Linking | None = None
        self.options: SessionOptions | None = None
        self.sign_in: SigningIn | None = None
        self.models: ChoosingModel | None = None
        self.settings: SettingUp | None = None
        self.doctor: Examining | None = None
        self.sessions: ChoosingSession | None = None
        self.commands = panel_commands(self)
        for command in transcript_commands(dock.transcript):
            self.commands.add(command)
        self.sending = Sending(self, dock)
        self.asking = Asking(dock.transcript)
        self._showing = Showing(dock, lambda: self._proceed)
        self._goes_by: dict[type[Event], Callable[[Any], None]] = {
            Steered: self.sending.heard,
            TurnFinished: self._on_turn_finished,
            ModelState: self._on_model_state,
            StepFinished: self._show_history,
            SceneRestored: self._show_history,
            Notice: self._show_history,  # of a scene that was brought back after a crash nothing else tells
        }
        self._connect(dock)

    @property
    def busy(self) -> bool:
        """True while a turn runs, or something is undone."""
        return self._running is not None

    @property
    def conversation(self) -> Conversation | None:
        """The chat; None until `start`."""
        return self._conversation

    def start(self, conversation: Conversation) -> None:
        """Take the conversation and make its model ready in the background."""
        self._conversation = conversation
        self._show_history()
        dock = self._dock
        self._linking = Linking(dock.transcript, conversation.pointing, self.say, self.tell_failure)
        models = ChoosingModel(dock, conversation, sign_in=lambda provider_id: sign_in.show(provider_id))
        sign_in = SigningIn(dock, conversation, changed=self._on_signed_in_changed, show_models=models.show)
        sessions = ChoosingSession(
            dock,
            conversation,
            Index(paths.sessions_folder(), paths.session_index_file()),
            paths.sessions_folder(),
            run=self.run_alone,
            clear=self._clear,
        )
        sessions.add_commands(self.commands)
        self.options = SessionOptions(
            dock,
            conversation,
            show_models=models.show,
            show_sign_in=sign_in.show,
            show_sessions=sessions.show,
            compact=self.compact,
            show_settings=lambda: settings.show(),
            show_doctor=lambda: doctor.show(),
            run_command=lambda name: self.run_command(name, ""),
        )
        settings = SettingUp(
            dock,
            conversation,
            self.options,
            changed=self._on_signed_in_changed,
            links={
                "models": models.show,
                "sign_in": sign_in.show,
                "rules": self.options.show_rules,
                "sent": self.options.show_sent,
            },
        )
        doctor = self.doctor = Examining(dock, conversation)
        self.models, self.sign_in, self.settings, self.sessions = models, sign_in, settings, sessions
        dock.model_requested.connect(models.show)
        dock.sign_in_requested.connect(sign_in.show)
        self.sending.start()
        spawn(conversation.brain.prepare(), name="prepare the model", on_error=self.tell_failure)

    def say(self, text: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Show something that is no part of the chat."""
        self._dock.transcript.add_notice(Notice(level=level, text=text))

    def usage_words(self) -> str:
        """What this chat took, in words."""
        return self._dock.usage.toolTip() or "Nothing was asked in this chat yet."

    def run_command(self, name: str, rest: str) -> None:
        """Run a command of the panel; what it is not, or not now, is said."""
        command = self.commands.find(name)
        if command is None:
            self.say(self.commands.unknown(name), "warning")
        elif self.busy and not command.while_busy:
            self.say(f"Still working; /{command.name} when it is done.", "warning")
        else:
            command.run(rest)

    def submit(self, text: str, selections: tuple[str, ...] = ()) -> None:
        """Begin a turn, or let it wait until the one that runs is done."""
        self.sending.submit(Message(text=text, selections=selections))

    def run(self, message: Message) -> None:
        """Begin a turn; nothing may run."""
        if self._conversation is not None:
            turn = self._conversation.prompt(
                message.text, selections=message.selections, images=message.images, files=message.files
            )
            self._begin(turn, name="turn")

    def load_file(self, path: str) -> None:
        """Load a file that the user gave, and let what it became go with the next message; nothing may run."""
        if self._conversation is not None:
            self._begin(self._load(self._conversation, path), name="load a file")

    async def _load(self, conversation: Conversation, path: str) -> None:
        names = await conversation.load_file(path)
        for name in names if len(names) <= _MAX_ATTACHED else ():
            self._dock.chips.add(name)

    def stop(self) -> None:
        """Cancel what runs; an undo only while it asks, because the scene and the list of steps change together."""
        if self._running is not None and (self.asking.asks or not self._proceed):
            self._dock.head.set_activity("Stopping")  # what PyMOL itself is in the middle of may take a moment
            stop(self._running)

    def undo(self, call_id: str = "") -> None:
        """Bring back the scene from before a step, or before the last turn that changed it."""
        conversation = self._free("undo when it is done")
        if conversation is not None:
            self._proceed = "Undo anyway"
            self._begin(conversation.undoing.undo(call_id=call_id), name="undo")

    def run_step(
        self, tool: str, arguments: dict[str, Any], *, said: str, told: Callable[[ToolResult | None], None]
    ) -> None:
        """Run a step that was clicked, through the one door, without the model.

        Args:
            tool: Its name.
            arguments: Its own.
            said: What was clicked.
            told: Called with the result when the panel is idle again; with None where it was stopped.
        """
        conversation = self._conversation
        results: list[ToolResult] = []
        if conversation is None:
            return

        async def run() -> None:
            results.append(await conversation.own_step(OwnStep(tool, arguments, said)))

        if self.run_alone(run(), "step") is not None:
            self.when_idle(lambda: told(results[0] if results else None))

    def when_idle(self, then: Callable[[], None]) -> None:
        """Call this once nothing runs any more; at once where nothing does."""
        if self._running is None:
            then()
        else:
            self._then.append(then)

    @property
    def last_step(self) -> str:
        """Call id of the last step that changed the scene and was not undone."""
        return self._conversation.undoing.last_step if self._conversation is not None else ""

    def run_code(self, code: str, language: str) -> None:
        """Run code of an answer in PyMOL, as a turn of its own."""
        conversation = self._free("run it when it is done")
        if conversation is not None:
            self._begin(conversation.run_code(code, language), name="run code")

    def undo_step(self) -> None:
        """Bring back the scene from before the last step that changed it."""
        self.undo(self.last_step)

    def redo(self) -> None:
        """Do again what was undone last."""
        conversation = self._free("redo when it is done")
        if conversation is not None:
            self._proceed = "Redo anyway"
            self._begin(conversation.undoing.redo(), name="redo")

    def compact(self) -> None:
        """Make what the model is reminded of shorter."""
        conversation = self._free("shorten the chat when it is done")
        if conversation is not None:
            self._begin(conversation.compact(), name="shorten the chat")

    def new_chat(self) -> None:
        """Begin an empty chat; the scene stays."""
        if self._conversation is not None and self._running is None:
            self._conversation.new_chat()
            self._clear()

    def run_alone(self, running: Coroutine[Any, Any, None], name: str) -> asyncio.Task[Any] | None:
        """Run what takes the panel as a turn does, and what Stop ends; None, and said, where something runs already."""
        if self._free("when it is done, or stopped") is None:
            running.close()
            return None
        self._begin(running, name=name)
        return self._running

    def _clear(self) -> None:
        self.sending.clear()
        self._dock.transcript.clear()
        self._dock.usage.clear()
        self._dock.show_empty_state()

    def offer_recovery(self, text: str, bring_back: Callable[[], None], drop: Callable[[], None]) -> None:
        """Offer the scene that a crash took.

        Args:
            text: What happened and what there is.
            bring_back: Called when it is wanted.
            drop: Called when it is not.
        """
        card = self._dock.transcript.offer_recovery(text)
        card.accepted.connect(bring_back)
        card.dismissed.connect(drop)

    def close(self) -> None:
        """PyMOL quits: keep what was said and end the model."""
        if self._conversation is not None:
            self._conversation.close()

    def tell_failure(self, error: BaseException) -> None:
        """Show what a task raised."""
        self._dock.transcript.add_notice(Notice(level="error", text=f"{type(error).__name__}: {error}"))

    def on_event(self, event: Event) -> None:
        """Show an event, and do what else goes by it."""
        self._showing.show(event)
        go_by = self._goes_by.get(type(event))
        if go_by is not None:
            go_by(event)

    def _connect(self, dock: AgentDock) -> None:
        dock.stop_requested.connect(self.stop)
        dock.new_chat_requested.connect(self.new_chat)
        dock.undo_requested.connect(lambda: self.undo())
        dock.redo_requested.connect(self.redo)
        dock.download_requested.connect(self._on_dock_download_requested)
        dock.transcript.undo_requested.connect(self.undo)
        dock.transcript.run_requested.connect(self.run_code)
        dock.transcript.atoms_requested.connect(self._on_transcript_atoms_requested)

    def _on_turn_finished(self, event: TurnFinished) -> None:
        self._ended_well = event.stop_reason == "done"
        if self._linking is not None:
            spawn(self._linking.link_seen(), name="link atoms", on_error=self.tell_failure)

    def _on_model_state(self, _event: ModelState) -> None:
        if self.models is not None:
            self.models.show_in_use()

    def _show_history(self, _event: Event | None = None) -> None:
        if self._conversation is not None:
            undoing = self._conversation.undoing
            self._dock.head.set_history(undoable=bool(undoing.last_step), redoable=undoing.can_redo)

    def _free(self, then: str) -> Conversation | None:
        """The chat, where nothing runs; else None, and said is what to do then."""
        if self._conversation is None or self._running is not None:
            self.say(f"Still working; {then}.", "warning")
            return None
        return self._conversation

    def _begin(self, running: Coroutine[Any, Any, Any], *, name: str) -> None:
        self._ended_well = True
        self._set_busy(True)
        self._running = spawn(running, name=name, on_error=self.tell_failure)
        self._running.add_done_callback(self._on_running_done)

    def _on_dock_download_requested(self) -> None:
        if self._conversation is not None:
            spawn(self._conversation.brain.download(), name="download the model", on_error=self.tell_failure)

    def _on_signed_in_changed(self) -> None:
        """What the next message would find, the panel shows now."""
        if self.models is not None:
            self.models.refresh()
        if self._conversation is not None and not self.busy:
            spawn(self._conversation.brain.prepare(), name="choose the model", on_error=self.tell_failure)

    def _on_transcript_atoms_requested(self, selection: str) -> None:
        if self._linking is not None:
            spawn(self._linking.show(selection), name="show atoms", on_error=self.tell_failure)

    def _on_running_done(self, task: asyncio.Task[Any]) -> None:
        self._running = None
        self._proceed = ""
        self._show_history()  # also where what was stopped told nothing
        self._set_busy(False)
        then, self._then = self._then, []
        for do in then:
            do()
        self.sending.turn_over(well=self._ended_well and not task.cancelled() and task.exception() is None)

    def _set_busy(self, busy: bool) -> None:
        self._dock.set_busy(busy)
        if self.sessions is not None:
            self.sessions.set_busy(busy)
