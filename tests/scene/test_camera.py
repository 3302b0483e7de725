"""The camera arrives before anything looks through it."""

import pytest

from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.scene import camera
from pymolcode_plugin.scene.camera import Camera

from ..bench.queue import NO_MODEL
from ..pymol_process import ROOT, run_inside


class Drawn:
    """PyMOL in a window that draws when it is told to: a flight stands where `fly` has put it."""

    def __init__(self, cmd):
        self._cmd = cmd
        self.target = None

    def __getattr__(self, name):
        return getattr(self._cmd, name)

    def set_view(self, view, animate=0):
        if animate:
            self.target = view
        else:
            self._cmd.set_view(view)

    def fly(self, fraction):
        start = self._cmd.get_view()
        self._cmd.set_view([one + fraction * (two - one) for one, two in zip(start, self.target, strict=True)])


@pytest.fixture
def drawn(hiv_protease):
    return Drawn(hiv_protease)


@pytest.fixture
def flying(drawn):
    made = Camera(drawn, flies=True)
    drawn.turn("x", 30)
    made.fly_to("chain A and resi 25", around_angstrom=5.0, seconds=1.0)
    return made


def at(view):
    return pytest.approx(view, abs=1e-3)


def test_a_flight_begins_where_the_camera_is_and_ends_where_it_leads(drawn, hiv_protease):
    before = drawn.get_view()
    made = Camera(drawn, flies=True)
    made.fly_to("chain A and resi 25", around_angstrom=5.0, seconds=1.0)
    assert drawn.get_view() == at(before)
    made.arrive()
    hiv_protease.zoom("chain A and resi 25", buffer=5.0)
    assert drawn.target == at(drawn.get_view())


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_it_arrives_from_wherever_it_is(drawn, flying, fraction):
    drawn.fly(fraction)
    flying.arrive()
    assert drawn.get_view() == at(drawn.target)


@pytest.mark.parametrize("moved", [("turn", ("y", 5)), ("move", ("x", 30)), ("reset", ())])
def test_a_camera_that_the_user_took_meanwhile_stays(drawn, flying, moved):
    drawn.fly(0.5)
    name, arguments = moved
    getattr(drawn, name)(*arguments)
    here = drawn.get_view()
    flying.arrive()
    assert drawn.get_view() == at(here)


def test_an_old_flight_is_no_reason_to_move_the_camera(drawn, flying, monkeypatch):
    now = camera.time.monotonic()
    monkeypatch.setattr(camera.time, "monotonic", lambda: now + 10)
    drawn.fly(0.5)
    here = drawn.get_view()
    flying.arrive()
    assert drawn.get_view() == at(here)


def test_it_arrives_once(drawn, flying):
    start = drawn.get_view()
    flying.arrive()
    drawn.set_view(start)
    flying.arrive()
    assert drawn.get_view() == at(start)


def test_without_a_window_nothing_flies(hiv_protease):
    before = hiv_protease.get_view()
    Camera(hiv_protease, flies=False).fly_to("chain A and resi 25", around_angstrom=5.0, seconds=1.0)
    assert hiv_protease.get_view() != before


LOOKS = {
    "a state": lambda gateway: gateway.keep(),
    "its file": lambda gateway: gateway.scene_file(),
    "a picture": lambda gateway: gateway.image(),
    "a close-up": lambda gateway: gateway.closeup("organic"),
    "a ray-traced picture": lambda gateway: gateway.ray(width_px=20, height_px=20),
}
RUNS = {
    "commands": lambda gateway: gateway.run_commands("turn x, 1"),
    "a command": lambda gateway: gateway.call(Call(command="turn", arguments={"axis": "x", "angle": 1})),
    "Python": lambda gateway: gateway.run_python("cmd.turn('x', 1)"),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
async def test_whatever_looks_through_it_waits_for_it(gateway, hiv_protease, monkeypatch, look):
    done = []
    monkeypatch.setattr(gateway._camera, "arrive", lambda: done.append("arrived"))
    for name in ("get_session", "png", "get_view"):
        monkeypatch.setattr(hiv_protease, name, _noted(done, getattr(hiv_protease, name)))
    await look(gateway)
    assert done[:2] == ["arrived", "looked"]


def _noted(done, real):
    def looked(*arguments, **more):
        done.append("looked")
        return real(*arguments, **more)

    return looked


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS.keys())
async def test_whatever_runs_begins_where_it_arrived(gateway, hiv_protease, monkeypatch, run):
    before, arrived = hiv_protease.get_view(), []
    monkeypatch.setattr(gateway._camera, "arrive", lambda: arrived.append(hiv_protease.get_view()))
    await run(gateway)
    assert arrived == [before]
    assert hiv_protease.get_view() != before


async def test_a_state_that_is_brought_back_is_no_part_of_a_flight(gateway, hiv_protease, monkeypatch):
    mark = await gateway.keep()
    arrived = []
    monkeypatch.setattr(gateway._camera, "arrive", lambda: arrived.append(hiv_protease.get_names()))
    hiv_protease.delete("all")
    await gateway.restore(mark.number)
    assert arrived == [[]]


@pytest.mark.window
def test_what_is_done_while_the_camera_flies_moved_nothing(tmp_path):
    seen = run_inside("pointing", tmp_path, more_path=ROOT, env=NO_MODEL)
    assert seen["n_views"] > 1
    assert seen["all_on_the_way"]
    assert seen["is_under_way"]
    assert seen["arrived"]
    assert "recoloured" in seen["changed"]
    assert "view" not in seen["changed"]
    assert seen["stays_as_turned"]
