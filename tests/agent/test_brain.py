import asyncio
import contextlib

import pytest

from pymolcode_plugin.agent import own_server as module
from pymolcode_plugin.agent.approvals import Policy
from pymolcode_plugin.agent.brain import Brain
from pymolcode_plugin.agent.budget import Budget
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.agent.spending import Spending
from pymolcode_plugin.config import settings
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.core.events import ModelState
from pymolcode_plugin.core.ports import Completion
from pymolcode_plugin.tools.catalogue import TOOLS

from ..scripted_model import ScriptedModel

MODEL = {"PYMOLCODE_MODEL": "builtin"}


class SlowServer:
    """Stands for the child process: it is alive at once, and can be used only when `loaded` is set."""

    def __init__(self, *_args, **_more):
        self.alive, self.key, self.base_url, self.started = False, "", "", False
        self.loaded = asyncio.Event()

    async def start(self):
        self.alive = True
        await self.loaded.wait()
        self.started = True

    async def warm(self, _prefix):
        return 0.0

    async def complete(self, _prompt, **_more):
        assert self.started, "half of a server was used"
        return Completion(text="x")

    def kill(self):
        self.alive = False


def phase(states):
    return [event for event in states if isinstance(event, ModelState)][-1].phase


@pytest.fixture
async def make_brain(monkeypatch, tmp_path):
    weights = tmp_path / "some.gguf"
    weights.write_bytes(b"GGUF")
    monkeypatch.setattr(module, "BuiltinServer", SlowServer)
    made, states = [], []

    def make(read=lambda: settings.load(MODEL | {"PYMOLCODE_WEIGHTS": str(weights)}), outgoing=None):
        outgoing = outgoing or Outgoing(Policy(None))
        spending = Spending()
        budget = Budget(spending, None, states.append)
        made.append(Brain(TOOLS, None, None, states.append, outgoing, spending, budget, read_settings=read))
        return made[-1], states

    yield make
    for brain in made:
        await brain.aclose()


async def test_stop_while_the_model_starts_leaves_a_model_that_still_becomes_ready(make_brain):
    brain, states = make_brain()
    await brain._chosen()
    waiting = asyncio.ensure_future(brain._own.complete("x", grammar="", max_tokens=1))
    while not (brain.server and brain.server.alive):  # noqa: ASYNC110  # the server has no event for it
        await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    brain.server.loaded.set()
    assert (await brain._own.complete("x", grammar="", max_tokens=1)).text == "x"
    assert phase(states) == "ready"


@pytest.mark.parametrize("error", [ConfigError("It makes no sense."), TypeError("a bug")])
async def test_a_failure_never_leaves_the_panel_saying_that_the_model_is_starting(make_brain, error):
    def fail():
        raise error

    brain, states = make_brain(fail)
    await brain.prepare()
    assert phase(states) == "failed"
    with pytest.raises(type(error)):
        await brain.run("t1", "x", lambda _event: None)
    assert phase(states) == "failed"
    assert str(error) in states[-1].detail


async def test_settings_that_were_mended_are_read_again(make_brain):
    with ScriptedModel("One.") as server:
        found = [ConfigError("config.yaml cannot be read.")]

        def read():
            if found:
                raise found.pop()
            return settings.load(server.environment)

        brain, states = make_brain(read)
        await brain.prepare()
        assert phase(states) == "failed"
        await brain.run("t1", "x", lambda _event: None)
        assert phase(states) == "ready"


async def test_the_prompt_of_the_built_in_model_can_be_read_too(make_brain):
    outgoing = Outgoing(Policy(None))
    brain, _states = make_brain(outgoing=outgoing)
    await brain._chosen()
    asking = asyncio.ensure_future(brain._own.complete("colour it", grammar="root ::= [a-z]+", max_tokens=7))
    while not (brain.server and brain.server.alive):  # noqa: ASYNC110  # the server has no event for it
        await asyncio.sleep(0)
    brain.server.loaded.set()
    await asking
    text = outgoing.last_request()
    assert "/completion" in text
    assert '"prompt": "colour it"' in text
    assert outgoing.statement() == "Everything stays on this machine."
