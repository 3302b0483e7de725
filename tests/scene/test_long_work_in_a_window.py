"""Long work, Stop and sized pictures in a real PyMOL window."""

import pytest

from ..bench.queue import NO_MODEL
from ..pymol_process import ROOT, run_inside

pytestmark = pytest.mark.window

ALIVE = [True, True, True, True]
# Generous: the machine that runs the tests may be busy. The benchmark `long_work` prints what it really is.
GAP_MS = 1000
STOP_MS = 1000


@pytest.fixture
def play(tmp_path):
    def run(scenario):
        return run_inside("long_work", tmp_path, more_path=ROOT, env=NO_MODEL, scenario=scenario, shots=tmp_path)

    return run


def test_a_figure_of_a_given_size_has_it_and_the_window_stays_as_it_was(play):
    seen = play("sized")
    assert seen["errors"] == []
    before, after = seen["viewport"]
    assert seen["sizes"] == [[800, 600], [300, 400], [500, 200], [400, 200], before]
    assert before == after
    assert seen["width"] == before[0]
    assert seen["same"], "the drawing area looks as before"


def test_a_ray_traced_picture_is_shown_saved_by_png_and_dropped_by_the_next_change(play):
    seen = play("traced")
    assert seen["errors"] == []
    assert seen["sizes"] == [[200, 100], seen["viewport"], [60, 40]]
    assert any("Ray: render time" in line for line in seen["lines"])
    assert seen["log"], "PyMOL's own log shows it too"
    assert seen["states"] == [ALIVE, ALIVE]


def test_while_a_worker_has_pymol_the_panel_lives_and_pymols_widgets_take_nothing(play):
    seen = play("busy")
    before, during, after = seen["states"]
    assert before == after == ALIVE
    assert during == [False, False, False, True]
    assert seen["typed"] == ["", "hello"]
    assert seen["objects"] == ["m0"]
    assert seen["same_view"]
    assert seen["grew"]
    assert seen["lost_px"] == seen["lost_px_before"], "PyMOL knows the new size"
    assert seen["gap_ms"] < GAP_MS
    assert seen["cancelled"]
    assert seen["stop_ms"] < STOP_MS
    assert seen["later"] == 3


def test_a_surface_is_built_off_the_windows_thread_and_stop_ends_it_before_the_next_command(play):
    seen = play("geometry")
    assert seen["errors"] == []
    assert seen["lines"] == []
    assert "primitives" not in seen["log"], "how the surface is built is nobody's concern"
    assert seen["gap_ms"] < seen["took_ms"] / 2
    assert seen["stop_ms"] < STOP_MS
    assert seen["objects"] == ["m0", "m1", "m2", "m3"]
    assert seen["state"] == ALIVE


def test_areas_beside_pymol_are_the_same_numbers_and_stop_ends_them(play):
    seen = play("areas")
    assert seen["areas"] == pytest.approx(seen["expected"], rel=1e-5)
    assert "chain Q" in seen["empty"]
    assert seen["stop_ms"] < STOP_MS
    assert "Angstroms^2" in seen["typed"][-1]
    assert seen["kept"]


def test_python_runs_in_a_worker_unless_it_draws(play):
    seen = play("python")
    assert seen["errors"] == []
    assert seen["values"] == ["True", "pymolcode-work", "5684", "traced"]
    assert seen["lines"] == ["here"]
    assert "must say so itself" in seen["hidden"][0]
    assert seen["state"] == ALIVE


def test_stop_ends_typed_python_that_never_ends_and_the_window_lives_meanwhile(play):
    seen = play("endless")
    for gap_ms, stop_ms in seen["seen"]:
        assert gap_ms < GAP_MS
        assert stop_ms < STOP_MS
    assert seen["errors"] == []
    assert [line for line in seen["lines"] if "5684" in line] == ["here 5684", "5684"]
    assert seen["objects"] == ["m0"]
    assert seen["state"] == ALIVE
