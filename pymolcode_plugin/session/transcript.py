"""The chat on disk, one event a line, appended as it happens: PyMOL may end without a word at any moment."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import BaseFileLock
from pydantic import TypeAdapter, ValidationError

from ..core.events import Event, TextDelta, ThinkingDelta
from ..masking import masked
from . import lock, pictures

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_JOIN_S = 1.0  # what a killed PyMOL can lose of an answer
FILE = "transcript.jsonl"
_NAMES_PICTURES = f'"{pictures.KEY}":'


class Transcript:
    """An append-only JSON Lines file of events.

    Pieces of text are joined for a second, or until the next event of another kind, or `flush`. What the disk did
    not take is written with what comes next. Pictures are files beside it, written before the event that names them.

    Args:
        folder: The session's own folder; made when the first event is written, under another name where another
            PyMOL made it meanwhile, and locked until `close`. Where it is gone later, it is made anew; see `take_lost`.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock: BaseFileLock | None = None
        self._joined: TextDelta | ThinkingDelta | None = None
        self._joined_since = 0.0
        self._unwritten = ""
        self._n_bytes = 0
        self._made = False
        self._lost = False

    @classmethod
    def reopened(cls, folder: Path, held: BaseFileLock | None) -> Transcript:
        """Go on with the one of a session; a last line that a crash cut in the middle is overwritten.

        Args:
            folder: Of the session.
            held: Its lock; None where the file system has none.
        """
        transcript = cls(folder)
        transcript._lock, transcript._made = held, True
        transcript._n_bytes = _whole_lines(transcript.path)
        return transcript

    @property
    def folder(self) -> Path:
        """The session's own folder; there only once something was written."""
        return self.path.parent

    @property
    def begun(self) -> bool:
        """Whether there is anything of it on disk."""
        return self._made

    def make(self) -> Path:
        """Its folder, made before anything is written, e.g. to copy another session into it; raises OSError."""
        self._make_folder()
        return self.folder

    def take_lost(self) -> bool:
        """Whether its file was deleted or moved meanwhile, and is begun anew without what was in it; said once.

        Raises:
            OSError: Its folder is gone and cannot be made.
        """
        if self._made:
            self._make_folder()
        lost, self._lost = self._lost, False
        return lost

    def again(self) -> Transcript:
        """The same, after its file was written by somebody else."""
        held, self._lock = self._lock, None
        return Transcript.reopened(self.folder, held)

    def close(self) -> None:
        """Somebody else may go on with it; nothing is to be written any more."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def append(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, (TextDelta, ThinkingDelta)):
            self._join(event)
            return
        self.flush()
        self._write(event)

    def flush(self) -> None:
        """Write text that still waits for more of its kind, and what the disk refused before."""
        joined, self._joined = self._joined, None
        if joined is not None:
            self._write(joined)
        elif self._unwritten:
            self._write_lines("")

    def events(self) -> Iterator[Event]:
        """What was written, in order, pieces of a text joined; a last line cut in the middle by a crash is left out."""
        waiting: Event | None = None
        for event in self._lines():
            joined = _as_one(waiting, event)
            if joined is None and waiting is not None:
                yield waiting
            waiting = joined or event
        if waiting is not None:
            yield waiting

    def _lines(self) -> Iterator[Event]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                event = _event(line, self.folder)
                if event is not None:
                    yield event

    def _join(self, event: TextDelta | ThinkingDelta) -> None:
        joined = _as_one(self._joined, event)
        if joined is None:
            self.flush()
            self._joined_since = time.monotonic()
        self._joined = joined or event
        if time.monotonic() - self._joined_since > _JOIN_S:
            self.flush()
            self._joined_since = time.monotonic()

    def _write(self, event: Event) -> None:
        values = masked(event.model_dump())
        self._make_folder()
        names = pictures.kept(event, self.folder)
        if names:
            values[pictures.KEY] = names
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        # Models write surrogates, paired or alone, which UTF-8 has no place for.
        self._write_lines(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") + "\n")

    def _write_lines(self, lines: str) -> None:
        self._unwritten += lines
        self._make_folder()
        with self.path.open("ab") as file:
            file.truncate(self._n_bytes)  # the part of a line that a full disk still took
            file.write(self._unwritten.encode())
        self._n_bytes += len(self._unwritten.encode())
        self._unwritten = ""

    def _make_folder(self) -> None:
        folder = self.path.parent
        there = self._made and folder.is_dir()
        if there and (not self._n_bytes or self.path.exists()):
            return
        self._lost = self._lost or self._n_bytes > 0
        self._n_bytes = 0
        if there:
            return
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in itertools.count(1):
            try:
                self.path.parent.mkdir(mode=0o700)
            except FileExistsError:
                self.path = folder.with_name(f"{folder.name}_{number}") / self.path.name
            else:
                break
        self._made = True
        self.close()
        with contextlib.suppress(OSError):  # a file system without locks; folders still differ by their names
            self._lock = lock.take(self.folder)


def _event(line: str, folder: Path) -> Event | None:
    """One line as its event, pictures read back; None where it is none."""
    try:
        if _NAMES_PICTURES not in line:
            return _EVENT.validate_json(line)
        values = json.loads(line)
        names = values.pop(pictures.KEY, None)
        event = _EVENT.validate_python(values)
    except (ValidationError, ValueError, AttributeError):
        return None
    found = pictures.read(type(event), names, folder)
    return event.model_copy(update=found) if found else event


def _whole_lines(path: Path) -> int:
    """Bytes up to the end of the last whole line."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    return data.rfind(b"\n") + 1


def _as_one(first: Event | None, second: Event) -> TextDelta | ThinkingDelta | None:
    """Two pieces of the same text as one; None where they are not."""
    if isinstance(first, TextDelta) and isinstance(second, TextDelta) and first.turn_id == second.turn_id:
        return first.model_copy(update={"text": first.text + second.text})
    if isinstance(first, ThinkingDelta) and isinstance(second, ThinkingDelta) and first.turn_id == second.turn_id:
        return first.model_copy(update={"text": first.text + second.text})
    return None


def new_folder(root: Path, now: datetime.datetime | None = None) -> Path:
    """A folder for a new session, named by its start so that names sort by time; not yet made."""
    start = now or datetime.datetime.now().astimezone()
    name = start.strftime("%Y-%m-%d_%H-%M-%S")
    candidates = (root / (name if number == 0 else f"{name}_{number}") for number in range(1000))
    return next(folder for folder in candidates if not folder.exists())
