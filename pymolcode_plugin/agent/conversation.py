"""One chat: its turns, its transcript, and undo; fronts give it text and listen to its events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from .. import logs
from ..auth.sign_in import SignIn
from ..config import paths, settings
from ..core.errors import ConfigError, PymolcodeError
from ..core.events import (
    Event,
    ModelState,
    Notice,
    StepStarted,
    StopReason,
    TextDelta,
    TurnFinished,
    TurnStarted,
    UsageTold,
)
from ..core.ports import HistoryPort, PersonPort, ScenePort
from ..core.scene import SceneDiff, SceneMark
from ..core.tasks import spawn
from ..core.tool import Tool, ToolResult
from ..llm.choice import Choice
from ..masking import mask
from ..session.transcript import Transcript, new_folder
from ..tools.catalogue import Catalogue
from .approvals import Policy, Rules
from .attached import described
from .brain import Brain
from .budget import Budget
from .door import Door, Turn
from .outgoing import Outgoing
from .spending import Spending

_log = logs.get("agent")


def _inside(note: str) -> str:
    """A note on one line that no name in it can end, so that what follows would look like the user's words."""
    return " ".join(note.translate(_BRACKETS).split())


_BRACKETS = str.maketrans("[]", "()")


class SceneAndHistory(ScenePort, HistoryPort, Protocol):
    """Both doors to the scene, which one object opens."""


class Conversation:
    """Turns, one at a time.

    Args:
        tools: What the model may call.
        scene: The scene door.
        person: Asked where the policy says so.
        listen: Called with every event, on the loop's thread; must not raise.
        sessions_folder: Where the transcript's own folder is made.
        read_settings: Where the settings come from.
    """

    def __init__(
        self,
        tools: tuple[Tool[Any], ...],
        scene: SceneAndHistory,
        person: PersonPort,
        listen: Callable[[Event], None],
        *,
        sessions_folder: Path,
        read_settings: Callable[[], settings.Settings] = settings.load,
    ) -> None:
        self._scene = scene
        self._listen = listen
        self._sessions_folder = sessions_folder
        self._numbers = itertools.count(1)
        self._turn: Turn | None = None
        self._notes: list[str] = []
        self._told_of_full_disk = False
        self._call_ids: set[str] = set()
        self.policy = Policy(Rules(paths.rules_file()))
        self.outgoing = Outgoing(self.policy, tools)
        with contextlib.suppress(ConfigError):  # whoever chooses the model tells it
            found = read_settings()
            self.outgoing.begin_with(found)
            self.policy.mode = found.mode
        catalogue = Catalogue(tools)
        self._door = Door(
            catalogue.find, catalogue.names, scene, scene, person, self.policy, working_folder=lambda: str(Path.cwd())
        )
        self.transcript = Transcript(new_folder(sessions_folder))
        self.spending = Spending()
        self.budget = Budget(self.spending, person, self._tell)
        self.brain = Brain(
            tools,
            scene,
            self._call_tool,
            self._tell,
            self.outgoing,
            self.spending,
            self.budget,
            chat_id=uuid.uuid4().hex,
            read_settings=read_settings,
        )

    async def prompt(self, text: str, *, selections: tuple[str, ...] = ()) -> TurnFinished:
        """Run one turn and say how it ended; a cancelled turn is recorded as stopped before it passes on.

        Args:
            text: What the user wrote.
            selections: Attached selections, resolved now.
        """
        turn_id = f"turn{next(self._numbers)}"
        started = time.monotonic()
        first_s = 0.0

        def emit(event: Event) -> None:
            nonlocal first_s
            if not first_s and isinstance(event, (TextDelta, StepStarted)):
                first_s = time.monotonic() - started
            self._tell(event)

        def finish(stop_reason: StopReason, message: str = "", sign_in: str | None = None) -> TurnFinished:
            times = {"seconds": time.monotonic() - started, "seconds_to_first_step": first_s}
            end = TurnFinished(
                turn_id=turn_id,
                stop_reason=stop_reason,
                message=message,
                usage=self.spending.turn.model_copy(update=times),
                session=self.spending.session,
                sign_in=sign_in,
            )
            self._tell(end)
            self._flush()
            _log.info("turn.finished", stop_reason=stop_reason, duration_s=round(times["seconds"], 2))
            return end

        self._turn = Turn(turn_id, emit)
        self.spending.begin_turn()
        text = self._without_keys(text)
        shown = " ".join((text, *(f"[{name}]" for name in selections)))
        self._tell(TurnStarted(turn_id=turn_id, text=shown, model=self.brain.title))
        try:
            await self.brain.run(turn_id, await self._with_context(text, selections), emit)
        except asyncio.CancelledError:
            finish("stopped", "Stopped. What was done until then stands; Undo turn brings the scene back.")
            raise
        except Exception as error:  # noqa: BLE001  # border: a turn ends with a message, whatever failed
            explained = self.brain.explain(error)
            _log.warning("turn.failed", kind=type(error).__name__)
            return finish("failed", explained.message, self.brain.signs_in(explained))
        finally:
            self._turn = None
        return finish("done")

    @property
    def choice(self) -> Choice | None:
        """The model that was chosen, and why; None before one was."""
        return self.brain.choice

    @property
    def sign_in(self) -> SignIn:
        """The sign-in service, as the settings have it now.

        Raises:
            ConfigError: They make no sense.
        """
        return self.brain.sign_in

    async def use_model(self, model: str) -> None:
        """Ask this `PROVIDER:MODEL` in this chat; where it is empty, what the settings and the sign-in say.

        It takes effect now, or, while a turn runs, at the next message. What was said is kept where the new model can
        be reminded of it; where not, that is said.

        Raises:
            PymolcodeError: It cannot be used, and the one in use stays.
        """
        await self.brain.use_model(model)
        if self._turn is None:
            spawn(self.brain.look_again(), name="change the model", on_error=self._told_by_the_brain)

    async def compact(self) -> None:
        """Make what the model is reminded of shorter; the transcript keeps everything."""
        self._tell(Notice(text=await self.brain.compact(self._tell)))

    async def _direct_step(self, tool: str, arguments: dict[str, Any]) -> ToolResult:
        """Run a step that the person clicked, through the one door, without the model, which is told next time."""
        by_hand = await self._door.look_again()
        turn = Turn(f"direct{next(self._numbers)}", self._tell)
        result = await self._door.call(turn, turn.turn_id, tool, arguments)
        self._notes += [
            f"{who}: {diff.text}."
            for who, diff in (("The user changed by hand", by_hand), (f"The user ran {tool} by a click", result.diff))
            if not diff.only_view
        ]
        self._flush()
        return result

    @property
    def last_step(self) -> str:
        """Call id of the last step that changed the scene and was not undone; empty where there is none."""
        return self._door.last_step

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return self._door.can_redo

    async def undo(self, *, turn_id: str = "", call_id: str = "") -> None:
        """Bring back the scene from before a turn or step, the last turn by default; the model is told next time."""
        await self._moved_in_history(self._door.undo(self._tell, turn_id=turn_id, call_id=call_id), "undid")

    async def redo(self) -> None:
        """Do again what was undone last."""
        await self._moved_in_history(self._door.redo(self._tell), "did again")

    async def _moved_in_history(self, moving: Awaitable[SceneDiff], did: str) -> None:
        try:
            diff = await moving
        except PymolcodeError as error:
            self._tell(Notice(level="warning", text=error.message))
            return
        changed = diff.text or "the scene was as before already"
        self._notes.append(f"The user {did} your last change: {changed}.")

    async def bring_back(self, mark: SceneMark) -> None:
        """Restore the scene that a crash took; Undo brings back the one it replaced.

        Raises:
            SceneError: It is damaged.
        """
        diff = await self._door.bring_back(mark, "Brought back after a crash")
        self._tell(Notice(text=f"Brought back: {diff.text or 'the scene was like that already'}."))

    def new_chat(self) -> None:
        """Begin anew: an empty history and a transcript of its own; the scene stays."""
        self._flush()
        self.transcript = Transcript(new_folder(self._sessions_folder))
        self._notes.clear()
        self.spending.forget()
        self.budget.begin_again()
        self.brain.forget()

    def close(self) -> None:
        """Write what waits and end the model; works while PyMOL quits, without a loop."""
        self._flush()
        self.brain.kill()

    async def aclose(self) -> None:
        """As `close`, and connections to the model end in order."""
        self._flush()
        await self.brain.aclose()

    def _without_keys(self, text: str) -> str:
        """A key in a message is there by mistake; no model needs to see one."""
        masked = mask(text)
        if masked != text:
            self._tell(
                Notice(level="warning", text="What looks like a key in your message was taken out before sending.")
            )
        return masked

    @staticmethod
    def _told_by_the_brain(_error: BaseException) -> None:
        """As the model's state."""

    async def _with_context(self, text: str, selections: tuple[str, ...]) -> str:
        attached = []
        for name in selections:
            attached.append(await described(self._scene, name))
        by_hand = await self._door.look_again()
        if not by_hand.only_view:
            attached.append(f"Since you last saw the scene it was changed by hand: {by_hand.text}.")
        self.outgoing.wrote(text)
        notes, self._notes = [*self._notes, *attached], []  # only now: a selection that is gone must not lose them
        return "\n".join((*(f"[{_inside(note)}]" for note in notes), text))

    async def _call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> ToolResult:
        assert self._turn is not None  # noqa: S101  # profiles call tools inside a turn only
        # Some models give the same id twice; cards and undo need to tell the steps apart.
        unique = call_id if call_id not in self._call_ids else f"{call_id}.{len(self._call_ids)}"
        self._call_ids.add(unique)
        return await self._door.call(self._turn, unique, name, arguments)

    def _tell(self, event: Event) -> None:
        if not isinstance(event, (ModelState, UsageTold)):
            self._record(event)
        self._listen(event)

    def _record(self, event: Event) -> None:
        try:
            self.transcript.append(event)
        except OSError as error:
            if not self._told_of_full_disk:
                self._told_of_full_disk = True
                self._listen(
                    Notice(level="warning", text=f"The transcript cannot be written: {error.strerror or error}.")
                )

    def _flush(self) -> None:
        try:
            self.transcript.flush()
        except OSError as error:
            _log.warning("transcript.lost", kind=type(error).__name__)
