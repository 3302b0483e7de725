"""Reads scripts with an anchor on every line, and edits them by those anchors: all edits or none.

Running a script is not done here: `@file` in run_pymol does, and asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from ..core.counting import counted
from ..core.errors import ToolFailed
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import anchors, files
from .anchors import Anchored, AnchorUnknown, Change, Op, Overlap
from .text_file import TextFile

_KINDS = frozenset({"pml", "py", "txt", "md"})
_MAX_BYTES = 1_000_000
_MAX_SHOWN_LINES = 400
_MAX_SHOWN_CHARS = 24_000
_MAX_LINE_CHARS = 400
_AROUND = 3
_MAX_PLACES = 4


class ReadScriptArgs(ToolArgs):
    """Read a .pml, .py, .txt or .md file; each line comes as `number:anchor|text`."""

    file: str = Field(min_length=1, max_length=1000)
    from_line: int = Field(default=1, ge=1)


class Edit(ToolArgs):
    """One edit; `end_anchor` ends a range of lines that goes."""

    op: Op
    anchor: str = Field(default="", max_length=2000)
    end_anchor: str = Field(default="", max_length=2000)
    text: str = Field(default="", max_length=_MAX_BYTES)


class EditScriptArgs(ToolArgs):
    """Edit a script by the anchors of read_script: all edits or none. A new file takes one insert_after, no anchor."""

    file: str = Field(min_length=1, max_length=1000)
    edits: list[Edit] = Field(min_length=1, max_length=100)


async def read_script(args: ReadScriptArgs, _context: Context) -> ToolResult:
    """Its lines, bounded in size.

    Raises:
        ToolFailed: No such file, no text, or too large.
    """
    path = _located(args.file)
    await asyncio.to_thread(_need_there, path)
    text = TextFile.read(await asyncio.to_thread(_bytes, path))
    start = args.from_line - 1
    if start >= len(text.lines):
        return ToolResult(text=f"{path.name} has {len(text.lines)} lines.")
    stop = _stop(text.lines, start)
    rows = Anchored(text.lines).shown(range(start, stop), max_chars=_MAX_LINE_CHARS)
    left = len(text.lines) - stop
    more = f"\n{left} more lines; go on with from_line={stop + 1}." if left else ""
    return ToolResult(text=f"{rows}{more}")


def _stop(lines: Sequence[str], start: int) -> int:
    n_chars, stop = 0, start
    while stop < min(len(lines), start + _MAX_SHOWN_LINES) and n_chars < _MAX_SHOWN_CHARS:
        n_chars += min(len(lines[stop]), _MAX_LINE_CHARS)
        stop += 1
    return stop


async def edit_script(args: EditScriptArgs, _context: Context) -> ToolResult:
    """Make every edit, or none.

    Raises:
        ToolFailed: An anchor is not there any more, edits touch the same line, or the file cannot be written;
            shows the lines as they are now.
    """
    return await asyncio.to_thread(_edit, _located(args.file), args.edits)


def _edit(path: Path, edits: Sequence[Edit]) -> ToolResult:
    if path.exists() and not path.is_file():
        raise ToolFailed(f"{path.name} is no ordinary file.")
    before = _bytes(path) if path.exists() else None
    text = TextFile.read(before or b"")
    changes = _changes(path, text, edits)
    try:
        lines = anchors.apply(text.lines, changes)
        endings = anchors.apply([*text.endings], [_of_endings(item) for item in changes])
    except Overlap as error:
        raise ToolFailed(f"Nothing was written: {error}.", hint="Make one edit of them.") from error
    data = text.written(lines, [ending or None for ending in endings])
    if len(data) > _MAX_BYTES:
        raise ToolFailed(f"Nothing was written: the file would be larger than {_MAX_BYTES / 1e6:.0f} MB.")
    if (_bytes(path) if path.exists() else None) != before:
        raise ToolFailed(f"Nothing was written: {path.name} was changed at the same moment.", hint="Read it again.")
    files.write(path, data)
    return _done(path, data, changes, is_new=before is None)


def _of_endings(item: Change) -> Change:
    return Change(item.start, item.stop, ("",) * len(item.lines))


def _changes(path: Path, text: TextFile, edits: Sequence[Edit]) -> list[Change]:
    """Every edit as lines of the file as it is now."""
    if not text.lines:
        return _first_lines(path, edits)
    anchored = Anchored(text.lines)
    changes, unknown, near = [], [], []
    for edit in edits:
        try:
            changes.append(anchored.change(edit.op, edit.anchor, edit.end_anchor, edit.text))
        except AnchorUnknown as error:
            unknown.append(str(error) if edit.anchor else "an edit of a file that is there needs an anchor")
            near.append(error.near)
        except ValueError as error:
            raise ToolFailed(f"Nothing was written: {error}.") from error
    if unknown:
        raise ToolFailed(
            f"Nothing was written: {'; '.join(dict.fromkeys(unknown))}. {path.name} is now:\n{_places(anchored, near)}",
            hint="\nTake the anchors from here or from read_script.",
        )
    return changes


def _first_lines(path: Path, edits: Sequence[Edit]) -> list[Change]:
    if len(edits) != 1 or edits[0].anchor or edits[0].end_anchor or not edits[0].op.startswith("insert"):
        there = "is empty" if path.exists() else "is not there"
        raise ToolFailed(
            f"Nothing was written: {path.name} {there}, so there is no line to edit.",
            hint="Write it with one insert_after without an anchor.",
        )
    return [Change(0, 0, tuple(anchors.split(edits[0].text)))]


def _places(anchored: Anchored, places: Sequence[int]) -> str:
    """The lines around some of them, each once."""
    wanted: set[int] = set()
    for at in places[:_MAX_PLACES]:
        at = min(at, len(anchored.lines) - 1)
        wanted |= set(range(max(0, at - _AROUND), min(len(anchored.lines), at + _AROUND + 1)))
    return anchored.shown(sorted(wanted), max_chars=_MAX_LINE_CHARS)


def _done(path: Path, data: bytes, changes: Sequence[Change], *, is_new: bool) -> ToolResult:
    """What is on disk now, with the anchors for going on."""
    if path.read_bytes() != data:
        raise ToolFailed(f"{path.name} was written, and is already different from that.", hint="Read it again.")
    lines = TextFile.read(data).lines
    n_gone, n_new = sum(item.stop - item.start for item in changes), sum(len(item.lines) for item in changes)
    head = f"{'Made' if is_new else 'Edited'} {path}: {len(lines)} lines now, {n_new} written, {n_gone} gone."
    places, moved = [], 0
    for item in sorted(changes, key=lambda item: item.start):
        places.append(item.start + moved + len(item.lines) // 2)
        moved += len(item.lines) - (item.stop - item.start)
    text = f"{head}\n{_places(Anchored(lines), places)}" if lines else head
    return ToolResult(text=text, files=(str(path),))


def _located(file: str) -> Path:
    path = files.located(file)
    if files.extension(path) not in _KINDS or path.suffix.lower()[1:] not in _KINDS:
        raise ToolFailed(f"{path.name} is no script or note.", hint="Only .pml, .py, .txt and .md files are edited.")
    return path


def _need_there(path: Path) -> None:
    if not path.is_file() or path.stat().st_size:  # an empty script is there all the same
        files.need_readable(path)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ToolFailed(f"{path.name} is larger than {_MAX_BYTES / 1e6:.0f} MB.")
        return path.read_bytes()
    except OSError as error:
        raise ToolFailed(f"{path.name} cannot be read: {error.strerror or error}.") from error


async def _assess_read(args: ReadScriptArgs, scene: ScenePort) -> Assessment:
    """Reading in the working folder changes nothing, so it may be done for a plan too."""
    found = await scene.assess_file(str(_located(args.file)), writes=False)
    return found if found.outside else Assessment()


async def _assess_edit(args: EditScriptArgs, scene: ScenePort) -> Assessment:
    path = _located(args.file)
    found = await scene.assess_file(str(path), writes=True)
    n = len(args.edits)
    effect = f"makes {counted(n, 'edit')} in {path.name}"
    return found.model_copy(
        update={"effects": (*found.effects, effect), "commands": found.commands or ("edit_script",)}
    )


READ_SCRIPT = Tool(
    "read_script",
    ReadScriptArgs,
    read_script,
    _assess_read,
    lambda args: f"Read {files.named(args.file)}",
    reveals=frozenset({Data.FILE_NAMES}),
)
EDIT_SCRIPT = Tool(
    "edit_script",
    EditScriptArgs,
    edit_script,
    _assess_edit,
    lambda args: f"Edit {files.named(args.file)}",
    reveals=frozenset({Data.FILE_NAMES}),
)
