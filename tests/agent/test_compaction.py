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
from pydantic_ai.usage import RequestUsage

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


class Holding:
    """A model that refuses what is longer than it can hold, by its own count, and says what it used."""

    def __init__(self, n_max, *, says="", weight=1.0, overhead=0):
        self.n_max, self.says, self.weight, self.overhead = n_max, says, weight, overhead
        self.sizes = []
        self.model = FunctionModel(stream_function=self._stream)

    async def _stream(self, messages, _info):
        from pydantic_ai.exceptions import ModelHTTPError

        self.sizes.append(int(compaction.n_tokens(messages) * self.weight) + self.overhead)
        if self.sizes[-1] > self.n_max:
            said = self.says.format(sent=self.sizes[-1], limit=self.n_max) or "prompt is too long"
            raise ModelHTTPError(400, "m", {"error": {"message": said}})
        yield "Done."


LIMIT = "prompt is too long: {sent} tokens > {limit} maximum"


async def ok(*_):
    return ToolResult(text="ok")


@pytest.mark.parametrize("says", [LIMIT, ""])
async def test_what_is_too_long_for_the_server_is_made_shorter_and_sent_again(says):
    told, holding = [], Holding(8000, says=says)
    profile = FullProfile(holding.model, TOOLS, ok)
    profile._history = chat(12)
    await profile.run("t1", "what now?", told.append)
    assert holding.sizes[-1] < 8000 < holding.sizes[0]
    assert len(holding.sizes) <= 5
    assert all("too long" in text for text in texts(told))
    assert "what now?" in str(profile._history)


async def test_a_window_that_was_said_is_kept_to_from_then_on():
    told, holding = [], Holding(8000, says=LIMIT)
    profile = FullProfile(holding.model, TOOLS, ok)
    profile._history = chat(12)
    await profile.run("t1", "what now?", told.append)
    assert len(holding.sizes) == 2, "the number in the refusal is enough to fit at once"
    assert profile._memory.window == 8000
    profile._history = [*profile._history, *chat(4)]
    await profile.run("t2", "and now?", told.append)
    assert all(size <= 8000 for size in holding.sizes[1:]), "nothing is refused a second time"


async def test_one_huge_result_is_cut_rather_than_the_turn_lost():
    from pydantic_ai.models.function import DeltaToolCall

    told, holding = [], Holding(6000, says=LIMIT)
    answer = holding._stream

    async def stream(messages, info):
        if len(messages) == 1:
            yield {0: DeltaToolCall(name="scene_state", json_args="{}", tool_call_id="c")}
            return
        async for piece in answer(messages, info):
            yield piece

    async def huge(*_):
        return ToolResult(text="It begins here. " + "x" * 90_000 + " It ends here.")

    profile = FullProfile(FunctionModel(stream_function=stream), TOOLS, huge)
    await profile.run("t1", "look", told.append)
    assert holding.sizes[-1] <= 6000 < holding.sizes[0]
    assert "long results are sent in part" in texts(told)[-1]
    result = next(part for message in profile._history for part in message.parts if isinstance(part, ToolReturnPart))
    assert result.content.startswith("It begins here.")
    assert result.content.endswith("It ends here.")
    assert compaction.LEFT_OUT_OF_RESULT in result.content


async def test_a_refusal_that_never_ends_is_a_failure_after_four_shortenings():
    from pydantic_ai.exceptions import ModelHTTPError

    holding = Holding(-1)
    profile = FullProfile(holding.model, TOOLS, ok, window=10_000_000)
    profile._history = chat(12, chars=40_000)
    with pytest.raises(ModelHTTPError):
        await profile.run("t1", "what now?", lambda _event: None)
    assert 2 < len(holding.sizes) <= 5
    assert holding.sizes == sorted(set(holding.sizes), reverse=True), "each is shorter than the one before"


@given(messages=histories(), max_chars=st.integers(0, 1500))
def test_cut_results_keep_their_calls_and_are_no_longer_than_that(messages, max_chars):
    cut = compaction.with_cut_results(messages, max_chars)
    check_sendable(cut)
    note = len(compaction.LEFT_OUT_OF_RESULT)
    for message in cut:
        for part in message.parts:
            assert not isinstance(part, ToolReturnPart) or len(part.content) <= max(max_chars, note)


def counted(history, n_tokens):
    """The history as it was sent, with what the provider counted for it."""
    return [*history, ModelResponse(parts=[TextPart(content="ok")], usage=RequestUsage(input_tokens=n_tokens))]


async def test_what_the_provider_counted_decides_and_not_our_estimate():
    history = chat(8)
    estimate = compaction.n_tokens(history)
    for n_counted, is_shortened in ((estimate // 2, False), (estimate * 3, True)):
        told = []
        memory = Memory(says("-"), int(estimate * 1.3), lambda: False)
        memory.note(counted(history, n_counted))
        await memory.with_room(history, told.append)
        assert bool(told) == is_shortened


async def test_what_was_added_since_is_estimated_on_top_of_what_was_counted():
    memory, told = Memory(says("-"), 30_000, lambda: False), []
    history = chat(2)
    memory.note(counted(history, 10_000))
    assert await memory.with_room(history, told.append) == history
    longer = [*history, *chat(8)]
    assert await memory.with_room(longer, told.append) != longer
    assert told


async def test_the_count_goes_on_to_another_model_and_ends_with_the_chat():
    one, other = (FullProfile(says("-"), TOOLS, ok, window=50_000) for _ in range(2))
    one._history = counted(chat(4), 45_000)
    one._memory.note(one._history)
    assert other.take_over(one)
    assert other._memory._tokens(other._history) > 45_000
    other.forget()
    assert other._memory._tokens([]) < 45_000


async def test_a_turn_that_grows_beyond_the_window_is_made_shorter_before_the_next_request():
    from pydantic_ai.models.function import DeltaToolCall

    sizes, told = [], []

    async def stream(messages, _info):
        sizes.append(compaction.n_tokens(messages))
        if len(sizes) < 9:
            yield {0: DeltaToolCall(name="scene_state", json_args="{}", tool_call_id=f"c{len(sizes)}")}
        else:
            yield "Done."

    async def long(*_):
        return ToolResult(text="y" * 14_000)

    profile = FullProfile(FunctionModel(stream_function=stream), TOOLS, long, window=20_000)
    await profile.run("t1", "look again and again", told.append)
    assert len(sizes) == 9
    assert max(sizes) < 20_000, "such a server would have dropped the beginning without a word"
    assert 1 <= len(texts(told)) <= 3, "each is a big step"
    assert "look again and again" in str(profile._history)


async def test_what_was_counted_for_a_longer_history_does_not_count_for_the_shorter_one():
    memory = Memory(says("-"), 50_000, lambda: False)
    history = counted(chat(12), 45_000)
    memory.note(history)
    shorter = compaction.shortest(history)
    memory.note(shorter)
    assert memory._tokens(shorter) < 40_000


async def test_a_count_that_cannot_be_is_not_believed():
    memory, history = Memory(says("-"), 50_000, lambda: False), chat(12)
    memory.note(counted(history, 17))
    assert memory._tokens(history) > compaction.n_tokens(history)
