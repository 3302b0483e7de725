"""Writes what a chat did as files, and says of each script whether it makes the same scene again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ... import whole_files
from ...core.errors import SceneError
from ...core.events import Event
from ...core.replaying import KeptStep, Proof, ReplayPort, ScriptKind
from ...core.scene import SceneMark
from ...masking import mask
from .plan import Place, Plan, plan
from .scripts import written
from .story import story

SCRIPTS: tuple[ScriptKind, ...] = ("pml", "py", "ipynb")
_AT_ONCE = 2  # PyMOLs beside this one
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Chat:
    """What is exported.

    Attributes:
        title: Of the chat, for the first line and the names of files.
        events: All of it, in order.
        kept: Its steps that changed the scene, as far as their states are kept.
        now: The scene at the end.
        about: Lines that say with what and when it was made.
    """

    title: str
    events: Sequence[Event]
    kept: Sequence[KeptStep]
    now: SceneMark
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """Scripts that were written.

    Attributes:
        files: Full paths, the scripts first.
        proofs: By the script's full path; those of a replay that could not run say why.
    """

    plan: Plan
    files: tuple[str, ...]
    proofs: dict[str, Proof]

    @property
    def exact(self) -> bool:
        """Every script makes the same scene again."""
        return all(proof.exact for proof in self.proofs.values())


def stem_of(title: str) -> str:
    """A name for files: letters and digits of the title; never empty, never with what a command line splits at."""
    return _UNSAFE.sub("-", title).strip("-.")[:60] or "chat"


def path_of(folder: Path, stem: str, kind: str) -> Path:
    """Where a file of an export goes."""
    return folder / (f"{stem}-methods.txt" if kind == "methods" else f"{stem}.{kind}")


async def export_scripts(
    chat: Chat,
    kinds: Sequence[ScriptKind],
    port: ReplayPort,
    place: Place,
    *,
    progress: Callable[[str], None] = lambda _text: None,
) -> Exported:
    """Write the scripts and replay each in a fresh PyMOL; cancelling leaves what was written.

    Raises:
        SceneError: A state of the scene is gone, or a file cannot be written.
    """
    progress("Reading what was done …")
    planned = await plan(story(chat.events), chat.kept, chat.now, port, place)
    paths = [path_of(place.folder, place.stem, kind) for kind in kinds]
    for path, kind in zip(paths, kinds, strict=True):
        progress(f"Writing {path.name} …")
        await write_text(path, written(planned, kind, chat.title, chat.about))
    progress(f"Replaying {', '.join(path.name for path in paths)} in a fresh PyMOL …")
    turn = asyncio.Semaphore(_AT_ONCE)
    proved = await asyncio.gather(
        *(_proved(port, path, kind, chat.now, turn) for path, kind in zip(paths, kinds, strict=True))
    )
    proofs = dict(zip(map(str, paths), proved, strict=True))
    return Exported(planned, (*map(str, paths), *planned.files), proofs)


async def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, without keys.

    Raises:
        SceneError: It cannot be written.
    """
    try:
        await asyncio.to_thread(whole_files.write, path, mask(text).encode("utf-8", "replace"))
    except OSError as error:
        raise SceneError(f"{path} cannot be written: {error.strerror or error}.") from error


async def _proved(port: ReplayPort, path: Path, kind: ScriptKind, now: SceneMark, turn: asyncio.Semaphore) -> Proof:
    try:
        async with turn:
            return await port.prove(path, kind, now.number)
    except SceneError as error:
        return Proof(exact=False, differences=(f"It could not be replayed: {error.message}",))
