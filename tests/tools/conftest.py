"""Tools called as the agent calls them: through the real door, on the headless PyMOL."""

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
        self.choice = ""

    async def ask(self, question):
        self.asked.append(question.command)
        return Answer(allowed=True)

    async def choose(self, *, call_id, question, choices):
        self.asked.append((question, tuple(choices)))
        return self.choice


@pytest.fixture
def person():
    return Person()


@pytest.fixture
def call(gateway, person, tmp_path):
    catalogue = Catalogue(TOOLS)
    policy = Policy(Rules(tmp_path / "rules.yaml"))
    door = Door(catalogue.find, catalogue.names, gateway, gateway, person, policy, working_folder=lambda: str(tmp_path))
    numbers = itertools.count(1)

    async def run(name, /, **arguments):
        return await door.call(Turn("t1", lambda _event: None), f"c{next(numbers)}", name, arguments)

    async def undo():
        return await door.undo(lambda _event: None)

    run.undo, run.tools = undo, catalogue.tools
    return run
