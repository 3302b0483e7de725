"""Each model gets its own reasoning back, and nobody else's; on the wire of every vendor's format."""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import DeltaThinkingPart, DeltaToolCall, FunctionModel

from pymolcode_plugin.agent.approvals import Policy
from pymolcode_plugin.agent.fallback import with_fallback
from pymolcode_plugin.agent.foreign import is_of, signed, without_foreign_marks, writer_of
from pymolcode_plugin.agent.full_profile import FullProfile
from pymolcode_plugin.agent.gate import Gate
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.core.tool import ToolResult
from pymolcode_plugin.llm.build import build
from pymolcode_plugin.llm.choice import Choice
from pymolcode_plugin.tools.catalogue import TOOLS

from ..node_servers import aimock
from . import ten_turns

pytestmark = pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason")
ONE = Choice(provider="openai", api="responses", name="one", base_url="https://one.test/v1")
OTHER = Choice(provider="anthropic", api="anthropic", name="other", base_url="https://other.test")


_IN_ANOTHER_RUN = """
from pydantic import SecretStr
from pymolcode_plugin.agent.foreign import writer_of
from pymolcode_plugin.llm.choice import Choice
key = SecretStr("0")
print(writer_of(Choice(provider="openai", api="responses", name="one", base_url="https://one.test/v1", key=key)).mark)
"""


def thoughtful(writer, call_id="call_1"):
    """A turn whose answer has all that only its own vendor takes."""
    marks = {"id": "rs_canary", "provider_name": "openai"}
    answer = ModelResponse(
        parts=[
            ThinkingPart(content="canary thought", signature="canary-signature", **marks),
            TextPart(content="Let me look.", id="msg_canary", provider_name="openai"),
            ToolCallPart(
                tool_name="look", args={}, tool_call_id=call_id, id="fc_canary", provider_name="openai",
                provider_details={"thought_signature": "canary"},
            ),
        ],
        provider_name="openai",
        provider_response_id="resp_canary",
        metadata=signed({"kept": 1}, writer) if writer else None,
    )  # fmt: skip
    asked = ModelRequest(parts=[UserPromptPart(content="What is it?")])
    return [asked, answer, ModelRequest(parts=[ToolReturnPart(tool_name="look", content="a", tool_call_id=call_id)])]


def test_whoever_wrote_it_gets_it_back_as_it_was():
    messages = thoughtful(writer_of(ONE))
    assert without_foreign_marks(messages, writer_of(ONE)) == messages
    assert messages[1].metadata["kept"] == 1


@pytest.mark.parametrize("writer", [writer_of(ONE), None])
def test_another_one_gets_the_words_and_the_calls_and_the_history_stays(writer):
    messages = thoughtful(writer)
    before = repr(messages)
    plain = without_foreign_marks(messages, writer_of(OTHER))
    assert "canary" not in repr(plain)
    assert [part.part_kind for part in plain[1].parts] == ["text", "tool-call"]
    assert plain[1].parts[1].tool_call_id == plain[2].parts[0].tool_call_id == "call_1"
    assert repr(messages) == before
    assert "canary thought" in before


def test_an_answer_of_reasoning_alone_is_left_out():
    messages = thoughtful(writer_of(ONE))
    messages[1].parts = messages[1].parts[:1]
    assert len(without_foreign_marks(messages[:2], writer_of(OTHER))) == 1


@pytest.mark.parametrize("call_id", ["functions.look:0", "x" * 60])
def test_a_name_of_a_call_that_not_every_vendor_takes_becomes_another_in_call_and_result(call_id):
    plain = without_foreign_marks(thoughtful(writer_of(ONE), call_id), writer_of(OTHER))
    assert plain[1].parts[1].tool_call_id == plain[2].parts[0].tool_call_id
    assert len(plain[2].parts[0].tool_call_id) <= 40
    assert plain[2].parts[0].tool_call_id.replace("_", "").isalnum()
    own = without_foreign_marks(thoughtful(writer_of(ONE), call_id), writer_of(ONE))
    assert own[1].parts[2].tool_call_id == own[2].parts[0].tool_call_id == call_id


def test_another_address_or_model_is_another_writer_and_another_key_another_account():
    one = writer_of(ONE)
    assert writer_of(ONE.model_copy(update={"why": "asked for", "considered": ()})) == one
    for update in ({"name": "two"}, {"base_url": "https://two.test/v1"}, {"provider": "custom"}):
        assert writer_of(ONE.model_copy(update=update)).place != one.place
    other_key = writer_of(ONE.model_copy(update={"key": SecretStr("another-key-0123")}))
    assert (other_key.place, other_key.account == one.account) == (one.place, False)
    hidden = ONE.model_copy(update={"base_url": "https://me:another-key-0123@one.test/v1"})
    assert writer_of(hidden) == one


def test_after_another_key_the_words_are_its_own_but_the_reasoning_is_not_sent():
    messages = thoughtful(writer_of(ONE))
    now = writer_of(ONE.model_copy(update={"key": SecretStr("another-key-0123")}))
    plain = without_foreign_marks(messages, now)
    assert "canary" not in repr(plain)
    assert is_of(plain[1], now)


def test_what_goes_to_disk_with_a_history_says_nothing_of_the_key():
    place, account = writer_of(ONE.model_copy(update={"key": SecretStr("0")})).mark.split(":")
    again = subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_RUN], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()
    assert again.split(":")[0] == place
    assert again.split(":")[1] != account, "the same key has the same digest in every run, so it could be guessed"


async def on_the_wire(api, base_url, *, own):
    """What a request holds whose history another address, or the same one, wrote."""
    provider, path, name = ten_turns.MODELS[api]
    outgoing = ten_turns.Recording()
    fixtures = [{"match": {}, "response": {"content": "Done."}}]
    with tempfile.TemporaryDirectory() as folder, aimock(fixtures, Path(folder)) as server:
        choice = Choice(
            provider=provider, api=api, name=name, base_url=server.url + path, key=SecretStr("canary-key-0123")
        )
        writer = writer_of(choice if own else choice.model_copy(update={"base_url": base_url}))
        built = await asyncio.to_thread(build, choice, outgoing, chat_id="chat")
        try:
            agent = Agent(Gate(built.model, outgoing, choice))
            await agent.run("And now?", message_history=thoughtful(writer))
        finally:
            await built.aclose()
    return json.dumps(outgoing.bodies[-1])


@pytest.mark.parametrize("api", ten_turns.MODELS)
async def test_on_the_wire_of_every_vendor_nothing_of_anothers_reasoning_is_sent(api):
    sent = await on_the_wire(api, "https://elsewhere.test/v1", own=False)
    assert "Let me look." in sent
    assert "canary" not in sent


async def test_on_the_wire_of_openai_its_own_reasoning_is_sent():
    sent = await on_the_wire("responses", "", own=True)
    for mark in ("rs_canary", "canary-signature", "fc_canary"):
        assert mark in sent


def thinking(seen, *turns):
    """A model that thinks before each of its turns: text, or a call where it is empty; or fails."""
    left = list(turns)

    async def stream(messages, _info):
        seen.append(messages)
        turn = left.pop(0)
        if isinstance(turn, Exception):
            raise turn
        number = len(seen)
        yield {0: DeltaThinkingPart(content=f"thought {number}", signature=f"signed{number}")}
        if turn:
            yield turn
        else:
            yield {1: DeltaToolCall(name="scene_state", json_args="{}", tool_call_id=f"call{number}")}

    return FunctionModel(stream_function=stream)


def thoughts(messages):
    return [part.signature for message in messages for part in message.parts if isinstance(part, ThinkingPart)]


async def test_a_fallback_gets_no_reasoning_and_the_first_model_gets_its_own_back():
    first, second = [], []
    overloaded = ModelHTTPError(503, "one")
    models = {
        "one": thinking(first, "", overloaded, "back again"),
        "other": thinking(second, "", "instead"),
    }

    async def call_tool(*_):
        return ToolResult(text="One object.")

    outgoing = Outgoing(Policy(None))
    chain = await with_fallback((ONE, OTHER), lambda choice: models[choice.name], outgoing, lambda _text: None)
    profile = FullProfile(chain, TOOLS, call_tool, begin_turn=chain.begin_turn)
    await profile.run("t1", "look", lambda _event: None)
    await profile.run("t2", "and now?", lambda _event: None)
    assert thoughts(second[0]) == []
    assert thoughts(second[1]) == ["signed1"], "its own step of this turn keeps its reasoning"
    assert thoughts(first[2]) == ["signed1"]
    assert "One object." in str(second[0])
    assert "instead" in str(first[2])
