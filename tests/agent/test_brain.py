import asyncio
import contextlib
import threading

import pytest

from pymolcode_plugin.agent import brain as brain_module
from pymolcode_plugin.agent import own_server as module
from pymolcode_plugin.agent import profiles
from pymolcode_plugin.agent.approvals import Policy
from pymolcode_plugin.agent.brain import Brain
from pymolcode_plugin.agent.budget import Budget, BudgetReached
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.agent.spending import Spending
from pymolcode_plugin.config import settings
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.core.events import ModelState, UsageTold
from pymolcode_plugin.core.ports import Answer, Completion
from pymolcode_plugin.llm import catalogue
from pymolcode_plugin.tools.catalogue import TOOLS

from ..scripted_model import ScriptedModel

MODEL = {"PYMOLCODE_MODEL": "builtin"}


class SlowServer:
    """Stands for the child process: it is alive at once, and can be used only when `loaded` is set."""

    address = ""

    def __init__(self, *_args, **_more):
        self.alive, self.key, self.base_url, self.started = False, "a-key-0123456789", self.address, False
        self.loaded = asyncio.Event()

    async def start(self):
        self.alive = True
        await self.loaded.wait()
        self.started = True

    async def warm(self, _prefix):
        return 0.0

    async def complete(self, _prompt, **_more):
        assert self.started, "half of a server was used"
        return Completion(text="x", n_prompt=10, n_cached=90, n_generated=5)

    def kill(self):
        self.alive = False


class Refusing:
    """A person who does not go on at the limit."""

    async def ask(self, _question):
        return Answer(allowed=False)


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
        budget = Budget(spending, Refusing(), states.append)
        made.append(Brain(TOOLS, None, None, states.append, outgoing, spending, budget, read_settings=read))
        return made[-1], states

    yield make
    for brain in made:
        await brain.aclose()


async def test_stop_while_the_model_starts_leaves_a_model_that_still_becomes_ready(make_brain):
    brain, states = make_brain()
    await brain._current()
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
    await brain._current()
    asking = asyncio.ensure_future(brain._own.complete("colour it", grammar="root ::= [a-z]+", max_tokens=7))
    while not (brain.server and brain.server.alive):  # noqa: ASYNC110  # the server has no event for it
        await asyncio.sleep(0)
    brain.server.loaded.set()
    await asking
    text = outgoing.last_request()
    assert "/completion" in text
    assert '"prompt": "colour it"' in text
    assert outgoing.statement() == "Everything stays on this machine."


async def loaded(brain):
    await brain._current()
    brain.server.loaded.set()
    return brain._own


async def test_each_request_to_the_built_in_model_is_counted_and_told_with_what_its_cache_held(make_brain):
    brain, states = make_brain()
    own = await loaded(brain)
    for _ in range(2):
        await own.complete("x", grammar="", max_tokens=1)
    told = [event for event in states if isinstance(event, UsageTold)]
    assert [event.session.n_requests for event in told] == [1, 2]
    total = told[-1].session
    assert (total.n_input_tokens, total.n_cached_tokens, total.n_output_tokens) == (200, 180, 10)
    assert total.context_fraction == pytest.approx(105 / own.entry.n_ctx)
    assert total.cost_usd == 0


async def test_the_budget_holds_the_built_in_model_in_the_middle_of_a_turn(make_brain, tmp_path):
    environment = MODEL | {"PYMOLCODE_WEIGHTS": str(tmp_path / "some.gguf"), "PYMOLCODE_BUDGET_TOKENS": "100"}
    brain, _states = make_brain(lambda: settings.load(environment))
    own = await loaded(brain)
    await own.complete("x", grammar="", max_tokens=1)
    with pytest.raises(BudgetReached, match="100 tokens"):
        await own.complete("x", grammar="", max_tokens=1)


async def test_a_built_in_model_with_tools_of_its_own_is_counted_once(make_brain, monkeypatch, tmp_path):
    entry = catalogue.find().model_copy(update={"profile": "full", "n_ctx": 1000})
    monkeypatch.setattr(profiles, "local_file", lambda _choice: (tmp_path / "some.gguf", entry))
    with ScriptedModel("Hello.") as server:
        monkeypatch.setattr(SlowServer, "address", server.base_url.removesuffix("/v1"))
        brain, states = make_brain()
        turn = asyncio.ensure_future(brain.run("t1", "hello", lambda _event: None))
        while not (brain.server and brain.server.alive):  # noqa: ASYNC110  # the server has no event for it
            await asyncio.sleep(0)
        brain.server.loaded.set()
        await turn
        assert len(server.requests) == 1
    (told,) = [event for event in states if isinstance(event, UsageTold)]
    assert (told.session.n_requests, told.session.n_input_tokens) == (1, 100)
    assert told.session.context_fraction == pytest.approx(0.107)


async def test_of_two_picks_the_later_one_counts_also_where_the_first_takes_longer(make_brain, monkeypatch):
    may_end, began = threading.Event(), threading.Event()

    def choose(_settings, *, session_model):
        if session_model == "slow":
            began.set()
            assert may_end.wait(10)

    monkeypatch.setattr(brain_module, "choose", choose)
    brain, _states = make_brain()
    slow = asyncio.ensure_future(brain.use_model("slow"))
    assert await asyncio.to_thread(began.wait, 10)
    await brain.use_model("quick")
    may_end.set()
    await slow
    assert brain.session_model == "quick"


async def test_a_model_that_is_picked_while_another_is_made_ready_gets_the_message(make_brain, monkeypatch):
    may_end, began = threading.Event(), threading.Event()
    choose = brain_module.choose

    def slow_once(locked, *, session_model):
        found = choose(locked, session_model=session_model)
        if not began.is_set():
            began.set()
            assert may_end.wait(10)
        return found

    with ScriptedModel("First.") as first, ScriptedModel("Second.") as second:
        environment = first.environment | {"OLLAMA_BASE_URL": second.base_url}
        brain, _states = make_brain(lambda: settings.load(environment))
        monkeypatch.setattr(brain_module, "choose", slow_once)
        turn = asyncio.ensure_future(brain.run("t1", "x", lambda _event: None))
        assert await asyncio.to_thread(began.wait, 10)
        await brain.use_model("ollama:scripted")
        may_end.set()
        await turn
        assert (len(first.requests), len(second.requests)) == (0, 1)
    assert brain.choice.full_name == "ollama:scripted"


async def test_a_server_that_was_left_says_nothing_of_the_model_in_use(make_brain):
    with ScriptedModel("Hello.") as server:
        brain, states = make_brain()
        old = await brain._current()
        environment = server.environment | {"PYMOLCODE_WEIGHTS": ""}
        brain._read_settings = lambda: settings.load(environment)
        brain._staleness.forget()
        await brain.run("t1", "x", lambda _event: None)
        n_told = len(states)
        old.own._tell("failed", "It ended")
        assert len(states) == n_told
    assert states[-1].kind != "model_state" or states[-1].model == "scripted"
