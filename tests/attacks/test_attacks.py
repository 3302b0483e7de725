"""Every attack of attacks.yaml through the real door on a real PyMOL, with a person who says no."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.core.risk import Mode
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue

from .armoury import Armoury, listed

_NAMES = [item["name"] for item in listed()]
_ROOT = Path(__file__).parents[2]


class Refuser:
    """A person who denies everything and remembers what was asked."""

    def __init__(self):
        self.asked = []

    async def ask(self, question):
        self.asked.append(question)
        return Answer(allowed=False, reason="no")


@pytest.fixture
def armoury(tmp_path, monkeypatch):
    traps = Armoury(tmp_path)
    monkeypatch.chdir(traps.folder)
    monkeypatch.setenv("HOME", str(traps.home))
    yield traps
    traps.close()


@pytest.fixture
def refuser():
    return Refuser()


@pytest.fixture(autouse=True)
def nothing_left_open(cmd):
    """Attacks leave blocks open, after which everything would be asked about."""
    cmd._parser.layer.clear()


@pytest.fixture(params=[Mode.ASK, Mode.AUTO], ids=str)
def door(gateway, refuser, armoury, tmp_path, request):
    catalogue = Catalogue(TOOLS)
    policy = Policy(Rules(tmp_path / "rules.yaml"), mode=request.param)
    folder = str(armoury.folder)
    return Door(catalogue.find, catalogue.names, gateway, gateway, refuser, policy, working_folder=lambda: folder)


@pytest.mark.parametrize("name", _NAMES)
async def test_an_attack_is_asked_about_and_does_nothing(door, refuser, armoury, hiv_protease, name):
    attack = next(item for item in armoury.attacks() if item.name == name)
    result = await door.call(Turn("t", lambda _event: None), "c", "run_pymol", {"commands": attack.text})
    if attack.auto and door.policy.mode is Mode.AUTO:  # auto mode runs this by its own definition
        assert refuser.asked == []
        await _undone(door)
        assert hiv_protease.get_names() == ["1hpv"]
        return
    assert not result.ok
    assert len(refuser.asked) == (0 if attack.refused else 1)
    if attack.then:
        hiv_protease.do(attack.then)
    assert armoury.fired() == []
    assert hiv_protease.get_names() == ["1hpv"]


async def _undone(door):
    with contextlib.suppress(SceneError):  # clearing scenes where there are none changes nothing
        await door.undo(lambda _event: None)


async def test_the_same_door_lets_ordinary_work_through(door, refuser, armoury, hiv_protease):
    commands = "color red, chain A; zoom organic\nlabel name CA, resi\nsave new.pdb\nload new.pdb, again"
    result = await door.call(Turn("t", lambda _event: None), "c", "run_pymol", {"commands": commands})
    assert result.ok
    assert refuser.asked == []
    assert hiv_protease.get_names() == ["1hpv", "again"]


def test_what_is_said_to_work_where_nobody_watches_does(tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.fire"], env=environment, cwd=_ROOT, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    assert "DONE" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("DUD")] == []
