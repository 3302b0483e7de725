"""The chat on disk, one event a line, appended as it happens: PyMOL may end without a word at any moment."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..core.events import Event, TextDelta, ThinkingDelta

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Transcript:
    """An append-only JSON Lines file of events.

    Pieces of text are joined and written before the next event of another kind, and by `flush`.

    Args:
        folder: The session's own folder; made when the first event is written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "transcript.jsonl"
        self._joined: TextDelta | ThinkingDelta | None = None

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
            return
        self.flush()
        self._joined = event

    def _write(self, event: Event) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_EVENT.dump_json(event).decode() + "\n")


def new_folder(root: Path, now: datetime.datetime | None = None) -> Path:
    """A folder for a new session, named by its start so that names sort by time; not yet made."""
    start = now or datetime.datetime.now().astimezone()
    name = start.strftime("%Y-%m-%d_%H-%M-%S")
    candidates = (root / (name if number == 0 else f"{name}_{number}") for number in range(1000))
    return next(folder for folder in candidates if not folder.exists())
