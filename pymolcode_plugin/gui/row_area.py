"""A long list of rows of which only those near what is seen have widgets; knows nothing of chats.

Heights of rows without a widget are estimated. When a widget is made and turns out higher or lower, the row at the
top of what is seen stays where it is, so nothing jumps. A thousand widgets in a layout would cost every change of
one of them, every resize and every change of the palette the time of all.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from .heights import Heights
from .qt import QtCore, QtGui, QtWidgets, Signal
from .row import Metrics, Row
from .row_widgets import focusable, holds, leave_menu_to_area, settled_height

_MARGIN_PX = 9
_SLICE_S = 0.006  # of building ahead, then the window has its turn
_SEEN_SLICE_S = 0.012  # of building what is to be seen, while what was seen before stays
_BLANK_SLICE_S = 0.030  # of building it where what is not built is blank
_PATIENCE_S = 0.100  # that what was seen stays, while what comes in its place is built
_MAX_RELEASED = 8  # widgets that are let go at once
_AHEAD_PX, _KEPT_PX = 900, 4000  # built beyond what is seen; let go beyond that
_MIN_VIEW_PX = 300
_FEW, _MANY = 40, 250  # widgets that are never too many; that are too many also while others are made
_OTHER_WIDTH = 0.25  # a change from which on estimates are made anew
_SETTLING = 3  # times that what is brought into view may turn out to stand elsewhere


class _Inside(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """Holds the widgets.

    Signals:
        settled_anew: A widget inside wants another height.
    """

    settled_anew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transcript")

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.LayoutRequest:
            self.settled_anew.emit()
        return bool(super().event(event))


class RowArea(QtWidgets.QScrollArea):  # type: ignore[misc]
    """The list, newest below; follows the end while the reader is there.

    Signals:
        settled: Everything near what is seen is made.
    """

    settled = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows: list[Row] = []
        self._heights = Heights(_MARGIN_PX)
        self._inside = _Inside()
        self.setWidget(self._inside)
        self._built: list[Row] = []
        self._at_bottom = True
        self._placing = False
        self._waits_since: float | None = None  # with what was seen before still on screen
        self._estimated_at = 0
        self._later = QtCore.QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._on_later_timeout)
        self._inside.settled_anew.connect(self._on_inside_settled_anew)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Put rows at the end; their widgets are made where they are seen."""
        self.extend_unseen(rows)
        self.place()

    def extend_unseen(self, rows: Sequence[Row]) -> None:
        """Put rows at the end without looking; `place` has to follow."""
        self._splice(len(self.rows), len(self.rows), rows)

    def prepend(self, rows: Sequence[Row]) -> None:
        """Put rows above all others; what is seen stays where it is."""
        anchor = self._anchor()
        self._splice(0, 0, rows)
        self._place(None if anchor is None else (anchor[0] + len(rows), anchor[1]), may_wait=not self._built)

    def replace(self, old: Sequence[Row], new: Sequence[Row]) -> None:
        """Others in the place of rows that stand together."""
        at = old[0].number
        self._splice(at, at + len(old), new)
        for row in old:
            self._let_go(row)
        self.place()

    def remove_all(self) -> None:
        """An empty list."""
        for row in [*self._built]:
            self._let_go(row)
        self._splice(0, len(self.rows), ())
        self._at_bottom = True
        self.place()

    def changed(self, row: Row) -> None:
        """A row's content is another."""
        row.measured_at = 0
        if row.widget is None:
            self._set_height(row, row.estimate(self._inner_width, self._metrics()))
        self.place()

    def to_end(self) -> None:
        """Scroll to the end, and stay there."""
        self._at_bottom = True
        self.place()

    def reveal(self, row: Row) -> None:
        """Bring a row into view, its widget made."""
        self._at_bottom = False
        if row.widget is None:
            self._measure(row, self._inner_width)
        for _ in range(_SETTLING):
            top, view = self._heights.top(row.number), self.viewport().height()
            value = self.verticalScrollBar().value()
            if not (value <= top and top + min(row.height, view // 2) <= value + view):
                value = max(0, top - view // 4)
            self._place(anchor=(row.number, top - value))

    def first_seen(self) -> int:
        """The number of the row at the top of what is seen; 0 where there is none."""
        return max(0, self._heights.at(self.verticalScrollBar().value()))

    def make_room(self, height: int) -> None:
        """Leave so many pixels above what scrolls."""
        self.setViewportMargins(0, height, 0, 0)

    def row_at(self, place: QtCore.QPoint) -> Any:  # noqa: ANN401  # a row of whoever added it
        """The row at a place of the screen; None where there is none."""
        number = self._heights.at(self._inside.mapFromGlobal(place).y())
        return self.rows[number] if number >= 0 else None

    def place(self) -> None:
        """Make what is seen, and put everything in its place."""
        self._place(anchor=None)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Nothing yet: Qt would move what is inside at once, also where no widget is made; see `_arrange`."""

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, other heights."""
        super().resizeEvent(event)
        width = self._inner_width
        if abs(width - self._estimated_at) > _OTHER_WIDTH * width:
            self._estimate_again()
        self.place()

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Sizes are right from now on."""
        super().showEvent(event)
        self._measure_again()
        self.place()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Another font or style sheet, other heights."""
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange) and hasattr(self, "_later"):
            self._measure_again()
            self._later.start()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  # Qt's name
        """In the order in which the rows stand, which is not that in which their widgets were made."""
        focused = self.window().focusWidget()
        next_row = self._row_of(focused)
        if next_row is None:
            return bool(super().focusNextPrevChild(next))
        inside = focusable(next_row.widget)
        at = inside.index(focused) if focused in inside else -1
        rest = inside[at + 1 :] if next else inside[: max(at, 0)]
        while not rest:
            number = next_row.number + (1 if next else -1)
            if not 0 <= number < len(self.rows):
                return bool(super().focusNextPrevChild(next))
            next_row = self.rows[number]
            if next_row.widget is None:
                self.reveal(next_row)
            rest = focusable(next_row.widget) if next_row.widget is not None else []
        target, reason = rest[0 if next else -1], QtCore.Qt.FocusReason
        target.setFocus(reason.TabFocusReason if next else reason.BacktabFocusReason)
        self.ensureWidgetVisible(target, 0, 20)
        return True

    @property
    def is_settled(self) -> bool:
        """Whether everything near what is seen is made."""
        return not self._later.isActive()

    @property
    def is_current(self) -> bool:
        """Whether what is on screen is what it was scrolled to; for a moment after a jump it is what was before."""
        return self._waits_since is None

    @property
    def _inner_width(self) -> int:
        return max(60, int(self.viewport().width()) - 2 * _MARGIN_PX)

    def _metrics(self) -> Metrics:
        metrics = self.fontMetrics()
        return Metrics(int(metrics.lineSpacing()), max(1, int(metrics.averageCharWidth())))

    def _row_of(self, widget: QtWidgets.QWidget | None) -> Row | None:
        return next((row for row in self._built if widget is not None and holds(row.widget, widget)), None)

    def _splice(self, start: int, stop: int, rows: Sequence[Row]) -> None:
        width, metrics = self._inner_width, self._metrics()
        self._estimated_at = self._estimated_at or width
        self.rows[start:stop] = rows
        for row in rows:
            row.height = row.estimate(width, metrics)
        self._heights.splice(start, stop, [row.gap + row.height for row in rows])
        for number in range(start, len(self.rows)):
            self.rows[number].number = number

    def _set_height(self, row: Row, height: int) -> None:
        row.height = height
        self._heights.set(row.number, row.gap + height)

    def _anchor(self) -> tuple[int, int] | None:
        """The first row that is seen, and how far below the top of the view it begins."""
        if self._at_bottom or not self.rows:
            return None
        value = self.verticalScrollBar().value()
        number = self._heights.at(value)
        return number, self._heights.top(number) - value

    def _place(self, anchor: tuple[int, int] | None, *, may_wait: bool = False) -> None:
        """See `place`; where it may wait, nothing moves before what is to be seen is made: it would be blank."""
        if self._placing:
            return
        self._placing = True
        try:
            if anchor is not None:
                self._waits_since = None  # the scroll bar does not stand there yet, so it would be forgotten
            elif may_wait and self._waits_since is None:
                self._waits_since = time.perf_counter()
            anchor = anchor or self._anchor()
            self._arrange_when_made(anchor)
        finally:
            self._placing = False
        self._later.start()

    def _arrange_when_made(self, anchor: tuple[int, int] | None) -> None:
        """Make some of what is to be seen; then put everything in its place, unless more is to be made first."""
        end = time.perf_counter() + (_BLANK_SLICE_S if self._waits_since is None else _SEEN_SLICE_S)
        is_made = not self._make_one_seen(anchor)
        while not is_made and time.perf_counter() < end:
            is_made = not self._make_one_seen(anchor)
        if is_made or self._waits_since is None or time.perf_counter() >= self._waits_since + _PATIENCE_S:
            self._waits_since = None
            self._arrange(anchor)

    def _make_one_seen(self, anchor: tuple[int, int] | None) -> bool:
        """Make or measure one row that is seen; whether there was one."""
        value, width = self._value(anchor), self._inner_width
        first, last = self._heights.between(value, value + max(self.viewport().height(), _MIN_VIEW_PX))
        for number in range(last - 1, first - 1, -1) if self._at_bottom else range(first, last):
            row = self.rows[number]
            if row.widget is None or row.measured_at != width:
                self._measure(row, width)
                return True
        return False

    def _value(self, anchor: tuple[int, int] | None) -> int:
        """How far it is scrolled, with heights as they are known now."""
        most = max(0, self._heights.total - int(self.viewport().height()))
        if anchor is None:
            return most if self._at_bottom else min(most, int(self.verticalScrollBar().value()))
        number, offset = anchor
        return max(0, min(most, self._heights.top(min(number, len(self.rows) - 1)) - offset))

    def _measure(self, row: Row, width: int) -> None:
        if row.widget is None:
            row.widget = row.make()
            row.widget.setParent(self._inside)
            leave_menu_to_area(row.widget)
            self._built.append(row)
            # Out of sight until it is arranged.
            row.widget.setGeometry(_MARGIN_PX, -_KEPT_PX, width, max(1, row.height))
            row.widget.show()
        row.measured_at, row.placed = width, (0, 0, 0)
        self._set_height(row, settled_height(row.widget, width))

    def _arrange(self, anchor: tuple[int, int] | None) -> None:
        """Put widgets where their rows stand, and the view where it was."""
        width, value, tops = self._inner_width, self._value(anchor), self._heights.tops
        for row in self._built:
            place = (tops[row.number + 1] - row.height, width, row.height)
            if place != row.placed:
                row.placed = place
                row.widget.setGeometry(_MARGIN_PX, *place)
        self._inside.resize(self.viewport().width(), self._heights.total)
        self.verticalScrollBar().setValue(value)
        self._inside.move(0, -int(self.verticalScrollBar().value()))

    def _on_later_timeout(self) -> None:
        """What comes into view next is made before it does; what is far is let go."""
        if self._placing:
            return
        self._placing = True
        try:
            if self._waits_since is None:
                more = self._build_ahead()
                if not more or len(self._built) > _MANY:
                    more = self._release() or more
            else:
                self._arrange_when_made(self._anchor())
                more = True
        finally:
            self._placing = False
        if more:
            self._later.start()
        else:
            self.settled.emit()

    def _build_ahead(self) -> bool:
        """Make some of what is near; whether there is more. What is seen comes first, then what is below it."""
        anchor, width, view = self._anchor(), self._inner_width, self.viewport().height()
        value = self._value(anchor)
        first, last = self._heights.between(value, value + view)
        far_first, far_last = self._heights.between(value - _AHEAD_PX, value + view + _AHEAD_PX)
        order = [*range(first, last), *range(last, far_last), *range(first - 1, far_first - 1, -1)]
        todo = [self.rows[n] for n in order if self.rows[n].widget is None or self.rows[n].measured_at != width]
        end, n_done = time.perf_counter() + _SLICE_S, 0
        while n_done < len(todo) and (not n_done or time.perf_counter() < end):
            self._measure(todo[n_done], width)
            n_done += 1
        if n_done:
            self._arrange(anchor)
        return n_done < len(todo)

    def _release(self) -> bool:
        """Let some of what is far go; whether there is more."""
        if len(self._built) < _FEW:
            return False
        value, view = self.verticalScrollBar().value(), self.viewport().height()
        focused = self.window().focusWidget()
        first, last = self._heights.between(value - _KEPT_PX, value + view + _KEPT_PX)
        far = [row for row in self._built if not first <= row.number < last and not row.is_held]
        free = [row for row in far if focused is None or not holds(row.widget, focused)]
        for row in free[:_MAX_RELEASED]:
            self._let_go(row)
        return len(free) > _MAX_RELEASED

    def _let_go(self, row: Row) -> None:
        if row.widget is not None:
            row.widget.hide()
            row.widget.deleteLater()
            row.widget = None
            self._built.remove(row)

    def _on_inside_settled_anew(self) -> None:
        """Which widget it was nobody says; those that are there are few."""
        if not self._placing:
            self._measure_again()
            self.place()

    def _measure_again(self) -> None:
        for row in self._built:
            row.measured_at = 0

    def _estimate_again(self) -> None:
        """Rows without a widget; what was measured at another width says less than an estimate."""
        width, metrics = self._inner_width, self._metrics()
        self._estimated_at = width
        for row in self.rows:
            if row.widget is None:
                self._set_height(row, row.estimate(width, metrics))

    def _on_bar_moved(self, value: int) -> None:
        if not self._placing:
            self._at_bottom = value >= self.verticalScrollBar().maximum() - 4
            self._place(anchor=None, may_wait=True)
