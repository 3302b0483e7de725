"""Finding in the transcript: what is typed in its bar becomes a search, and what was found is shown and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .find_bar import FindBar
from .finder import Finder, Match
from .qt import QtCore
from .rows import ChatRow

if TYPE_CHECKING:
    from .transcript import Transcript

_SLICE_S = 0.010
_LIMIT_S = 0.5  # of looking further when the next one is wanted at once
_PAUSE_MS = 120  # after a letter, another may come


class Finding:
    """The search of one transcript, in a bar over its upper edge.

    Args:
        transcript: Whose rows are searched.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.bar = FindBar(transcript)
        self.bar.hide()
        self._finder = Finder((), "")
        self._rows: list[ChatRow] = []
        self._current: Match | None = None
        self._marked: ChatRow | None = None
        self._timer = QtCore.QTimer(self.bar)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.bar.changed.connect(self._on_bar_changed)
        self.bar.moved.connect(self.move)
        self.bar.closed.connect(self.close)

    def open(self) -> None:
        """Show the bar and put the cursor in it; what was looked for last is there, selected."""
        if not self._transcript.rows:
            return
        self.bar.show()
        height = self.bar.sizeHint().height()
        self._transcript.make_room(height)
        self.fit()
        self.bar.field.setFocus()
        self.bar.field.selectAll()
        if self.bar.field.text():
            self._begin()

    def fit(self) -> None:
        """The transcript has another width."""
        self.bar.setGeometry(0, 0, self._transcript.width(), self.bar.sizeHint().height())

    def close(self) -> None:
        """Put everything away."""
        self._timer.stop()
        self._unmark()
        self.bar.hide()
        self._transcript.make_room(0)
        self._transcript.focus_released.emit()

    def move(self, step: int) -> None:
        """To the next match, or the one before; round at the ends."""
        if not self._is_current():
            self._begin()
        was_shown = self._current
        self._look(_LIMIT_S)
        matches = self._finder.matches
        if was_shown in matches:
            self._show(matches[(matches.index(was_shown) + step) % len(matches)])

    def _begin(self) -> None:
        self._unmark()
        self._current = None
        self._rows = [row for row in self._transcript.rows if isinstance(row, ChatRow)]
        self._finder = Finder(self._rows, self.bar.field.text(), self._transcript.first_seen())
        self._timer.start(0)

    def _is_current(self) -> bool:
        """Whether the rows are still those that were searched."""
        return self._rows == self._transcript.rows

    def _look(self, seconds: float) -> None:
        self._finder.look(seconds)
        first = self._finder.first
        if self._current is None and first is not None:
            self._show(first)
        else:
            self._count()

    def _show(self, match: Match) -> None:
        row = self._rows[match.number]
        if self._marked is not row:
            self._unmark()
        self._current, self._marked = match, row
        self._transcript.reveal(row)
        same = [other for other in self._finder.matches if other.number == match.number]
        row.mark([(other.start, other.length) for other in same], same.index(match))
        self._count()

    def _count(self) -> None:
        matches = self._finder.matches
        at = matches.index(self._current) + 1 if self._current in matches else 0
        self.bar.show_found(at, len(matches), goes_on=not self._finder.is_done)

    def _unmark(self) -> None:
        if self._marked is not None:
            self._marked.mark((), -1)
            self._marked = None

    def _on_bar_changed(self, _words: str) -> None:
        self._finder = Finder((), "")
        self._unmark()
        self.bar.show_found(0, 0, goes_on=bool(self.bar.field.text()))
        self._rows = []
        self._timer.start(_PAUSE_MS)

    def _on_timer_timeout(self) -> None:
        if not self._is_current():
            self._begin()
            return
        self._look(_SLICE_S)
        if not self._finder.is_done:
            self._timer.start(0)
