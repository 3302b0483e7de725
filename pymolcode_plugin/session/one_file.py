"""A session as one file, `NAME.pymolcode`: a zip of what is in its folder, for a colleague or another machine.

What comes out of such a file is a session of somebody else until this installation has kept it anew: its manifest is
copied, and says by its signature who wrote it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from .. import whole_files
from ..core.errors import SessionError
from . import bundle, reference
from .transcript import FILE, Transcript, new_folder

ENDING = ".pymolcode"
_NAME = re.compile(
    r"(?:transcript\.jsonl|manifest\.json|about\.json|images/[0-9a-f]{32}\.(?:png|jpg)|chat\.json|scene\.pse)"
)
_MAX_FILES = 10_000
_MAX_BYTES = 2 * 2**30
_MAX_RATIO = 200  # JSON and coordinates pack well, but not so well
_SMALL = 10 * 2**20
_CHUNK = 2**20


def write(folder: Path, target: Path) -> None:
    """Write a session into one file, whole or not at all; blocking.

    Raises:
        SessionError: Nothing was said in it, or the file cannot be written.
    """
    if not (folder / FILE).is_file():
        raise SessionError("There is nothing to save yet: nothing was said in this chat.")
    try:
        part = whole_files.begin(target)
        try:
            with zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                for path in _kept(folder):
                    archive.write(path, path.relative_to(folder).as_posix())
            whole_files.finish(part, target)
        finally:
            whole_files.discard(part)
    except OSError as error:
        raise SessionError(f"{target} cannot be written: {error.strerror or error}.") from error


def read(source: Path, root: Path) -> Path:
    """Unpack such a file into a new session's folder, and return that; blocking.

    Raises:
        SessionError: It is none, is damaged, or holds what no session does.
    """
    transcript = Transcript(new_folder(root))
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _checked(archive)
            folder = transcript.make()
            try:
                for entry in entries:
                    _extract(archive, entry, folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        raise SessionError(f"{source.name} cannot be opened as a chat: {_words(error)}.") from error
    finally:
        transcript.close()
    return folder


def _kept(folder: Path) -> Iterator[Path]:
    """The transcript last: what it names is there then, whoever writes it meanwhile."""
    for name in (bundle.FILE, "about.json"):
        if (folder / name).is_file():
            yield folder / name
    yield from (path for path in sorted(folder.iterdir()) if bundle.is_kept_file(path))
    with contextlib.suppress(FileNotFoundError):
        yield from (path for path in sorted((folder / "images").iterdir()) if path.suffix in (".png", ".jpg"))
    yield folder / FILE


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries, where all of them are a session's own and of a bearable size; nothing was unpacked yet."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MAX_FILES or sum(entry.file_size for entry in entries) > _MAX_BYTES:
        raise ValueError("it is too large")
    names = [entry.filename for entry in entries]
    for entry in entries:
        if not (_NAME.fullmatch(entry.filename) or bundle.is_kept_name(entry.filename)):
            raise ValueError(f"it holds {entry.filename[:80]!r}, which no chat does")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{entry.filename} is packed in an unusual way")
        if entry.file_size > _SMALL and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
            raise ValueError(f"{entry.filename} unpacks to too much")
    if len(set(names)) != len(names):
        raise ValueError("it holds a file twice")
    if FILE not in names and reference.CHAT not in names:
        raise ValueError("there is no chat in it")
    return entries


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """One entry, never more of it than it said; links and modes of the archive mean nothing here."""
    target = folder / entry.filename
    target.parent.mkdir(mode=0o700, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as packed, target.open("xb") as file:
        while data := packed.read(_CHUNK):
            left -= len(data)
            if left < 0:
                raise ValueError(f"{entry.filename} is larger than it says")
            file.write(data)


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
