"""Files on the user's disk, as the tools see them: where a name leads, what is like it, and writing all or nothing."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from .. import whole_files
from ..core.errors import ToolFailed

_MAX_SIMILAR = 5
_COMPRESSIONS = (".gz", ".bz2")


def located(text: str) -> Path:
    """The absolute path that a name means, from the working folder on; links are left as they are.

    Raises:
        ToolFailed: It is no name of a file.
    """
    if any(ord(character) < ord(" ") for character in text.strip()):
        raise ToolFailed("A file's name cannot hold line breaks or control characters.")
    return Path(os.path.abspath(Path(text.strip()).expanduser()))  # noqa: PTH100  # resolve() would follow links


def named(text: str) -> str:
    """A file in a title: without the folders, which would take the room; the question and the details have them."""
    return Path(text.strip()).name or text


def extension(path: Path) -> str:
    """In lower case, without the dot and without a compression's, e.g. `pdb` of `1abc.pdb.gz`."""
    return _unpacked(path).suffix.lower().removeprefix(".")


def stem(path: Path) -> str:
    """The name without extension and compression."""
    return _unpacked(path).stem


def _unpacked(path: Path) -> Path:
    """The name without a compression's ending."""
    name = path.name
    for compression in _COMPRESSIONS:
        name = name.removesuffix(compression)
    return Path(name)


def need_readable(path: Path) -> None:
    """Raises ToolFailed where there is no such file, or nothing in it; says what is there instead."""
    try:
        if path.is_dir():
            raise ToolFailed(f"{path} is a folder.", hint=_there(path, ""))
        if not path.exists():
            raise ToolFailed(f"There is no file {path.name} in {path.parent}.", hint=_there(path.parent, path.name))
        if not path.is_file():
            raise ToolFailed(f"{path.name} is no ordinary file.")  # a pipe would be waited for without end
        if not path.stat().st_size:
            raise ToolFailed(f"{path.name} is empty.")
    except OSError as error:
        raise ToolFailed(f"{path.name[:100]} cannot be read: {error.strerror or error}.") from error
    if not os.access(path, os.R_OK):
        raise ToolFailed(f"{path.name} may not be read.")


def need_plain(path: Path) -> None:
    """Raises ToolFailed for a path that PyMOL would read as another one: it puts in variables of the environment."""
    text = str(path)
    if os.path.expandvars(text) != text:
        raise ToolFailed(f"PyMOL would read `{text}` as `{os.path.expandvars(text)}`.", hint="Rename the file first.")


def _there(folder: Path, name: str) -> str:
    """Names like the one asked for, or the first ones."""
    try:
        names = sorted(item.name for item in folder.iterdir() if not item.name.startswith("."))
    except OSError:
        return "There is no such folder, or it may not be read."
    by_lower = {item.lower(): item for item in names}
    close = [by_lower[item] for item in difflib.get_close_matches(name.lower(), by_lower, n=_MAX_SIMILAR, cutoff=0.5)]
    if close:
        return f"There is {', '.join(close)}."
    more = f" and {len(names) - _MAX_SIMILAR} more" if len(names) > _MAX_SIMILAR else ""
    return f"There is {', '.join(names[:_MAX_SIMILAR])}{more}." if names else "The folder is empty."


@contextlib.asynccontextmanager
async def replacing(path: Path) -> AsyncIterator[Path]:
    """A file in the same folder to write to; it takes the place of `path` at the end, or is gone after a failure.

    Raises:
        ToolFailed: The folder is not there or may not be written.
    """
    part = await asyncio.to_thread(_begin, path)
    try:
        yield part
        with _said(path):
            await asyncio.to_thread(whole_files.finish, part, path)
    finally:
        await asyncio.shield(asyncio.to_thread(whole_files.discard, part))


def write(path: Path, data: bytes) -> None:
    """Write all of it or nothing; blocking, so use a worker thread.

    Raises:
        ToolFailed: It cannot be written; an older file is as it was.
    """
    part = _begin(path)
    try:
        with _said(path):
            part.write_bytes(data)
            whole_files.finish(part, path)
    finally:
        whole_files.discard(part)


def _begin(path: Path) -> Path:
    try:
        return whole_files.begin(path)
    except OSError as error:
        raise ToolFailed(f"{path.resolve().parent} cannot be written: {error.strerror or error}.") from error


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ToolFailed(f"{path.name} could not be written: {error.strerror or error}.") from error
