"""The tools as a model calls them: through the door, with a person who says yes and remembers the questions."""

from __future__ import annotations

import itertools

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue


class Person:
    def __init__(self) -> None:
        self.asked = []

    async def ask(self, question):
        self.asked.append(question)
        return Answer(allowed=True)


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

    async def run(name, /, policy=None, **arguments):
        policy = policy or Policy(Rules(tmp_path / "rules.yaml"))
        door = Door(
            catalogue.find, catalogue.names, gateway, gateway, person, policy, working_folder=lambda: str(folder)
        )
        return await door.call(Turn("t", lambda _: None), f"c{next(numbers)}", name, arguments)

    return run


@pytest.fixture
def scene_hash(gateway):
    async def read():
        return (await gateway.keep()).hash

    return read
