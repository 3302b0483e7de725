"""What each vendor's requests look like, where it refuses what OpenAI takes."""

import asyncio
import json

import httpx2
import pytest
from openai import AsyncOpenAI
from pydantic import SecretStr
from pydantic_ai import Agent, BinaryContent, ToolReturn
from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, ThinkingPart, UserPromptPart
from pydantic_ai.providers.openai import OpenAIProvider

from pymolcode_plugin.auth.providers import providers
from pymolcode_plugin.llm import build as build_module
from pymolcode_plugin.llm.choice import Choice
from pymolcode_plugin.llm.mistral import MistralChatModel

from ..scripted_model import ScriptedModel
from .wires import PNG, Wire

CHAT = [entry.id for entry in providers() if entry.api == "chat"]


def chosen(provider, base_url, name="a-model"):
    vendor = "vendor/" if provider == "openrouter" else ""
    return Choice(provider=provider, api="chat", name=vendor + name, base_url=base_url, key=SecretStr("canary-key-1"))


async def bodies(provider, *turns, name="a-model", prompt="x", history=None, **settings):
    """What goes out for an answer of these turns; `look` gives a picture."""
    with ScriptedModel(*turns) as server:
        built = await asyncio.to_thread(build_module.build, chosen(provider, server.base_url, name), Wire())
        agent = Agent(built.model)

        @agent.tool_plain
        async def select(selection: str) -> str:
            return selection

        @agent.tool_plain
        async def look() -> ToolReturn:
            return ToolReturn("seen", content=[BinaryContent(PNG, media_type="image/png")])

        try:
            async with agent.run_stream_events(prompt, message_history=history, model_settings=settings) as events:
                async for _event in events:
                    pass
        finally:
            await built.aclose()
    return server.requests


@pytest.mark.parametrize("provider", CHAT)
async def test_only_openai_gets_strict_tools(provider):
    (body,) = await bodies(provider, "Hello.")
    strict = [tool["function"]["name"] for tool in body["tools"] if "strict" in tool["function"]]
    assert strict == (["select"] if provider == "azure" else [])


def test_the_same_address_counts_whatever_it_is_called():
    choice = chosen("custom", "https://api.openai.com/v1")
    model = build_module.build(choice, Wire()).model
    assert model.profile.get("openai_supports_strict_tool_definition", True)


@pytest.mark.parametrize("provider", CHAT)
async def test_a_limit_of_tokens_has_the_name_that_the_vendor_knows(provider):
    (body,) = await bodies(provider, "Hello.", max_tokens=16)
    names = {"max_tokens", "max_completion_tokens"} & set(body)
    new = provider in ("azure", "custom", "github-copilot", "groq", "llamacpp", "xai")
    assert names == {"max_completion_tokens" if new else "max_tokens"}


async def test_mistral_gets_no_user_directly_after_a_tool():
    first, second = await bodies("mistral", ("look", {}), "A protein.")
    assert [message["role"] for message in first["messages"]] == ["user"]
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "tool", "assistant", "user"]
    assert "image_url" in json.dumps(second["messages"][-1])


async def test_others_get_a_picture_as_it_is():
    _first, second = await bodies("custom", ("look", {}), "A protein.")
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "tool", "user"]


async def test_mistral_gets_nothing_that_it_refuses():
    reasoned = ThinkingPart("Hm.", id="reasoning_content", provider_name="openai")
    history = [ModelRequest([UserPromptPart("a")]), ModelResponse([reasoned, TextPart("b")], provider_name="openai")]
    (body,) = await bodies("mistral", "Hello.", history=history)
    assert "stream_options" not in body
    assert [set(message) for message in body["messages"]] == [{"role", "content"}] * 3
    assert "Hm." not in json.dumps(body)
    (other,) = await bodies("groq", "Hello.", history=history)
    assert other["stream_options"] == {"include_usage": True}
    assert "Hm." in json.dumps(other)


async def test_the_reasoning_of_mistral_is_told_from_its_answer():
    deltas = [
        {"role": "assistant", "content": ""},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Six times "}]}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "seven."}], "closed": True}]},
        {"content": [{"type": "text", "text": "It is "}]},
        {"content": "42."},
    ]
    usage = {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    chunks = [{**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    last = {"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}
    chunks.append({**chunk, "choices": [last], "usage": usage})
    text = "".join(f"data: {json.dumps(item)}\n\n" for item in chunks) + "data: [DONE]\n\n"

    def answer(_request):
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=text)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        sdk = AsyncOpenAI(base_url="http://mistral.test", api_key="x", http_client=client)
        model = MistralChatModel("magistral-medium-latest", provider=OpenAIProvider(openai_client=sdk))
        async with Agent(model).run_stream_events("x") as events:
            *_, last = [event async for event in events]
    parts = last.result.response.parts
    assert [(part.part_kind, part.content) for part in parts] == [
        ("thinking", "Six times seven."),
        ("text", "It is 42."),
    ]
    assert last.result.usage.input_tokens == 5


async def test_zai_is_given_its_reasoning_back_and_keeps_it():
    reasoned = ThinkingPart("Hm.", id="reasoning_content", provider_name="zai")
    history = [ModelRequest([UserPromptPart("a")]), ModelResponse([reasoned, TextPart("b")], provider_name="zai")]
    (body,) = await bodies("zhipu", "Hello.", name="glm-5.3", history=history)
    assert body["thinking"]["clear_thinking"] is False
    assert body["messages"][1] == {"role": "assistant", "content": "b", "reasoning_content": "Hm."}


async def test_copilot_is_told_of_the_editor_and_of_pictures():
    seen = []

    class Seeing(Wire):
        def sent(self, method, url, headers, body):
            seen.append({name.lower(): value for name, value in headers.items()})

    def answer(request):
        return httpx2.Response(200, json={"had": request.headers.get("copilot-vision-request", "")})

    for host, expected in (("api.githubcopilot.com", ["", "true"]), ("api.vendor.test", ["", ""])):
        client = build_module.watched_client(f"https://{host}", Seeing())
        client._transport, client._mounts = httpx2.MockTransport(answer), {}
        async with client:
            contents = ("x", [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}])
            had = [(await client.post(f"https://{host}/x", json={"content": item})).json()["had"] for item in contents]
        assert had == expected
    assert [headers.get("copilot-vision-request") for headers in seen] == [None, "true", None, None]
    (copilot,) = [entry for entry in providers() if entry.id == "github-copilot"]
    assert copilot.headers["Editor-Version"].startswith("pymolcode/")
