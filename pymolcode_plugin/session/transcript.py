"""The chat on disk, one event a line, appended as it happens: PyMOL may end without a word at any moment."""

from __future__ import annotations

import datetime
import itertools
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..core.events import Event, TextDelta, ThinkingDelta

_FLUSH_AFTER_S = 1.0
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Transcript:
    """An append-only JSON Lines file of events.

    Pieces of text are joined and written after a second, before the next event of another kind, and by `flush`;
    reading joins them again.

    Args:
        folder: The session's own folder; made when the first event is written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "transcript.jsonl"
        self._joined: TextDelta | ThinkingDelta | None = None
        self._joined_since = 0.0

    def append(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, (TextDelta, ThinkingDelta)):
            self._join(event)
            return
        self.flush()
        self._write(event)

    def flush(self) -> None:
        """Write text that still waits for more of its kind."""
        if self._joined is not None:
            joined, self._joined = self._joined, None
            self._write(joined)

    def events(self) -> Iterator[Event]:
        """What was written, in order; a last line cut in the middle by a crash is left out."""
        return _joined(self._written())

    def _written(self) -> Iterator[Event]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    yield _EVENT.validate_json(line)
                except ValidationError:
                    continue

    def _join(self, event: TextDelta | ThinkingDelta) -> None:
        waiting = self._joined
        if waiting is not None and (waiting.kind, waiting.turn_id) == (event.kind, event.turn_id):
            self._joined = waiting.model_copy(update={"text": waiting.text + event.text})
        else:
            self.flush()
            self._joined, self._joined_since = event, time.monotonic()
        if time.monotonic() - self._joined_since > _FLUSH_AFTER_S:
            self.flush()

    def _write(self, event: Event) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_EVENT.dump_json(event).decode() + "\n")


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Neighbouring pieces of the same text as one."""
    for _, group in itertools.groupby(events, key=lambda event: (event.kind, getattr(event, "turn_id", ""))):
        pieces = list(group)
        first = pieces[0]
        if isinstance(first, (TextDelta, ThinkingDelta)):
            text = "".join(piece.text for piece in pieces if isinstance(piece, (TextDelta, ThinkingDelta)))
            yield first.model_copy(update={"text": text})
        else:
            yield from pieces


def new_folder(root: Path, now: datetime.datetime | None = None) -> Path:
    """A folder for a new session, named by its start so that names sort by time; not yet made."""
    start = now or datetime.datetime.now().astimezone()
    name = start.strftime("%Y-%m-%d_%H-%M-%S")
    candidates = (root / (name if number == 0 else f"{name}_{number}") for number in range(1000))
    return next(folder for folder in candidates if not folder.exists())
