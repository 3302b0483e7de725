"""The next model is tried where this one is overloaded, out of reach or not paid for, and only there."""

import asyncio
import threading

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

from ..llm.overloaded_stream import overloaded_stream
from ..scripted_model import Cut, ScriptedModel, Silence, Status


@pytest.fixture(autouse=True)
def no_retries(monkeypatch):
    monkeypatch.setattr(patience, "DEFAULT", patience.Patience(n_again=0, n_briefly=0))


class Arrivals(list):
    """Requests, and that one came."""

    def __init__(self):
        super().__init__()
        self.came = threading.Event()

    def append(self, request):
        super().append(request)
        self.came.set()


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


@pytest.mark.parametrize("status", [402, 429, 500, 503, 529])
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


async def test_overloaded_inside_an_answer_of_which_nothing_was_shown_is_tried_elsewhere(chain):
    with overloaded_stream() as busy, ScriptedModel(("color", {"selection": "a"}), "from the second") as other:
        model = await chain.over(f"{busy.url}/v1", other.base_url)
        agent, shown = Agent(model), []

        @agent.tool_plain
        async def color(selection: str) -> str:
            return selection

        async with agent.run_stream_events("x") as events:
            async for event in events:
                shown.append(event.event_kind)
                text = event.result.output if event.event_kind == "agent_run_result" else ""
    assert text.strip() == "from the second"
    assert busy.n_asked == 1, "also for what follows a tool call"
    assert (shown.count("part_start"), shown.count("part_end"), shown.count("function_tool_call")) == (2, 2, 1)
    (told,) = chain.told
    assert "is overloaded" in told
    assert "Trying model1" in told


async def test_an_answer_that_is_cut_before_its_first_word_is_tried_elsewhere(chain):
    with ScriptedModel(Cut("")) as cut, ScriptedModel("from the second") as other:
        assert await streamed(await chain.over(cut.base_url, other.base_url)) == "from the second"
    assert len(chain.told) == 1


async def test_every_word_is_given_on_once_and_when_it_comes(chain):
    with ScriptedModel(Silence("one two three")) as server:
        model, pieces = await chain.over(server.base_url), []

        async def read():
            async with Agent(model).run_stream_events("x") as events:
                async for event in events:
                    piece = getattr(event, "part" if event.event_kind == "part_start" else "delta", None)
                    pieces.append(getattr(piece, "content", "") or getattr(piece, "content_delta", "") or "")
                    if "".join(pieces).strip() == "one two three":
                        return

        await asyncio.wait_for(read(), 20)


async def test_a_stop_while_the_first_word_is_waited_for_ends_the_request(chain):
    with ScriptedModel(Silence()) as server:
        server.requests = Arrivals()
        task = asyncio.ensure_future(streamed(await chain.over(server.base_url)))
        assert await asyncio.to_thread(server.requests.came.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.broken_off.wait, 20)
    assert chain.told == []


async def test_the_only_model_is_asked_again_where_it_says_so_inside_an_answer(chain, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(patience, "DEFAULT", patience.Patience(sleep=sleep, chance=lambda: 0.0))
    with overloaded_stream() as busy:
        with pytest.raises(AgentRunError) as raised:
            await streamed(await chain.over(f"{busy.url}/v1"))
        assert busy.n_asked == 3
    assert slept == [0.5, 1.0]
    assert "overloaded" in failures.explained(raised.value, model="x").message


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
