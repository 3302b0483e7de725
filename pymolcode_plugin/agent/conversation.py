"""One chat: its turns, its transcript, and undo; fronts give it text and listen to its events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, Protocol

from .. import logs
from ..auth.sign_in import SignIn
from ..config import paths, settings
from ..core.attachments import Message, Picture
from ..core.errors import ConfigError, PymolcodeError, SessionError
from ..core.events import (
    Event,
    ModelState,
    Notice,
    Steered,
    StepStarted,
    StopReason,
    TextDelta,
    TurnFinished,
    TurnStarted,
    UsageTold,
)
from ..core.mentions import Mentionable
from ..core.ports import HistoryPort, PersonPort, ScenePort
from ..core.replaying import KeptStep
from ..core.risk import Risk
from ..core.scene import HostFacts, SceneDiff, SceneMark
from ..core.tasks import spawn
from ..core.tool import Tool, ToolResult
from ..llm.choice import Choice
from ..masking import mask
from ..session.transcript import Transcript, new_folder
from ..tools.catalogue import Catalogue
from .approvals import Policy, Rules
from .brain import Brain
from .budget import Budget
from .door import Door, Turn
from .keeping import Keeping, Moment
from .meanwhile import Meanwhile
from .mentioning import Mentioning
from .outgoing import Outgoing
from .own_steps import OwnStep, of_code, run_turn
from .pointing import Pointing
from .reopening import WITHOUT_SCENE, BringingScene, Reopened, restored_note
from .spending import Spending

_log = logs.get("agent")


def _inside(note: str) -> str:
    """A note on one line that no name in it can end, so that what follows would look like the user's words."""
    return " ".join(note.translate(_BRACKETS).split())


def _with_notes(notes: list[str], text: str) -> str:
    """A line in brackets for each note, then what the user wrote."""
    return "\n".join((*(f"[{_inside(note)}]" for note in notes), text))


_BRACKETS = str.maketrans("[]", "()")


def _by_hand(diff: SceneDiff) -> list[str]:
    """What others changed since the model saw the scene; nothing where at most the camera moved."""
    return [] if diff.only_view else [f"Since you last saw the scene it was changed by hand: {diff.text}."]


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
        keeping: Keeps the chat with its scene after each turn; without it there is the transcript alone.
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
        keeping: Keeping | None = None,
    ) -> None:
        self._scene = scene
        self._keeping = keeping
        self._listen = listen
        self._person = person
        self._sessions_folder = sessions_folder
        self._numbers = itertools.count(1)
        self._turn: Turn | None = None
        self._notes: list[str] = []
        self._mentioning = Mentioning(scene)
        self._meanwhile = Meanwhile(self._heard)
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
        self.pointing = Pointing(scene)
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

    async def prompt(
        self,
        text: str,
        *,
        selections: tuple[str, ...] = (),
        images: tuple[Picture, ...] = (),
        files: tuple[str, ...] = (),
    ) -> TurnFinished:
        """Run one turn and say how it ended; a cancelled turn is recorded as stopped before it passes on.

        Args:
            text: What the user wrote; what it mentions is resolved now.
            selections: Attached selections, resolved now.
            images: Attached pictures, for a model that sees.
            files: Full paths; the model is told of them, and what is in them is not read.
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
        attachments = Message(text=text, selections=selections, images=images, files=files).titles
        pictures = tuple(item.data for item in images)
        self._tell(
            TurnStarted(turn_id=turn_id, text=text, model=self.brain.title, attachments=attachments, images=pictures)
        )
        try:
            await self.brain.run(turn_id, await self._with_context(text, selections, files), emit, images)
        except asyncio.CancelledError:
            finish("stopped", "Stopped. What was done until then stands; Undo turn brings the scene back.")
            raise
        except Exception as error:  # noqa: BLE001  # border: a turn ends with a message, whatever failed
            explained = self.brain.explain(error)
            _log.warning("turn.failed", kind=type(error).__name__)
            return finish("failed", explained.message, self.brain.signs_in(explained))
        finally:
            self._turn = None
            self._keep()
            self._meanwhile.clear()
        return finish("done")

    async def mentionable(self) -> tuple[Mentionable, ...]:
        """What a message can mention now: objects, selections, chains, ligands, scenes, files."""
        return await self._mentioning.mentionable()

    def steer(self, message: Message) -> bool:
        """Say something to the turn that runs; it reaches the model beside its next step's result, as `Steered` tells.

        Returns:
            False where nothing runs, or the model cannot be told before it is done. What is not told when the turn
            is over never will be.
        """
        if self._turn is None or not self.brain.steers or message.images:
            return False
        self._meanwhile.say(message)
        return True

    def take_back(self, message: Message) -> None:
        """Do not say it after all, where it was not heard yet."""
        self._meanwhile.take_back(message)

    async def load_file(self, path: str) -> tuple[str, ...]:
        """Load a file that the user dropped on the panel: a turn of its own, without the model, through the door.

        Where it lies needs no question then; what else it could do does.

        Returns:
            The objects it became; none where it failed, as the transcript says.
        """
        said = f"Load {Path(path).name}"
        result = await self.own_step(OwnStep("load", {"file": path}, said, granted=frozenset({Risk.FILE})))
        return result.diff.added

    async def own_step(self, step: OwnStep) -> ToolResult:
        """A step that the person took, through the one door, without the model, which hears of it next time."""
        turn_id = f"turn{next(self._numbers)}"
        self._turn = Turn(turn_id, self._tell, step.granted)
        self.spending.begin_turn()

        async def run() -> ToolResult:
            await self._note_by_hand()  # else the door would refuse it as planned before
            return await self._call_tool(f"{turn_id}.{step.tool}", step.tool, step.arguments)

        try:
            result = await run_turn(turn_id, step, run, self._tell, self.spending)
        finally:
            self._turn = None
            self._flush()
            self._keep()
        self._notes.append(step.note(result))
        return result

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
            spawn(self.brain.prepare(), name="change the model", on_error=self._told_by_the_brain)

    async def host(self) -> HostFacts:
        """What the running PyMOL says of itself."""
        return await self._scene.host()

    async def compact(self) -> None:
        """Make what the model is reminded of shorter; the transcript keeps everything."""
        self._tell(Notice(text=await self.brain.compact(self._tell)))

    async def run_code(self, code: str, language: str = "") -> ToolResult:
        """Run code of an answer, as a turn of its own.

        Args:
            code: PyMOL commands, or Python.
            language: What stood after the fence; `python` is run as Python.
        """
        return await self.own_step(of_code(code, language))

    @property
    def last_step(self) -> str:
        """Call id of the last step that changed the scene and was not undone; empty where there is none."""
        return self._door.last_step

    @property
    def kept_steps(self) -> tuple[KeptStep, ...]:
        """The steps that changed the scene and were not undone, as far as their states are kept; of older chats too."""
        return self._door.kept_steps

    @property
    def can_redo(self) -> bool:
        """Whether something was undone that can be done again."""
        return self._door.can_redo

    async def undo(self, *, turn_id: str = "", call_id: str = "") -> None:
        """Bring back the scene from before a turn or step, the last turn by default; the model is told next time."""
        await self._moved_in_history(self._door.undo(self._tell, turn_id=turn_id, call_id=call_id), "undo")

    async def redo(self) -> None:
        """Do again what was undone last."""
        await self._moved_in_history(self._door.redo(self._tell), "redo")

    async def _moved_in_history(self, moving: Awaitable[SceneDiff], action: Literal["undo", "redo"]) -> None:
        try:
            diff = await moving
        except PymolcodeError as error:
            self._tell(Notice(level="warning", text=error.message))
            return
        self._notes.append(restored_note(action, diff.text))
        self._keep()

    async def bring_back(self, mark: SceneMark) -> None:
        """Restore the scene that a crash took; Undo brings back the one it replaced.

        Raises:
            SceneError: It is damaged.
        """
        diff = await self._door.bring_back(mark, "Brought back after a crash")
        self._tell(Notice(text=f"Brought back: {diff.text or 'the scene was like that already'}."))

    def new_chat(self) -> None:
        """Begin anew: an empty history and a transcript of its own; the scene stays."""
        self._begin_with(Transcript(new_folder(self._sessions_folder)))

    async def reopen(self, folder: Path) -> Reopened:
        """Go on with a chat that was kept; the scene stays until `bring_scene`.

        Raises:
            SessionError: It cannot be opened, and the chat stays the one it was.
        """
        if self._keeping is None:
            raise SessionError("Chats are not kept here.")
        if folder == self.transcript.folder:
            raise SessionError("This is the chat that is open.")
        await self._keeping.idle()  # what is still written may be the one that is wanted
        reopened = await asyncio.to_thread(Reopened.of, folder, self._sessions_folder, self._keeping.signer)
        self._begin_with(reopened.transcript)
        # Undo goes by the ids of turns, and knows those of the chat before too.
        self._numbers = itertools.count(max(next(self._numbers), reopened.n_turns + 1))
        self._call_ids |= reopened.call_ids
        self.spending.session = reopened.spent
        self._notes += reopened.notes
        if reopened.memory is not None:
            self.brain.remind(reopened.memory)
        return reopened

    async def bring_scene(self, reopened: Reopened) -> None:
        """The scene as it was when that chat ended; Undo brings back the one it replaces. Told, not raised."""
        if self._keeping is not None:
            # Listened to, not written down: it belongs to this opening, and not to the chat.
            bringing = BringingScene(self._door, self._person, self._listen, self._keeping)
            if not await bringing.bring(reopened):
                self._notes.append(WITHOUT_SCENE)
            self._keep()

    async def on_disk(self) -> Path:
        """All of the chat is on disk, its scene as it is now included; the folder where."""
        self._flush()
        if self._keeping is not None:
            self._keep()
            await self._keeping.idle()
        return self.transcript.folder

    def _begin_with(self, transcript: Transcript) -> None:
        self._flush()
        if self._keeping is not None:
            self._keeping.keep(self._moment(ends=True))
        else:
            self.transcript.close()
        self.transcript = transcript
        self._notes.clear()
        self.spending.forget()
        self.budget.begin_again()
        self.brain.forget()

    def _moment(self, *, ends: bool = False) -> Moment:
        return Moment(self.transcript, self.brain.remembered(), self.brain.title, ends)

    def _keep(self) -> None:
        if self._keeping is not None:
            self._keeping.keep(self._moment())

    def close(self) -> None:
        """Write what waits and end the model; works while PyMOL quits, without a loop."""
        self._flush()
        if self._keeping is not None:
            self._keeping.keep_now(self._moment())
        self.brain.kill()

    async def aclose(self) -> None:
        """As `close`, and connections to the model end in order."""
        self._flush()
        if self._keeping is not None:
            await self._keeping.idle()
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

    async def _with_context(self, text: str, selections: tuple[str, ...], files: tuple[str, ...]) -> str:
        attached = await self._mentioning.notes(text, selections, files)
        attached += _by_hand(await self._door.look_again())
        self.outgoing.wrote(text)
        notes, self._notes = [*self._notes, *attached], []  # only now: a selection that is gone must not lose them
        return _with_notes(notes, text)

    async def _note_by_hand(self) -> None:
        """The model is told next time; a step of the person's own is not refused for what they changed themselves."""
        self._notes += _by_hand(await self._door.look_again())

    async def _call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> ToolResult:
        assert self._turn is not None  # noqa: S101  # profiles call tools inside a turn only
        # Some models give the same id twice; cards and undo need to tell the steps apart.
        unique = call_id if call_id not in self._call_ids else f"{call_id}.{len(self._call_ids)}"
        self._call_ids.add(unique)
        result = await self._door.call(self._turn, unique, name, arguments)
        return result.model_copy(update={"said": await self._meanwhile.take()}) if self._meanwhile else result

    async def _heard(self, message: Message) -> str:
        """The model hears this now, in the middle of a turn."""
        text = self._without_keys(message.text)
        try:
            notes = await self._mentioning.notes(text, message.selections, message.files)
        except PymolcodeError as error:
            notes = [error.message]  # a selection that is gone must not end the turn
        self.outgoing.wrote(text)
        if self._turn is not None:
            self._tell(Steered(turn_id=self._turn.turn_id, text=text, attachments=message.titles))
        return _with_notes(notes, text)

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
