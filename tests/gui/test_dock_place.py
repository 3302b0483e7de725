import pytest

from pymolcode_plugin.gui import dock_state
from pymolcode_plugin.gui.dock_state import DockState

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def stand():
    """A window with a dock that stands where a state says."""
    from pymolcode_plugin.gui import dock_place
    from pymolcode_plugin.gui.qt import QtWidgets

    made = []

    def make(state):
        window, dock = QtWidgets.QMainWindow(), QtWidgets.QDockWidget("panel")
        window.setCentralWidget(QtWidgets.QLabel("viewport"))
        window.resize(600, 400)
        window.show()
        dock_place.put(dock, window, state)
        made.extend((window, dock))
        return dock, window, dock_place.DockPlace(dock, window, state)

    yield make
    for widget in made:
        widget.close()


@pytest.mark.parametrize("area", ["left", "right", "top", "bottom"])
def test_it_stands_at_the_side_where_it_stood(stand, area):
    dock, window, place = stand(DockState(area=area))
    from pymolcode_plugin.gui.dock_place import _areas

    assert window.dockWidgetArea(dock) == _areas()[area]
    assert place.state().area == area


def test_a_window_on_a_screen_that_is_gone_comes_back_whole(stand, qt_application):
    dock, _window, _place = stand(DockState(floating=True, x_px=9000, y_px=-5000, width_px=380, height_px=9000))
    screen = qt_application.primaryScreen().availableGeometry()
    assert dock.isFloating()
    assert screen.contains(dock.geometry())


def test_what_the_person_does_is_noted_and_kept_at_the_end(stand):
    from pymolcode_plugin.gui.dock_place import _areas

    dock, window, place = stand(DockState())
    window.addDockWidget(_areas()["left"], dock)
    dock.close()
    assert place._timer.isActive()
    place.close(open_at_start=True)
    assert not place._timer.isActive()
    noted = dock_state.load()
    assert (noted.visible, noted.floating, noted.area, noted.open_at_start) == (False, False, "left", True)


async def test_nothing_is_written_where_nothing_changed(stand, monkeypatch):
    _dock, _window, place = stand(DockState())
    place.close(open_at_start=False)
    written = []
    monkeypatch.setattr(dock_state, "save", written.append)
    place._on_timer_timeout()
    assert written == []


def test_a_disk_without_room_is_no_error_of_the_panel(stand, monkeypatch, capsys):
    def full(_state):
        raise OSError(28, "No space left on device")

    _dock, _window, place = stand(DockState())
    monkeypatch.setattr(dock_state, "save", full)
    place.close(open_at_start=False)
    assert "panel.place_lost" in capsys.readouterr().out
