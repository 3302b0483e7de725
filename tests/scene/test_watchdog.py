import threading
import time

import pytest

from pymolcode_plugin.scene.gateway import Gateway
from pymolcode_plugin.scene.watchdog import Interrupted, Raiser, Watchdog


@pytest.fixture
def impatient(gateway, cmd):
    """The scene door with a limit of a fraction of a second."""
    return Gateway(gateway._executor, cmd, command_limit_s=0.3)


async def test_a_command_that_takes_too_long_is_interrupted_and_said(impatient, hiv_protease):
    hiv_protease.show("surface")
    started = time.monotonic()
    output = await impatient.run_commands("python\ncmd.ray(3000, 3000)\npython end\ndelete all")
    assert output.errors == ("It was interrupted after 0.3 s, the limit for a single command (command_limit_s).",)
    assert output.completed == 0
    assert time.monotonic() - started < 20
    assert hiv_protease.get_names() == ["1hpv"]


async def test_the_command_after_an_interrupted_one_runs_whole(impatient, hiv_protease):
    hiv_protease.show("surface")
    assert not (await impatient.run_commands("python\ncmd.ray(3000, 3000)\npython end")).ok
    assert (await impatient.run_commands("count_atoms all")).ok
    assert await impatient.area("chain A", solvent=False) > 1000


async def test_python_that_never_returns_is_ended(impatient):
    output = await impatient.run_python("n = 0\nwhile True:\n    n += 1")
    assert "interrupted after 0.3 s" in output.errors[0]
    assert int((await impatient.run_python("n")).value) > 0


async def test_python_that_swallows_every_exception_is_ended_too(impatient):
    output = await impatient.run_python("while True:\n    try:\n        1 / 0\n    except Exception:\n        pass")
    assert "interrupted after 0.3 s" in output.errors[0]


def test_a_quick_command_is_left_alone(cmd):
    with Watchdog(cmd, 5).watching() as watch:
        cmd.pseudoatom("p")
    assert not watch.fired


def test_an_exception_comes_only_while_it_is_wanted():
    raiser, inside, seen = Raiser(), threading.Event(), []

    def work():
        try:
            with raiser.armed():
                inside.set()
                while True:
                    time.sleep(0.001)
        except Interrupted:
            seen.append("interrupted")
        raiser.raise_there()
        seen.append("goes on")

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(10)
    raiser.raise_there()
    thread.join(10)
    assert seen == ["interrupted", "goes on"]
