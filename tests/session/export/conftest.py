"""A chat through the real door on the headless PyMOL, exported and replayed in a fresh one."""

import itertools

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.events import TextDelta, TurnStarted
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.databases.fetch import cache_folder
from pymolcode_plugin.session.export.exporter import SCRIPTS, Chat, export_scripts
from pymolcode_plugin.session.export.plan import Place
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue


class Willing:
    """Allows everything."""

    async def ask(self, _question):
        return Answer(allowed=True)

    async def choose(self, *, call_id, question, choices):
        return ""


class Session:
    """Turns that a test makes up."""

    def __init__(self, gateway, folder):
        catalogue = Catalogue(TOOLS)
        policy = Policy(Rules(folder / "rules.yaml"))
        self.gateway = gateway
        self.folder = folder
        self.events = []
        self.results = []
        self._numbers = itertools.count(1)
        self._turns = itertools.count(1)
        self.door = Door(
            catalogue.find, catalogue.names, gateway, gateway, Willing(), policy, working_folder=lambda: str(folder)
        )

    async def turn(self, text, *calls, answer="Done."):
        turn = Turn(f"t{next(self._turns)}", self.events.append)
        self.events.append(TurnStarted(turn_id=turn.turn_id, text=text))
        await self.door.look_again()
        for name, arguments in calls:
            result = await self.door.call(turn, f"c{next(self._numbers)}", name, arguments)
            self.results.append(result)
        self.events.append(TextDelta(turn_id=turn.turn_id, text=answer))

    async def undo(self):
        await self.door.undo(self.events.append)

    async def chat(self):
        return Chat("A chat", self.events, self.door.kept_steps, await self.gateway.keep(), ("Made by a test.",))

    async def export(self, *kinds, chat=None):
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        place = Place(out, "chat", cache_folder())
        return await export_scripts(chat or await self.chat(), kinds or SCRIPTS, self.gateway.replaying, place)


@pytest.fixture
def session(gateway, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Session(gateway, folder)
