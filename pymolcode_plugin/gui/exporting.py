"""The command /export: where to, which files, how it goes, and what came of it."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, get_args

from ..agent.conversation import Conversation
from ..core.counting import counted
from ..core.errors import PymolcodeError
from ..core.events import Event, TurnStarted
from ..core.ports import HistoryPort, ScenePort
from ..core.replaying import ReplayPort, ScriptKind
from ..core.version import version
from ..databases.fetch import cache_folder
from ..session.export.documents import DOCUMENTS, write_documents
from ..session.export.exporter import SCRIPTS, Chat, Exported, export_scripts, path_of, stem_of
from ..session.export.plan import Place
from ..session.export.story import story
from ..session.title import of_request, read_about
from .controller import Controller
from .dock import AgentDock
from .export_card import Answer, ExportCard, folder_dialog
from .slash import SlashCommand
from .web import open_file

_KINDS = (*SCRIPTS, *DOCUMENTS)
_WORDS = f"[{'|'.join((*_KINDS, 'all'))}] [FOLDER]"
_MAX_NUMBER = 1000


class Wanted(NamedTuple):
    """What was typed after the command."""

    kinds: tuple[str, ...]
    folder: str


def wanted(rest: str) -> Wanted:
    """The kinds of files and the folder; everything where no kind is named."""
    first, _, others = rest.partition(" ")
    if first in _KINDS:
        return Wanted((first,), others.strip())
    if first == "all":
        return Wanted(_KINDS, others.strip())
    return Wanted(_KINDS, rest.strip())


class SceneForExport(ScenePort, HistoryPort, Protocol):
    """What is read of the scene, and kept of it; the gateway is one."""

    @property
    def replaying(self) -> ReplayPort:
        """Captures scenes and replays scripts."""
        ...


class Exporting:
    """Runs one export at a time, from the command to the card.

    Args:
        controller: Knows the chat, and is busy meanwhile.
        dock: Where the card goes.
        scene: What is exported.
    """

    def __init__(self, controller: Controller, dock: AgentDock, scene: SceneForExport) -> None:
        self._controller = controller
        self._dock = dock
        self._scene = scene
        self._dialog: object = None  # Qt deletes a window that nobody holds
        controller.commands.add(
            SlashCommand("export", "write what was done as files, and see that the scripts replay", self.start, _WORDS)
        )

    def start(self, rest: str = "") -> None:
        """The command; asks for the folder where none is named."""
        conversation = self._controller.conversation
        if conversation is None:
            return
        conversation.transcript.flush()
        if not any(isinstance(event, TurnStarted) for event in conversation.transcript.events()):
            self._controller.say("There is nothing to export yet: nothing was asked in this chat.")
            return
        given = wanted(rest)
        if given.folder:
            self._begin(conversation, given.kinds, Path(given.folder).expanduser())
            return
        dialog = folder_dialog(self._dock, str(Path.cwd()))
        dialog.fileSelected.connect(lambda folder: self._begin(conversation, given.kinds, Path(folder)))
        dialog.show()
        self._dialog = dialog

    def _begin(self, conversation: Conversation, kinds: Sequence[str], folder: Path) -> None:
        card = ExportCard()
        card.answered.connect(lambda _answer: self._dock.composer.setFocus())
        self._dock.transcript.add_card(card)
        run = _Run(conversation, self._scene, card, kinds, Path.cwd() / folder)
        task = self._controller.run_alone(run.go(), name="export")
        if task is not None:
            card.cancelled.connect(task.cancel)
        else:
            card.show_result("failed", "Still working; export when it is done.", (), ())


class _Run:
    """One export."""

    def __init__(
        self, conversation: Conversation, scene: SceneForExport, card: ExportCard, kinds: Sequence[str], folder: Path
    ) -> None:
        self._conversation = conversation
        self._scene = scene
        self._card = card
        self._kinds = kinds
        self._folder = folder
        self._events: list[Event] = []
        card.folder_requested.connect(lambda: open_file(folder))

    async def go(self) -> None:
        try:
            await self._go()
        except asyncio.CancelledError:
            self._card.show_result("failed", "Stopped; what was written until then stays.", (), ())
            raise
        except PymolcodeError as error:
            self._card.show_result("failed", error.message, (error.hint,) if error.hint else (), ())
        except OSError as error:
            self._card.show_result("failed", f"{self._folder}: {error.strerror or error}.", (), ())

    async def _go(self) -> None:
        self._card.show_progress("Reading what was done …")
        self._events = await asyncio.to_thread(lambda: list(self._conversation.transcript.events()))
        title = await asyncio.to_thread(self._title)
        await asyncio.to_thread(lambda: self._folder.mkdir(parents=True, exist_ok=True))
        stem = await self._stem(stem_of(title))
        if stem is None:
            self._card.show_result("written", "Nothing was written.", (), ())
            return
        now = await self._scene.keep()
        try:
            about = self._about()
            chat = Chat(title, self._events, self._conversation.undoing.kept_steps, now, about)
            place = Place(self._folder, stem, cache_folder())
            scripts = tuple(kind for kind in get_args(ScriptKind) if kind in self._kinds)
            done = None
            if scripts:
                port = self._scene.replaying
                done = await export_scripts(chat, scripts, port, place, progress=self._card.show_progress)
            documents = [kind for kind in DOCUMENTS if kind in self._kinds]
            self._card.show_progress("Writing …")
            files = await write_documents(chat, documents, self._scene, self._scene.replaying, place)
        finally:
            await self._scene.forget([now.number])
        self._card.show_result(*_told(done, files, self._folder))

    def _title(self) -> str:
        requests = story(self._events)
        first = requests[0].text if requests else ""
        return read_about(self._conversation.transcript.folder).title or of_request(first)

    async def _stem(self, stem: str) -> str | None:
        """A name under which nothing is lost; None where nothing is to be written."""
        there = await asyncio.to_thread(self._there, stem)
        if not there:
            return stem
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._card.answered.connect(lambda text: None if answer.done() else answer.set_result(text))
        self._card.ask([f"In {self._folder}:", *(path.name for path in there)])
        said = await answer
        if said == "cancel":
            return None
        if said == "replace":
            return stem
        numbered = (f"{stem}-{number}" for number in range(2, _MAX_NUMBER))
        return next(name for name in numbered if not self._there(name))

    def _there(self, stem: str) -> list[Path]:
        """Files that the export would write over."""
        beside = [self._folder / f"{stem}-start.pse", *self._folder.glob(f"{stem}-by-hand-*.pse")]
        mine = [path_of(self._folder, stem, kind) for kind in self._kinds]
        is_script = any(kind in SCRIPTS for kind in self._kinds)
        return [path for path in (*mine, *(beside if is_script else ())) if path.exists()]

    def _about(self) -> tuple[str, ...]:
        when = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        return (
            f"Made by pymolcode {version()} on {when}, from a chat with {self._conversation.brain.title}.",
            f"The working folder was {Path.cwd()}.",
        )


def _told(done: Exported | None, files: Sequence[str], folder: Path) -> tuple[str, str, list[str], list[str]]:
    """Outcome, sentence, details and files for the card."""
    everything = [f"In {folder}:", *(Path(path).name for path in (*(done.files if done else ()), *files))]
    if done is None:
        return "written", f"Wrote {counted(len(files), 'file')}.", [], everything
    details: list[str] = []
    for path, proof in done.proofs.items():
        name = Path(path).name
        details += [f"{name}: {text}" for text in (*proof.differences, *(f"PyMOL said: {e}" for e in proof.errors))]
    details += [f"by hand, and in the scripts: {text}" for text in done.plan.by_hand if text not in done.plan.not_said]
    details += [f"by hand, no command says it, so the scene is loaded: {text}" for text in done.plan.not_said]
    if done.exact:
        return "exact", "Replays exactly: the same scene and camera in a fresh PyMOL.", details, everything
    bad = [Path(path).name for path, proof in done.proofs.items() if not proof.exact]
    return "differs", f"Written, but {', '.join(bad)} replays with differences:", details, everything
