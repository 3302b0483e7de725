import asyncio
from typing import ClassVar

import pytest

from pymolcode_plugin.agent import brain as module
from pymolcode_plugin.agent.brain import Brain
from pymolcode_plugin.config.settings import Settings
from pymolcode_plugin.core.errors import ConfigError, ModelUnavailable
from pymolcode_plugin.core.ports import Completion

from ..scripted_model import ScriptedModel


class SlowServer:
    """Stands in for llama.cpp where the moment of its start is what a test is about."""

    made: ClassVar[list] = []

    def __init__(self, _path, **_):
        self.alive, self.n_starts, self.ready, self.error = False, 0, asyncio.Event(), None
        SlowServer.made.append(self)

    async def start(self):
        self.n_starts += 1
        await self.ready.wait()
        if self.error:
            raise self.error
        self.alive = True

    async def warm(self, _prefix):
        return 0.0

    async def complete(self, _prompt, **_):
        return Completion(text="reset\n")

    def kill(self):
        self.alive = False
        self.ready.set()


@pytest.fixture
def weights(tmp_path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"x")
    return file


@pytest.fixture
def states():
    return []


@pytest.fixture
async def make(monkeypatch, gateway, states):
    monkeypatch.setattr(module, "BuiltinServer", SlowServer)
    SlowServer.made = []
    brains = []

    def build(read_settings):
        brains.append(Brain((), gateway, None, lambda state: states.append(state), read_settings=read_settings))
        return brains[-1]

    yield build
    for brain in brains:
        await brain.aclose()


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_stop_while_the_model_starts_leaves_the_start_going_and_the_next_message_uses_it(make, weights):
    brain = make(lambda: Settings(model="builtin", weights=str(weights)))
    await brain._chosen()
    asked = asyncio.ensure_future(brain.complete("x", grammar="", max_tokens=1))
    await until(lambda: SlowServer.made and SlowServer.made[0].n_starts)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    SlowServer.made[0].ready.set()
    assert (await brain.complete("x", grammar="", max_tokens=1)).text == "reset\n"
    assert SlowServer.made[0].n_starts == 1


async def test_a_start_that_fails_is_told_and_tried_again_with_the_next_message(make, weights, states):
    brain = make(lambda: Settings(model="builtin", weights=str(weights)))
    await brain._chosen()
    server = SlowServer.made[0]
    server.error = ModelUnavailable("It could not start.")
    server.ready.set()
    with pytest.raises(ModelUnavailable):
        await brain.complete("x", grammar="", max_tokens=1)
    assert states[-1].phase == "failed"
    server.error = None
    await brain.complete("x", grammar="", max_tokens=1)
    assert states[-1].phase == "ready"


async def test_settings_that_are_wrong_are_told_and_read_again_when_they_were_mended(make, states):
    with ScriptedModel("One.") as server:
        broken = [ConfigError("config.yaml cannot be read.")]
        mended = Settings(model="openai-chat:scripted", base_url=server.base_url)

        def read_settings():
            if broken:
                raise broken.pop()
            return mended

        brain = make(read_settings)
        with pytest.raises(ConfigError):
            await brain.run("t1", "x", lambda _event: None)
        assert (states[-1].phase, states[-1].detail) == ("failed", "config.yaml cannot be read.")
        await brain.run("t2", "x", lambda _event: None)
        assert states[-1].phase == "ready"
