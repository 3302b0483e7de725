"""Keeps a chat beside its transcript after each turn: what the model remembers, and the scene; in the background."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .. import logs
from ..core.errors import GatewayClosed, SceneError
from ..core.events import Notice
from ..core.ports import SceneFilesPort
from ..core.scene import SceneFile
from ..core.tasks import spawn
from ..session import bundle
from ..session.bundle import KeptScene, Manifest, Role
from ..session.transcript import Transcript
from ..session.trust import Signer
from .profile import Emit

_log = logs.get("agent")
_TOO_LARGE = SceneFile(pse=b"")
_GONE = "The files of the chat that was open before are gone: they were deleted or moved meanwhile."


class SceneNow(SceneFilesPort, Protocol):
    """The scene as files, also while PyMOL quits."""

    def scene_file_now(self, *, unless: str = "") -> SceneFile | None:
        """See `scene.gateway.Gateway`."""
        ...


@dataclass(frozen=True)
class Moment:
    """A chat as it is now.

    Attributes:
        memory: Makes the file of what the model remembers; None where there is nothing of the kind.
        ends: Nothing is written to it after this.
    """

    transcript: Transcript
    memory: Callable[[], bytes] | None
    model: str = ""
    ends: bool = False


class Keeping:
    """Writes one moment after the other; of several that wait of one chat only the last.

    Args:
        scene: As files.
        signer: Signs what is written.
        tell: Told what cannot be kept, once a chat.
        created_by: Stands in what is written.
    """

    def __init__(self, scene: SceneNow, signer: Signer, tell: Emit, *, created_by: str = "") -> None:
        self.signer = signer
        self.scene = scene
        self._tell = tell
        self._created_by = created_by
        self._waiting: dict[Transcript, Moment] = {}
        self._task: asyncio.Task[None] | None = None
        self._marks: dict[Transcript, str] = {}  # of the scene as it was kept
        self._writing = threading.Lock()
        self._told: set[tuple[Transcript, str]] = set()

    def knows(self, transcript: Transcript, mark: str) -> None:
        """The scene of this chat is kept already, as it was then."""
        self._marks[transcript] = mark

    def keep(self, moment: Moment) -> None:
        """Keep it, soon."""
        if not moment.transcript.begun:
            return
        self._waiting[moment.transcript] = moment
        if self._task is None:
            self._task = spawn(self._keep_all(), name="keep the chat")

    async def idle(self) -> None:
        """Wait until nothing is left to keep."""
        while self._task is not None:
            await asyncio.wait({self._task})

    def keep_now(self, moment: Moment) -> None:
        """Keep it before this returns: PyMOL quits. Where it is in the middle of something, only what is remembered."""
        transcript = moment.transcript
        if not transcript.begun:
            return
        try:
            try:
                file = self.scene.scene_file_now(unless=self._mark(transcript))
            except SceneError:
                file = None
            self._write(moment, moment.memory() if moment.memory is not None else None, file)
        except Exception as error:  # noqa: BLE001  # border: nothing may keep PyMOL from quitting
            _log.warning("session.not_kept", kind=type(error).__name__)

    async def _keep_all(self) -> None:
        try:
            while self._waiting:
                transcript = next(iter(self._waiting))
                moment = self._waiting.pop(transcript)
                try:
                    await self._keep(moment)
                finally:
                    if moment.ends:
                        transcript.close()
                        self._marks.pop(transcript, None)
        finally:
            self._task = None

    async def _keep(self, moment: Moment) -> None:
        transcript = moment.transcript
        try:
            file = await self._scene_file(transcript)  # first: it is the scene of this moment
            memory = await asyncio.to_thread(moment.memory) if moment.memory is not None else None
            await asyncio.to_thread(self._write, moment, memory, file)
        except GatewayClosed:
            return
        except OSError as error:
            gone = moment.ends and not transcript.folder.exists()
            text = f"This chat's scene and memory cannot be kept: {error.strerror or error}."
            self._tell_once(transcript, _GONE if gone else text)
        except Exception as error:  # noqa: BLE001  # border: keeping a chat must never end it
            _log.warning("session.not_kept", kind=type(error).__name__)
            self._tell_once(transcript, f"This chat's scene and memory cannot be kept: {error}.")

    async def _scene_file(self, transcript: Transcript) -> SceneFile | None:
        """The scene where it is another than was kept; one that is too large is said, and the rest is kept."""
        try:
            return await self.scene.scene_file(unless=self._mark(transcript))
        except GatewayClosed:
            raise
        except SceneError as error:
            self._tell_once(transcript, f"{error.message} The chat is kept without it.")
            return _TOO_LARGE

    def _mark(self, transcript: Transcript) -> str:
        """Of the scene as it is kept; empty where what was kept is gone, and the scene has to be kept again."""
        return self._marks.get(transcript, "") if (transcript.folder / bundle.FILE).is_file() else ""

    def _write(self, moment: Moment, memory: bytes | None, file: SceneFile | None) -> None:
        """Blocking."""
        new: dict[Role, bytes | None] = {}
        scene = None
        if memory is not None:
            new["memory"] = memory
        if file is _TOO_LARGE:
            new |= {"scene": None, "settings": None}  # an older one would be taken for this one
            scene = KeptScene()
        elif file is not None:
            new |= {"scene": file.pse, "settings": file.settings}
            scene = KeptScene(
                mark=file.mark,
                n_objects=len(file.objects),
                n_atoms=file.n_atoms,
                objects=file.objects,
                pymol_version=file.pymol_version,
            )
        about = Manifest(model=moment.model, created_by=self._created_by)
        with self._writing:  # where PyMOL quits, a worker thread may be in the middle of it
            bundle.keep(moment.transcript.folder, new, self.signer, about=about, scene=scene)
        if file is not None:
            self._marks[moment.transcript] = file.mark

    def _tell_once(self, transcript: Transcript, text: str) -> None:
        if (transcript, text) not in self._told:
            self._told.add((transcript, text))
            self._tell(Notice(level="warning", text=text))
