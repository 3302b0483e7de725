import json
import subprocess
import sys

import pytest

from pymolcode_plugin.config import paths
from pymolcode_plugin.gui import dock_state
from pymolcode_plugin.gui.dock_state import DockState


def test_what_is_saved_is_read_again():
    state = DockState(False, True, "left", 500, 600, -20, 30, True)
    dock_state.save(state)
    assert dock_state.load() == state


def test_a_first_start_has_the_usual_place():
    assert dock_state.load() == DockState()
    assert not paths.panel_file().exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"right"', '{"area": "middle"}', '{"width_px": -3}', '{"width_px": "wide"}', "\x00"]
)
def test_a_file_that_makes_no_sense_is_the_usual_place(text):
    paths.panel_file().write_text(text)
    assert dock_state.load() == DockState()


def test_what_makes_sense_of_a_damaged_file_counts():
    paths.panel_file().write_text(json.dumps({"area": "left", "width_px": True, "floating": 1, "x_px": 7, "new": 1}))
    assert dock_state.load() == DockState(area="left", x_px=7)


@pytest.mark.parametrize(
    ("state", "opens"),
    [
        (None, False),
        (DockState(visible=True, open_at_start=False), False),
        (DockState(visible=False, open_at_start=True), False),
        (DockState(visible=True, open_at_start=True), True),
    ],
)
def test_it_opens_by_itself_only_where_it_was_open_and_somebody_wants_that(state, opens):
    if state:
        dock_state.save(state)
    assert dock_state.opens_at_start() is opens


def test_a_home_that_cannot_be_written_to_opens_nothing(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "file" / "home"))
    assert dock_state.load() == DockState()
    assert not dock_state.opens_at_start()


def test_pymols_start_imports_nothing_for_it():
    code = (
        "import sys; before = set(sys.modules);"
        "from pymolcode_plugin.gui import dock_state; dock_state.opens_at_start();"
        "print(sorted({'json', 'tempfile', 'pydantic', 'yaml'} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
