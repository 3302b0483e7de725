"""The tools as a model calls them: through the real door, with a person who says yes and remembers the questions."""

from __future__ import annotations

import itertools

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue


class Person:
    """Allows everything, and chooses what a test says."""

    def __init__(self):
        self.asked = []
        self.chosen = []
        self.choice = ""

    async def ask(self, question):
        self.asked.append(question)
        return Answer(allowed=True)

    async def choose(self, *, call_id, question, choices):
        self.chosen.append((question, tuple(choices)))
        return self.choice


@pytest.fixture
def person():
    return Person()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def call(gateway, person, tmp_path, folder):
    catalogue = Catalogue(TOOLS)
    numbers = itertools.count(1)
    door = Door(
        catalogue.find,
        catalogue.names,
        gateway,
        gateway,
        person,
        Policy(Rules(tmp_path / "rules.yaml")),
        working_folder=lambda: str(folder),
    )

    async def run(name, /, policy=None, **arguments):
        if policy is not None:
            door.policy = policy
        await door.look_again()  # tests change the scene by hand in between
        return await door.call(Turn("t1", lambda _event: None), f"c{next(numbers)}", name, arguments)

    async def undo():
        return await door.undo(lambda _event: None)

    run.undo, run.tools = undo, catalogue.tools
    return run


@pytest.fixture
def scene_hash(gateway):
    async def read():
        return (await gateway.keep()).hash

    return read
