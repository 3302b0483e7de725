import itertools

import pytest

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def area():
    from pymolcode_plugin.gui.qt import QtWidgets
    from pymolcode_plugin.gui.row_area import RowArea

    made = RowArea()
    made.resize(300, 400)
    made.show()
    QtWidgets.QApplication.processEvents()
    yield made
    made.close()


def rows(n, height=60, **more):
    from pymolcode_plugin.gui.qt import QtWidgets
    from pymolcode_plugin.gui.row import Row

    class Box(QtWidgets.QPushButton):
        def __init__(self, row):
            super().__init__(row.name)
            self.row = row

        def height_for(self, width):
            return self.row.real

    class Plain(Row):
        def __init__(self, number):
            super().__init__()
            self.name, self.real, self.held = f"row {number}", height + 37 * (number % 3), False

        def estimate(self, width, metrics):
            return more.get("estimate", height)

        def make(self):
            return Box(self)

        @property
        def is_held(self):
            return self.held

    return [Plain(number) for number in range(n)]


def settle(area):
    from pymolcode_plugin.gui.qt import QtWidgets

    for _ in range(200):
        QtWidgets.QApplication.processEvents()
        if area.is_settled:
            return
    raise AssertionError("it never came to rest")


def show(area):
    """Until what is on screen is what it was scrolled to."""
    from pymolcode_plugin.gui.qt import QtWidgets

    for _ in range(200):
        if area.is_current:
            return
        QtWidgets.QApplication.processEvents()
    raise AssertionError("it never came")


def seen(area):
    """Names of the rows in the viewport, with where they begin in it."""
    from pymolcode_plugin.gui.qt import QtCore

    places = {}
    for row in area.rows:
        if row.widget is not None:
            top = row.widget.mapTo(area.viewport(), QtCore.QPoint(0, 0)).y()
            if top < area.viewport().height() and top + row.widget.height() > 0:
                places[row.name] = top
    return places


def test_only_what_is_near_has_widgets_and_the_end_is_seen(area):
    area.add_rows(rows(1000))
    settle(area)
    assert sum(row.widget is not None for row in area.rows) < 60
    assert list(seen(area))[-1] == "row 999"
    assert area.verticalScrollBar().value() == area.verticalScrollBar().maximum()


def test_rows_stand_below_each_other_without_overlap_and_as_high_as_they_want_to_be(area):
    area.add_rows(rows(50))
    settle(area)
    built = [row for row in area.rows if row.widget is not None]
    for row, below in itertools.pairwise(built):
        assert row.widget.height() == row.real
        assert row.widget.y() + row.real + below.gap == below.widget.y()


@pytest.mark.parametrize("estimate", [10, 60, 300])
def test_what_is_seen_does_not_jump_when_rows_above_turn_out_higher_or_lower(area, estimate):
    area.add_rows(rows(400, estimate=estimate))
    settle(area)
    bar = area.verticalScrollBar()
    for value in (bar.maximum() // 2, bar.maximum() // 5):
        bar.setValue(value)
        show(area)
        before = seen(area)
        settle(area)
        after = seen(area)
        name = next(name for name, top in before.items() if top >= 0)
        assert abs(after[name] - before[name]) <= 1


@pytest.fixture
def slow(monkeypatch):
    """One widget takes all the time that there is before the window has its turn."""
    monkeypatch.setattr("pymolcode_plugin.gui.row_area._SEEN_SLICE_S", 0)
    monkeypatch.setattr("pymolcode_plugin.gui.row_area._SLICE_S", 0)


def test_after_a_jump_what_was_seen_stays_until_all_that_comes_is_made(area, slow, monkeypatch):
    from pymolcode_plugin.gui.qt import QtWidgets

    monkeypatch.setattr("pymolcode_plugin.gui.row_area._PATIENCE_S", 1000)
    area.add_rows(rows(400))
    settle(area)
    before, bar = seen(area), area.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)
    assert not area.is_current
    n_looks = 0
    while not area.is_current:
        assert seen(area) == before
        QtWidgets.QApplication.processEvents()
        n_looks += 1
    assert n_looks > 2, "a widget at a time"
    assert before.keys().isdisjoint(seen(area))
    assert_covered(area)
    shown = seen(area)
    settle(area)
    assert seen(area) == shown


def assert_covered(area):
    """Nothing that is seen is blank but the gaps between rows."""
    first, last = area._heights.between(area.verticalScrollBar().value(), area.verticalScrollBar().value() + 400)
    for row in area.rows[first:last]:
        assert row.widget is not None
        assert row.widget.geometry().height() == row.real


def test_what_takes_too_long_to_make_is_shown_as_far_as_it_is_made(area, slow, monkeypatch):
    monkeypatch.setattr("pymolcode_plugin.gui.row_area._PATIENCE_S", 0)
    area.add_rows(rows(400))
    settle(area)
    before, bar = seen(area), area.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)
    assert area.is_current
    assert before.keys().isdisjoint(seen(area))
    settle(area)
    assert_covered(area)


def test_a_row_that_is_revealed_right_after_a_jump_is_seen(area, slow, monkeypatch):
    monkeypatch.setattr("pymolcode_plugin.gui.row_area._PATIENCE_S", 1000)
    area.add_rows(rows(400))
    settle(area)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum() // 3)
    assert not area.is_current
    area.reveal(area.rows[40])
    assert area.rows[40].name in seen(area)
    settle(area)
    assert area.rows[40].name in seen(area)
    assert_covered(area)


def test_a_jump_that_follows_another_at_once_ends_where_it_should(area, slow):
    area.add_rows(rows(400))
    settle(area)
    bar = area.verticalScrollBar()
    for part in (3, 5, 2, 7):
        bar.setValue(bar.maximum() // part)
    area.to_end()
    settle(area)
    assert list(seen(area))[-1] == "row 399"
    assert_covered(area)


def test_scrolling_up_by_the_wheel_shows_every_row_in_its_turn(area):
    area.add_rows(rows(60, estimate=15))
    settle(area)
    bar, met = area.verticalScrollBar(), set()
    for _ in range(400):
        met |= set(seen(area))
        bar.setValue(bar.value() - 25)
        settle(area)
    assert met == {row.name for row in area.rows}
    assert bar.value() == 0


def test_the_end_is_followed_only_while_the_reader_is_there(area):
    area.add_rows(rows(40))
    settle(area)
    area.add_rows(rows(3))
    settle(area)
    assert area.verticalScrollBar().value() == area.verticalScrollBar().maximum()
    area.verticalScrollBar().setValue(100)
    settle(area)
    before = seen(area)
    area.add_rows(rows(3))
    settle(area)
    assert seen(area) == before


def test_widgets_far_away_are_let_go_but_not_what_is_held_or_has_the_keyboard(area):
    area.add_rows(rows(600))
    settle(area)
    held, focused = area.rows[-1], area.rows[-2]
    held.held = True
    focused.widget.setFocus()
    area.activateWindow()
    bar = area.verticalScrollBar()
    for part in range(9, -1, -1):
        bar.setValue(bar.maximum() * part // 10)
        settle(area)
    assert held.widget is not None
    assert area.rows[-3].widget is None
    assert sum(row.widget is not None for row in area.rows) < 220


def test_a_row_is_revealed_wherever_it_stands(area):
    area.add_rows(rows(500, estimate=20))
    settle(area)
    for number in (3, 250, 499, 120):
        area.reveal(area.rows[number])
        settle(area)
        assert area.rows[number].name in seen(area)


def test_tab_goes_through_rows_in_their_order_also_those_that_were_not_made(area):
    area.activateWindow()
    area.add_rows(rows(200))
    settle(area)
    area.reveal(area.rows[40])
    settle(area)
    area.rows[40].widget.setFocus()
    names = []
    for _ in range(30):
        area.focusNextPrevChild(True)
        names.append(area.window().focusWidget().row.name)
    assert names == [f"row {number}" for number in range(41, 71)]
    area.focusNextPrevChild(False)
    assert area.window().focusWidget().row.name == "row 69"


def test_a_row_that_grows_pushes_down_what_follows(area):
    area.add_rows(rows(5))
    settle(area)
    first, second = area.rows[:2]
    before = second.widget.y()
    first.real += 100
    area.changed(first)
    settle(area)
    assert second.widget.y() == before + 100


def test_rows_are_replaced_and_removed(area):
    area.add_rows(rows(5))
    settle(area)
    area.replace(area.rows[1:3], rows(1))
    assert [row.name for row in area.rows] == ["row 0", "row 0", "row 3", "row 4"]
    assert [row.number for row in area.rows] == [0, 1, 2, 3]
    area.remove_all()
    settle(area)
    assert (area.rows, seen(area), area.verticalScrollBar().maximum()) == ([], {}, 0)
