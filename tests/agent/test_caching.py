"""What a provider has read once it need not read again: requests of a chat begin alike."""

import itertools
import json

import pytest

from . import ten_turns

pytestmark = pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason")


@pytest.mark.parametrize("api", ten_turns.MODELS)
async def test_each_request_of_a_chat_begins_with_the_whole_one_before(api):
    bodies = await ten_turns.requests(api)
    assert len(bodies) == 2 * ten_turns.N_TURNS
    for before, after in itertools.pairwise(bodies):
        assert ten_turns.beginning(after) == ten_turns.beginning(before)
        said = ten_turns.messages(before)
        assert ten_turns.messages(after)[: len(said)] == said
        assert len(ten_turns.messages(after)) > len(said)


async def test_for_anthropic_the_places_to_cache_are_marked_within_its_limit():
    bodies = await ten_turns.requests("anthropic")
    for body in bodies:
        marked = json.dumps(body).count('"cache_control"')
        assert 2 <= marked <= 4
        assert "cache_control" in json.dumps(body["tools"][-1])
        assert "cache_control" in json.dumps(body["messages"][-1])


async def test_for_openai_requests_of_a_chat_share_a_key():
    assert {body["prompt_cache_key"] for body in await ten_turns.requests("responses")} == {"chat"}
