import httpx2
import pytest
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError
from pydantic_ai.models.function import DeltaToolCall, FunctionModel

from pymolcode_plugin.agent.full_profile import FullProfile
from pymolcode_plugin.core.events import TextDelta
from pymolcode_plugin.core.tool import ToolResult
from pymolcode_plugin.tools.catalogue import TOOLS


def scripted(*turns):
    """A model that streams one of `turns` a request: text, or (tool, JSON)."""
    requests = []

    async def stream(messages, _info):
        requests.append(messages)
        turn = turns[min(len(requests), len(turns)) - 1]
        if isinstance(turn, str):
            for word in turn.split(" "):
                yield word + " "
        else:
            yield {0: DeltaToolCall(name=turn[0], json_args=turn[1], tool_call_id=f"call{len(requests)}")}

    return FunctionModel(stream_function=stream), requests


@pytest.fixture
def calls():
    return []


@pytest.fixture
def door(calls):
    async def call_tool(call_id, name, arguments):
        calls.append((call_id, name, arguments))
        return ToolResult(text="99 residues.")

    return call_tool


async def test_a_tool_call_goes_through_the_door_and_its_result_reaches_the_model(door, calls):
    model, requests = scripted(("query_atoms", '{"what": "count", "selections": ["chain A"]}'), "It has 99 residues.")
    events = []
    await FullProfile(model, TOOLS, door).run("t1", "How long is chain A?", events.append)
    assert calls == [("call1", "query_atoms", {"what": "count", "selections": ["chain A"]})]
    assert "99 residues." in str(requests[1])
    assert "".join(event.text for event in events if isinstance(event, TextDelta)).strip() == "It has 99 residues."


async def test_the_model_reads_each_tool_as_its_own_schema_says(door):
    offered = []

    async def stream(_messages, info):
        offered.extend(info.function_tools)
        yield "Hello."

    await FullProfile(FunctionModel(stream_function=stream), TOOLS, door).run("t1", "Hi", lambda _event: None)
    assert {tool.name: tool.parameters_json_schema for tool in offered} == {tool.name: tool.schema for tool in TOOLS}
    assert [tool.description for tool in offered] == [tool.description for tool in TOOLS]


async def test_arguments_that_do_not_fit_still_reach_the_door_which_refuses_them(door, calls):
    model, _ = scripted(("query_atoms", '{"what": "colour"}'), "Sorry.")
    await FullProfile(model, TOOLS, door).run("t1", "x", lambda _event: None)
    assert calls == [("call1", "query_atoms", {"what": "colour"})]


async def test_the_next_turn_knows_the_calls_of_the_one_before(door):
    model, requests = scripted(("scene_state", "{}"), "One.", "Two.")
    profile = FullProfile(model, TOOLS, door)
    await profile.run("t1", "first question", lambda _event: None)
    await profile.run("t2", "second question", lambda _event: None)
    assert "first question" in str(requests[2])
    assert "99 residues." in str(requests[2])


async def test_a_model_that_never_stops_is_stopped(door, calls):
    from pydantic_ai.exceptions import UsageLimitExceeded

    model, _ = scripted(("scene_state", "{}"))
    with pytest.raises(UsageLimitExceeded):
        await FullProfile(model, TOOLS, door, request_limit=3).run("t1", "x", lambda _event: None)
    assert len(calls) == 3


async def test_a_model_that_writes_without_end_is_cut_off(door, monkeypatch):
    from pymolcode_plugin.agent import full_profile
    from pymolcode_plugin.core.errors import ProviderError

    async def stream(_messages, _info):
        while True:
            yield "again "

    monkeypatch.setattr(full_profile, "_MAX_CHARS", 600)
    events = []
    with pytest.raises(ProviderError, match="did not come to an end"):
        await FullProfile(FunctionModel(stream_function=stream), TOOLS, door).run("t1", "x", events.append)
    assert sum(len(event.text) for event in events) == 600


PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def looking():
    async def call_tool(*_):
        return ToolResult(text="Picture of the viewport.", image_png=PICTURE)

    return call_tool


def blind(*turns, error=None):
    """A model whose server refuses every request that holds a picture."""
    model, requests = scripted(*turns)
    refused = []

    async def stream(messages, info):
        if "image/png" in str(messages):
            refused.append(messages)
            raise error or ModelHTTPError(400, "blind", {"message": "image input is not supported"})
        async for item in model.stream_function(messages, info):
            yield item

    return FunctionModel(stream_function=stream), requests, refused


async def test_a_picture_reaches_a_model_that_sees(looking):
    model, requests = scripted(("look", "{}"), "I see a protein.")
    await FullProfile(model, TOOLS, looking).run("t1", "look", lambda _event: None)
    assert "image/png" in str(requests[1])


async def test_a_model_that_cannot_see_gets_words_and_the_chat_goes_on(looking):
    model, requests, refused = blind(("look", "{}"), "I cannot see it.", ("look", "{}"), "Still not.")
    profile, events = FullProfile(model, TOOLS, looking), []
    await profile.run("t1", "look", events.append)
    await profile.run("t2", "look again", events.append)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text.split() == ["I", "cannot", "see", "it.", "Still", "not."]
    assert len(refused) == 1, "it is asked to see once, not every time"
    assert str(requests[-1]).count("which this model cannot see") == 2


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ModelHTTPError(503, "m", {"message": "Loading model"}), None),
        (ModelHTTPError(529, "m", {"error": {"type": "overloaded_error", "message": "Overloaded"}}), None),
        (ModelHTTPError(429, "m", {"message": "Rate limit reached"}), None),
        (ModelHTTPError(500, "m", {"message": "The server had an error"}), None),
        (ModelHTTPError(402, "m", {"message": "Insufficient Balance"}), None),
        (ModelHTTPError(400, "m", {"message": "was flagged", "code": "content_filter"}), None),
        (ModelAPIError("m", "Overloaded"), None),
        (ModelAPIError("m", "Request timed out."), httpx2.ReadTimeout("slow")),
    ],
    ids=str,
)
async def test_a_bad_moment_does_not_make_a_model_blind(looking, error, cause):
    model, requests = scripted(("look", "{}"), "A protein.")
    n_asked = 0

    async def stream(messages, info):
        nonlocal n_asked
        n_asked += 1
        if n_asked == 2:
            raise error from cause
        async for item in model.stream_function(messages, info):
            yield item

    profile = FullProfile(FunctionModel(stream_function=stream), TOOLS, looking)
    with pytest.raises(ModelAPIError):
        await profile.run("t1", "look", lambda _event: None)
    assert n_asked == 2, "it is not asked again without the picture"
    await profile.run("t2", "and now?", lambda _event: None)
    assert "image/png" in str(requests[-1])


async def test_a_local_server_that_fails_at_a_picture_gets_words(looking):
    error = ModelHTTPError(500, "m", {"message": "image input is not supported - you may need to provide the mmproj"})
    model, requests, refused = blind(("look", "{}"), "I cannot see it.", error=error)
    await FullProfile(model, TOOLS, looking).run("t1", "look", lambda _event: None)
    assert len(refused) == 1
    assert "which this model cannot see" in str(requests[-1])


async def test_a_model_that_is_known_not_to_see_never_gets_a_picture(looking):
    model, requests, refused = blind(("look", "{}"), "I cannot see it.")
    await FullProfile(model, TOOLS, looking, sees=False).run("t1", "look", lambda _event: None)
    assert refused == []
    assert "which this model cannot see" in str(requests[-1])


async def test_of_a_chat_that_goes_on_with_a_blind_model_the_pictures_become_words(looking):
    seeing, _requests = scripted(("look", "{}"), "I see a protein.")
    first = FullProfile(seeing, TOOLS, looking)
    await first.run("t1", "look", lambda _event: None)
    model, requests, refused = blind("What was it?")
    second = FullProfile(model, TOOLS, looking, sees=False)
    assert second.take_over(first)
    await second.run("t2", "and now?", lambda _event: None)
    assert refused == []
    assert "I see a protein." in str(requests[0])


async def test_a_refusal_without_a_picture_in_the_chat_is_a_failure(door):
    async def stream(_messages, _info):
        raise ModelHTTPError(400, "m", {})
        yield ""

    with pytest.raises(ModelHTTPError):
        await FullProfile(FunctionModel(stream_function=stream), TOOLS, door).run("t1", "x", lambda _event: None)


@pytest.mark.parametrize("arguments", ["[1, 2]", '"red"', "null", "17"])
async def test_arguments_that_are_no_object_are_sent_back_to_the_model(door, calls, arguments):
    model, requests = scripted(("scene_state", arguments), "Sorry.")
    events = []
    await FullProfile(model, TOOLS, door).run("t1", "x", events.append)
    assert calls == []
    assert len(requests) == 2
    assert "".join(event.text for event in events).strip() == "Sorry."


async def test_no_name_of_an_argument_is_taken_for_our_own(door, calls):
    model, _ = scripted(("run_pymol", '{"ctx": 1, "self": 2}'), "Sorry.")
    await FullProfile(model, TOOLS, door).run("t1", "x", lambda _event: None)
    assert calls == [("call1", "run_pymol", {"ctx": 1, "self": 2})]


async def test_half_a_character_is_not_sent_back_to_the_model(door):
    model, requests = scripted("half \ud83d", "And now?")
    profile = FullProfile(model, TOOLS, door)
    await profile.run("t1", "x \udc80", lambda _event: None)
    await profile.run("t2", "y", lambda _event: None)
    sent = str([[getattr(part, "content", "") for part in message.parts] for message in requests[1]])
    sent.encode()
    assert "\\ud83d" not in sent
    assert "\\udc80" not in sent
