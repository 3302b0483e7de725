"""The smallest real request: what each API takes as such, and what still counts as an answer."""

import json

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.sign_in import SignIn
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.core.errors import Rejected
from pymolcode_plugin.llm.asking import ask
from pymolcode_plugin.llm.choice import Choice

from ..scripted_model import Limit, ScriptedModel, Status
from . import wires

BUSY = "Could not finish the message because max_tokens or model output limit was reached. Please try again."


async def asked(server, provider="custom"):
    key = SecretStr("canary-key-1")
    choice = Choice(provider=provider, api="chat", name="m", base_url=server.base_url, key=key)
    return await ask(choice, SignIn(TokenStore()), wires.Wire())


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    fixture = {"match": {"userMessage": "ready"}, "response": {"content": "Ready"}}
    with wires.aimock([fixture], tmp_path_factory.mktemp("aimock")) as server:
        yield server.url


@pytest.mark.conformance
@pytest.mark.parametrize("row", [row for row in wires.ROWS if row.native], ids=lambda row: row.name)
async def test_no_less_is_asked_for_than_the_api_takes(row, url):
    fields, wire = {"max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"}, wires.Wire()
    probe = await ask(row.choice(url), SignIn(TokenStore()), wire)
    body = json.loads(wire.bodies[-1])
    body |= body.get("generationConfig", {})
    (limit,) = [body[name] for name in fields & set(body)]
    assert limit == {"anthropic": 1, "google": 1}.get(row.api, 16)
    assert probe.text == "Ready"


async def test_a_model_that_is_still_thinking_at_the_limit_answers():
    with ScriptedModel(Status(400, BUSY)) as server:
        assert (await asked(server)).text == ""
    with ScriptedModel(Limit("")) as server:
        assert (await asked(server)).n_output_tokens == 7


async def test_any_other_refusal_is_one():
    with ScriptedModel(Status(400, "max_tokens is too large")) as server, pytest.raises(Rejected, match="too large"):
        await asked(server)
