"""What a shorter history still holds, whatever it held before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_ai.messages import (
    BinaryContent,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import FunctionModel

from pymolcode_plugin.agent import compaction
from pymolcode_plugin.agent.full_profile import FullProfile
from pymolcode_plugin.agent.memory import Memory
from pymolcode_plugin.core.events import Notice
from pymolcode_plugin.core.tool import ToolResult
from pymolcode_plugin.tools.catalogue import TOOLS

PNG = BinaryContent(b"\x89PNG", media_type="image/png")
LONG = "x" * 1000


@st.composite
def histories(draw):
    """Turns of a chat: a request, then any number of steps with results and pictures, then an answer or none."""
    messages, number = [], 0
    for turn in range(draw(st.integers(0, 8))):
        messages.append(ModelRequest(parts=[UserPromptPart(content=f"request {turn}")]))
        for _ in range(draw(st.integers(0, 3))):
            n_calls = draw(st.integers(1, 3))
            ids = [f"call{number + index}" for index in range(n_calls)]
            number += n_calls
            thinking = [ThinkingPart(content="hm")] if draw(st.booleans()) else []
            calls = [ToolCallPart(tool_name="look", args={"a": 1}, tool_call_id=name) for name in ids]
            messages.append(ModelResponse(parts=[*thinking, *calls]))
            text = draw(st.sampled_from(["short", LONG]))
            results = [ToolReturnPart(tool_name="look", content=text, tool_call_id=name) for name in ids]
            pictures = [UserPromptPart(content=["a picture", PNG])] if draw(st.booleans()) else []
            messages.append(ModelRequest(parts=[*results, *pictures]))
        if draw(st.booleans()):
            messages.append(ModelResponse(parts=[TextPart(content=f"answer {turn}")]))
    return messages


def check_sendable(messages):
    """Every result follows its call, every call has its result, and the whole can be written and read."""
    called, answered = [], []
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                called.append(part.tool_call_id)
            if isinstance(part, ToolReturnPart):
                assert part.tool_call_id in called
                answered.append(part.tool_call_id)
    assert sorted(called) == sorted(answered)
    assert all(message.parts for message in messages)
    assert ModelMessagesTypeAdapter.validate_json(ModelMessagesTypeAdapter.dump_json(messages))[:0] == []


STEPS = [
    compaction.without_old_results,
    compaction.without_middle,
    compaction.shortest,
    lambda messages: compaction.without_middle(messages, summary="They coloured it."),
]


@pytest.mark.parametrize("step", STEPS)
@given(messages=histories())
def test_calls_and_results_stay_together_and_a_second_time_changes_nothing(step, messages):
    before = list(messages)
    shorter = step(messages)
    assert messages == before, "the history itself is not changed"
    check_sendable(shorter)
    assert compaction.n_tokens(shorter) <= compaction.n_tokens(messages) + 60
    if messages:
        assert shorter[0].parts[0].content == messages[0].parts[0].content
        assert compaction.turns(shorter)[-1][-1].parts[-1].part_kind == messages[-1].parts[-1].part_kind
    assert step(shorter) == shorter


@given(messages=histories())
def test_the_last_turns_stay_as_they_are(messages):
    kept = [message for turn in compaction.turns(messages)[-compaction.KEPT_TURNS :] for message in turn]
    for step in (compaction.without_old_results, compaction.without_middle):
        assert step(messages)[-len(kept) :] == kept if kept else step(messages) == []


def chat(n_turns, chars=4000):
    """Turns that each hold one long result."""
    messages = []
    for turn in range(n_turns):
        messages += [
            ModelRequest(parts=[UserPromptPart(content=f"request {turn}")]),
            ModelResponse(parts=[ToolCallPart(tool_name="look", args={}, tool_call_id=f"c{turn}")]),
            ModelRequest(
                parts=[ToolReturnPart(tool_name="look", content=f"{turn}" + "y" * chars, tool_call_id=f"c{turn}")]
            ),
            ModelResponse(parts=[TextPart(content=f"answer {turn} " + "z" * chars)]),
        ]
    return messages


def says(text, seen=None):
    async def stream(messages, _info):
        if seen is not None:
            seen.append(messages)
        yield text

    return FunctionModel(stream_function=stream)


def texts(events):
    return [event.text for event in events if isinstance(event, Notice)]


async def test_a_short_chat_is_left_alone():
    told, history = [], chat(3)
    assert await Memory(says("-"), 128_000, lambda: True).with_room(history, told.append) is history
    assert told == []


async def test_at_six_tenths_old_results_go_first_and_that_is_told():
    told, history = [], chat(8)
    window = int((compaction.n_tokens(history) + 4000) / 0.65)
    shorter = await Memory(says("never asked"), window, lambda: True).with_room(history, told.append)
    assert shorter == compaction.without_old_results(history)
    assert len(texts(told)) == 1


async def test_where_that_is_not_enough_the_middle_is_summed_up_by_the_model():
    told, seen, history = [], [], chat(12)
    window = compaction.n_tokens(compaction.without_old_results(history)) + 4000
    memory = Memory(says("They looked twelve times.", seen), window, lambda: True)
    shorter = await memory.with_room(history, told.append)
    assert shorter[1].parts[0].content == compaction.SUMMARY + "They looked twelve times."
    assert "request 5" in str(seen)
    assert "request 11" not in str(seen)
    assert "summed up" in texts(told)[0]
    check_sendable(shorter)


@pytest.mark.parametrize("may", [True, False])
async def test_without_a_summary_the_middle_is_left_out(may):
    async def fail(_messages, _info):
        raise RuntimeError("the model is down")
        yield ""

    told, history = [], chat(12)
    model = FunctionModel(stream_function=fail) if may else says("must not be asked")
    shorter, what = await Memory(model, 128_000, lambda: may).compacted(history, told.append)
    assert compaction.LEFT_OUT in str(shorter[1])
    assert "must not be asked" not in str(shorter)
    assert "left out" in texts(told)[0]
    assert "instead of" in what


async def test_what_is_too_long_for_the_server_is_made_shorter_once_and_sent_again():
    from pydantic_ai.exceptions import ModelHTTPError

    sizes = []

    async def stream(messages, _info):
        sizes.append(compaction.n_tokens(messages))
        if sizes[-1] > 2000:
            raise ModelHTTPError(400, "m", {"error": {"message": "prompt is too long: 210000 tokens"}})
        yield "Done."

    async def call_tool(_call_id, _name, _arguments):
        return ToolResult(text="ok")

    told = []
    profile = FullProfile(FunctionModel(stream_function=stream), TOOLS, call_tool)
    profile._history = chat(6)
    await profile.run("t1", "what now?", told.append)
    assert len(sizes) == 2
    assert sizes[1] < 2000 < sizes[0]
    assert "too long" in texts(told)[0]
    assert "what now?" in str(profile._history)
