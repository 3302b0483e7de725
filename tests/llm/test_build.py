"""What every vendor's SDK gets: one HTTP client, whose requests are seen and may be refused."""

import anthropic
import httpx2
import pytest

from pymolcode_plugin.agent.last_request import LastRequest
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.llm.build import watched_client

from ..scripted_model import ScriptedModel, Status


class Wire:
    """Writes down what it sees."""

    def __init__(self, allowed=True):
        self.allowed, self.seen = allowed, []

    def check_address(self, url):
        if not self.allowed:
            raise ConfigError("elsewhere")

    def sent(self, method, url, headers, body):
        self.seen.append((method, url, {name.lower(): value for name, value in headers.items()}, body))


async def test_the_requests_of_the_anthropic_sdk_are_seen_as_they_are_sent():
    wire = Wire()
    with ScriptedModel(Status(400, "no")) as server:
        base_url = server.base_url.removesuffix("/v1")
        async with anthropic.AsyncAnthropic(
            api_key="canary", base_url=base_url, http_client=watched_client(base_url, wire)
        ) as client:
            with pytest.raises(anthropic.BadRequestError):
                await client.messages.create(model="m", max_tokens=5, messages=[{"role": "user", "content": "hello"}])
    ((method, url, headers, body),) = wire.seen
    assert (method, url) == ("POST", f"{base_url}/v1/messages")
    assert "canary" in str(headers)
    text = LastRequest(method, url, headers, body).text
    assert "canary" not in text
    assert '"content": "hello"' in text


async def test_what_is_refused_is_not_sent_and_not_seen():
    wire = Wire(allowed=False)
    with ScriptedModel("x") as server:
        async with watched_client(server.base_url, wire) as client:
            with pytest.raises(ConfigError):
                await client.post(f"{server.base_url}/chat/completions", json={})
    assert server.requests == []
    assert wire.seen == []


async def test_a_redirect_is_given_back_and_not_followed():
    with ScriptedModel("x") as other, ScriptedModel(Status(307)) as server:
        server.location = f"{other.base_url}/chat/completions"
        async with watched_client(server.base_url, Wire()) as client:
            response = await client.post(f"{server.base_url}/chat/completions", json={})
    assert response.status_code == httpx2.codes.TEMPORARY_REDIRECT
    assert other.requests == []
