"""One chat and its turns; fronts give it text and listen to its events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from .. import logs
from ..config import paths, settings
from ..core.attachments import Message, Picture
from ..core.errors import ConfigError
from ..core.events import Event, ModelState, Notice, Steered, TurnFinished, UsageTold
from ..core.mentions import Mentionable
from ..core.ports import HistoryPort, PersonPort, ScenePort
from ..core.risk import Risk
from ..core.scene import HostFacts
from ..core.tasks import spawn
from ..core.tool import Tool, ToolResult
from ..masking import mask
from ..session.transcript import Transcript
from ..tools.catalogue import Catalogue
from .approvals import Policy, Rules
from .brain import Brain
from .budget import Budget
from .chat_record import ChatRecord
from .door import Door, Turn
from .keeping import Keeping
from .meanwhile import Meanwhile
from .mentioning import Mentioning
from .notes import Notes
from .outgoing import Outgoing
from .own_steps import OwnStep, of_code, run_turn
from .pointing import Pointing
from .reopening import WITHOUT_SCENE, BringingScene, Reopened
from .spending import Spending
from .told_turn import ToldTurn, stopped
from .undoing import Undoing

_log = logs.get("agent")


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
        self._listen = listen
        self._person = person
        self._numbers = itertools.count(1)
        self._turn: Turn | None = None
        self._meanwhile = Meanwhile(self._heard)
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
        self._mentioning = Mentioning(scene)
        self._notes = Notes(self._mentioning, self._door.look_again)
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
        self.record = ChatRecord(sessions_folder, keeping, self.brain, listen)
        self.undoing = Undoing(self._door, self._notes, self.record, self._tell)

    @property
    def transcript(self) -> Transcript:
        """Of the chat that is open."""
        return self.record.transcript

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
        told = ToldTurn(f"turn{next(self._numbers)}", self._tell, self.spending)
        self._turn = Turn(told.turn_id, told.emit)
        message = Message(text=self._without_keys(text), selections=selections, images=images, files=files)
        pictures = tuple(item.data for item in images)
        told.begin(message.text, model=self.brain.title, attachments=message.titles, images=pictures)
        try:
            await self.brain.run(told.turn_id, await self._begun(message), told.emit, images)
        except asyncio.CancelledError:
            self._finish(told.end("stopped", stopped(undoable=self._door.can_undo(told.turn_id))))
            raise
        except Exception as error:  # noqa: BLE001  # border: a turn ends with a message, whatever failed
            explained = self.brain.explain(error)
            _log.warning("turn.failed", kind=type(error).__name__)
            return self._finish(told.end("failed", explained.message, self.brain.signs_in(explained)))
        finally:
            self._turn = None
            self.record.keep()
            self._meanwhile.clear()
        return self._finish(told.end("done"))

    def _finish(self, end: TurnFinished) -> TurnFinished:
        self.record.flush()
        _log.info("turn.finished", stop_reason=end.stop_reason, duration_s=round(end.usage.seconds, 2))
        return end

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
        told = ToldTurn(f"turn{next(self._numbers)}", self._tell, self.spending)
        self._turn = Turn(told.turn_id, self._tell, step.granted)

        async def run() -> ToolResult:
            await self._notes.add_by_hand()  # else the door would refuse it as planned before
            return await self._call_tool(f"{told.turn_id}.{step.tool}", step.tool, step.arguments)

        try:
            result = await run_turn(step, told, run, lambda: self._door.can_undo(told.turn_id))
        finally:
            self._turn = None
            self.record.flush()
            self.record.keep()
        self._notes.add(step.note(result))
        return result

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

    def new_chat(self) -> None:
        """Begin anew: an empty history and a transcript of its own; the scene stays."""
        self._begin()

    async def reopen(self, folder: Path) -> Reopened:
        """Go on with a chat that was kept; the scene stays until `bring_scene`.

        Raises:
            SessionError: It cannot be opened, and the chat stays the one it was.
        """
        reopened = await self.record.reopened(folder)
        self._begin(reopened.transcript)
        # Undo goes by the ids of turns, and knows those of the chat before too.
        self._numbers = itertools.count(max(next(self._numbers), reopened.n_turns + 1))
        self._call_ids |= reopened.call_ids
        self.spending.session = reopened.spent
        self._notes.add(*reopened.notes)
        if reopened.memory is not None:
            self.brain.remind(reopened.memory)
        return reopened

    async def bring_scene(self, reopened: Reopened) -> None:
        """The scene as it was when that chat ended; Undo brings back the one it replaces. Told, not raised."""
        keeping = self.record.keeping
        if keeping is not None:
            # Listened to, not written down: it belongs to this opening, and not to the chat.
            bringing = BringingScene(self._door, self._person, self._listen, keeping)
            if not await bringing.bring(reopened):
                self._notes.add(WITHOUT_SCENE)
            self.record.keep()

    def _begin(self, transcript: Transcript | None = None) -> None:
        self.record.begin(transcript)
        self._notes.clear()
        self.spending.forget()
        self.budget.begin_again()
        self.brain.forget()

    def close(self) -> None:
        """Write what waits and end the model; works while PyMOL quits, without a loop."""
        self.record.close()
        self.brain.kill()

    async def aclose(self) -> None:
        """As `close`, and connections to the model end in order."""
        self.record.flush()
        await self.record.idle()
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

    async def _begun(self, message: Message) -> str:
        """The model is about to hear this, which begins a turn."""
        text = await self._notes.before(message)
        self.outgoing.wrote(message.text)
        return text

    async def _call_tool(self, call_id: str, name: str, arguments: dict[str, Any]) -> ToolResult:
        assert self._turn is not None  # noqa: S101  # profiles call tools inside a turn only
        # Some models give the same id twice; cards and undo need to tell the steps apart.
        unique = call_id if call_id not in self._call_ids else f"{call_id}.{len(self._call_ids)}"
        self._call_ids.add(unique)
        result = await self._door.call(self._turn, unique, name, arguments)
        return result.model_copy(update={"said": await self._meanwhile.take()}) if self._meanwhile else result

    async def _heard(self, message: Message) -> str:
        """The model hears this now, in the middle of a turn."""
        message = message.model_copy(update={"text": self._without_keys(message.text)})
        text = await self._notes.within(message)
        self.outgoing.wrote(message.text)
        if self._turn is not None:
            self._tell(Steered(turn_id=self._turn.turn_id, text=message.text, attachments=message.titles))
        return text

    def _tell(self, event: Event) -> None:
        if not isinstance(event, (ModelState, UsageTold)):
            self.record.append(event)
        self._listen(event)
