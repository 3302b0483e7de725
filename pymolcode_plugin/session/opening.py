"""Opens a session that was kept: in its own folder, or as a copy where that is not ours to write in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from filelock import BaseFileLock

from ..core.errors import SessionError
from ..core.events import Event
from . import bundle, lock, reference
from .bundle import Saved
from .settled import settled
from .title import About, read_about, write_about
from .transcript import FILE, Transcript, new_folder
from .trust import Signer

_TRIES = 3  # while another PyMOL goes on writing what is copied


@dataclass(frozen=True)
class Opened:
    """A session that is ours to go on with.

    Attributes:
        origin: The folder that was opened; another than the transcript's where that is a copy.
        events: What was said, with an end for everything.
        saved: What was kept beside it; None where nothing was, or nothing of use.
        scene: Of the earlier pymolcode, which keeps none of the others.
        said: What its user should know, a sentence each.
    """

    origin: Path
    transcript: Transcript
    events: tuple[Event, ...]
    saved: Saved | None = None
    scene: bytes | None = None
    said: tuple[str, ...] = field(default=())


def opened(folder: Path, root: Path, signer: Signer) -> Opened:
    """Open a session; blocking.

    Args:
        folder: Of the session.
        root: Where a copy is made.
        signer: Recognises what this installation wrote.

    Raises:
        SessionError: There is none, or it cannot be opened.
    """
    if not folder.is_dir() or folder.is_symlink():
        raise SessionError("That session is gone.")
    said: list[str] = []
    try:
        saved = bundle.load(folder, signer)
    except SessionError as error:
        saved = None
        said.append(error.message)
    try:
        if reference.is_one(folder):
            return _of_reference(folder, root)
        transcript, why = _ours_to_write(folder, root, saved)
        events = settled(transcript.events())
        if transcript.folder != folder:
            said.append(why)
            saved = _copied_saved(transcript.folder, signer)
    except OSError as error:
        raise SessionError(f"The session cannot be opened: {error.strerror or error}.") from error
    return Opened(folder, transcript, events, saved, said=tuple(said))


def _ours_to_write(folder: Path, root: Path, saved: Saved | None) -> tuple[Transcript, str]:
    """The transcript in its folder, or a copy of it and why it is one."""
    if saved is not None and not saved.trusted and saved.manifest.kept:
        words = "This session was not written by this installation of pymolcode; a copy is open, and it stays as it is."
        return _copy(folder, root), words
    try:
        held = lock.take(folder)
    except OSError:  # no locks here, or not ours to write
        return _copy(folder, root), "This session's folder cannot be locked; a copy of it is open."
    if held is None:
        return _copy(folder, root), "This session is open in another PyMOL; a copy of it is open here."
    return _reopened(folder, held), ""


def _reopened(folder: Path, held: BaseFileLock) -> Transcript:
    try:
        return Transcript.reopened(folder, held)
    except OSError:
        held.release()
        raise


def _of_reference(folder: Path, root: Path) -> Opened:
    """A session of the earlier pymolcode becomes one of ours; its own files stay as they are."""
    events = reference.events(folder)
    if not events:
        raise SessionError("Nothing can be read of this session of the earlier pymolcode.")
    said = ["This session was kept by the earlier pymolcode; a copy of it is open."]
    scene = None
    try:
        scene = reference.scene(folder)
    except SessionError as error:
        said.append(error.message)
    transcript = Transcript(new_folder(root))
    for event in events:
        transcript.append(event)
    transcript.flush()
    write_about(transcript.folder, About(title=read_about(folder).title or reference.title(folder), origin=folder.name))
    return Opened(folder, transcript, settled(events), scene=scene, said=tuple(said))


def _copy(folder: Path, root: Path) -> Transcript:
    """A copy that names its origin, locked; whoever has the original may go on writing it."""
    transcript = Transcript(new_folder(root))
    target = transcript.make()
    try:
        for _ in range(_TRIES):
            _copy_kept(folder, target)
            if _is_whole(target):
                break
        shutil.copyfile(folder / FILE, target / FILE, follow_symlinks=False)
        images = folder / "images"
        if images.is_dir() and not images.is_symlink():
            shutil.copytree(images, target / "images", symlinks=True, dirs_exist_ok=True)
        write_about(target, About(title=read_about(folder).title, origin=folder.name))
    except OSError:
        transcript.close()
        shutil.rmtree(target, ignore_errors=True)
        raise
    return transcript.again()


def _copy_kept(folder: Path, target: Path) -> None:
    """The manifest first: files that it names stay until the next one names others."""
    source = folder / bundle.FILE
    if not source.is_file() or source.is_symlink():
        return
    shutil.copyfile(source, target / bundle.FILE)
    for path in folder.iterdir():
        if bundle.is_kept_file(path):
            shutil.copyfile(path, target / path.name)


def _is_whole(target: Path) -> bool:
    """Whether everything that the copied manifest names came along."""
    try:
        return bundle.names_whole_files(target)
    except SessionError:
        return True  # as damaged as the original


def _copied_saved(folder: Path, signer: Signer) -> Saved | None:
    try:
        return bundle.load(folder, signer)
    except SessionError:
        return None
