"""The next model is tried where this one is overloaded or out of reach, and only there."""

import asyncio

import pytest
from pydantic_ai import Agent
from pydantic_ai.exceptions import AgentRunError

from pymolcode_plugin.agent.approvals import Policy
from pymolcode_plugin.agent.fallback import with_fallback
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.core.errors import RateLimited, StreamBroken
from pymolcode_plugin.llm import build as build_module
from pymolcode_plugin.llm import failures, patience
from pymolcode_plugin.llm.choice import Choice

from ..scripted_model import Cut, ScriptedModel, Status


@pytest.fixture(autouse=True)
def no_retries(monkeypatch):
    monkeypatch.setattr(patience, "DEFAULT", patience.Patience(n_again=0, n_briefly=0))


class Chain:
    """Models one after the other, and what was told."""

    def __init__(self):
        self.told, self.closing, self.outgoing = [], [], Outgoing(Policy(None))

    async def over(self, *addresses):
        choices = tuple(
            Choice(provider="custom", api="chat", name=f"model{number}", base_url=address)
            for number, address in enumerate(addresses)
        )
        return await with_fallback(choices, self._make, self.outgoing, self.told.append)

    def _make(self, choice):
        if "broken" in choice.base_url:
            raise RuntimeError("cannot be made")
        built = build_module.build(choice, self.outgoing)
        self.closing.append(built.aclose)
        return built.model


@pytest.fixture
async def chain():
    made = Chain()
    yield made
    for aclose in made.closing:
        await aclose()


async def streamed(model, prompt="x"):
    text = ""
    async with Agent(model).run_stream_events(prompt) as events:
        async for event in events:
            if event.event_kind == "agent_run_result":
                text = event.result.output
    return text.strip()


@pytest.mark.parametrize("status", [429, 500, 503, 529])
async def test_the_next_one_answers_and_that_is_told(chain, status):
    with ScriptedModel(Status(status, "busy")) as busy, ScriptedModel("from the second") as other:
        model = await chain.over(busy.base_url, other.base_url)
        assert await streamed(model) == "from the second"
        assert model.choice.name == "model1"
    assert len(chain.told) == 1
    assert f"({status})" in chain.told[0]
    assert "Trying model1" in chain.told[0]


async def test_one_that_cannot_be_reached_is_passed_by(chain):
    with ScriptedModel("from the second") as other:
        assert await streamed(await chain.over("http://127.0.0.1:9/v1", other.base_url)) == "from the second"
    assert "cannot be reached" in chain.told[0]


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_what_is_wrong_with_the_request_or_the_key_is_not_tried_elsewhere(chain, status):
    with ScriptedModel(Status(status)) as refusing, ScriptedModel("from the second") as other:
        with pytest.raises(Exception, match=str(status)):
            await streamed(await chain.over(refusing.base_url, other.base_url))
        assert other.requests == []
    assert chain.told == []


async def test_what_was_shown_is_not_begun_again(chain):
    with ScriptedModel(Cut("half an answer")) as cut, ScriptedModel("from the second") as other:
        with pytest.raises(AgentRunError) as raised:
            await streamed(await chain.over(cut.base_url, other.base_url))
        assert isinstance(failures.explained(raised.value, model="x"), StreamBroken)
        assert other.requests == []
    assert chain.told == []


async def test_it_stays_with_the_one_that_answered_until_the_turn_ends(chain):
    with ScriptedModel(Status(503), Status(503), "back again") as first, ScriptedModel("second") as second:
        model = await chain.over(first.base_url, second.base_url)
        for _ in range(2):
            assert await streamed(model) == "second"
        assert len(first.requests) == 1
        model.begin_turn()
        assert await streamed(model) == "second"
        model.begin_turn()
        assert await streamed(model) == "back again"


async def test_where_all_fail_the_last_ones_failure_is_said(chain):
    with ScriptedModel(Status(503)) as first, ScriptedModel(Status(429, "no more today")) as last:
        model = await chain.over(first.base_url, "http://broken.test/v1", last.base_url)
        with pytest.raises(Exception, match="429") as raised:
            await streamed(model)
    explained = failures.explained(raised.value, model=model.choice.title)
    assert isinstance(explained, RateLimited)
    assert "no more today" in explained.message
    assert len(chain.told) == 2


async def test_the_lock_holds_for_the_next_one_too(chain):
    chain.outgoing.this_machine_only = True
    with ScriptedModel(Status(503)) as here:
        model = await chain.over(here.base_url, "https://vendor.test/v1")
        with pytest.raises(Exception, match="This machine only"):
            await asyncio.wait_for(streamed(model), 20)
