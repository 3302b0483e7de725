import asyncio

import httpx2
import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.providers import find
from pymolcode_plugin.core.errors import (
    ConfigError,
    ModelUnavailable,
    NotSignedIn,
    ProviderError,
    ProviderTimeout,
    Rejected,
)
from pymolcode_plugin.core.model_info import Capabilities, ModelInfo, Price
from pymolcode_plugin.llm import catalogue, model_list

from .. import node_servers
from .listing_server import ListingServer

pytestmark = pytest.mark.conformance

KEY = SecretStr("canary-key-12345678")
OPENAI_LIKE = {"data": [{"id": "old", "created": 1}, {"id": "new", "created": 2}]}
WHERE = [  # provider, what follows the host in its base URL, the path it lists at, the header that carries the key
    ("openai", "/v1", "/v1/models", "authorization"),
    ("anthropic", "", "/v1/models", "x-api-key"),
    ("anthropic", "/v1/", "/v1/models", "x-api-key"),
    ("google", "", "/v1beta/models", "x-goog-api-key"),
    ("google", "/v1beta", "/v1beta/models", "x-goog-api-key"),
    ("github-copilot", "", "/models", "authorization"),
    ("deepseek", "", "/models", "authorization"),
    ("zhipu", "/api/paas/v4", "/api/paas/v4/models", "authorization"),
    ("openrouter", "/api/v1", "/api/v1/models", "authorization"),
    ("groq", "/openai/v1", "/openai/v1/models", "authorization"),
    ("mistral", "/v1", "/v1/models", "authorization"),
    ("xai", "/v1", "/v1/models", "authorization"),
    ("huggingface", "/v1", "/v1/models", "authorization"),
    ("ollama", "/v1", "/v1/models", "authorization"),
    ("lmstudio", "/v1", "/v1/models", "authorization"),
    ("llamacpp", "/v1", "/v1/models", "authorization"),
    ("custom", "/v1/", "/v1/models", "authorization"),
]


async def listed(provider, base_url, *wire, **more):
    return await model_list.models_of(find(provider), base_url, *wire, **more)


@pytest.mark.parametrize(("provider", "suffix", "path", "header"), WHERE)
async def test_each_provider_is_asked_at_its_place_with_its_header(provider, suffix, path, header):
    with ListingServer({path: OPENAI_LIKE}) as server:
        found = await listed(provider, server.url + suffix, key=KEY)
    assert [model.id for model in found] == ["new", "old"], "newest first"
    ((_, _, headers),) = server.asked
    value = KEY.get_secret_value()
    assert headers[header] == (f"Bearer {value}" if header == "authorization" else value)
    assert [name for name in headers if value in headers[name]] == [header]
    assert (headers.get("anthropic-version") is not None) == (provider == "anthropic")


async def test_a_list_of_its_own_is_asked_only_at_the_provider_itself():
    xai = find("xai")
    with ListingServer({"/v1/language-models": {"models": [{"id": "grok"}]}}) as server:
        found = await model_list.models_of(xai.model_copy(update={"base_url": server.url}), f"{server.url}/v1")
    assert [model.id for model in found] == ["grok"]


async def test_without_a_key_nothing_is_sent_as_one():
    with ListingServer({"/v1/models": OPENAI_LIKE}) as server:
        await listed("custom", f"{server.url}/v1")
    assert "authorization" not in server.asked[0][2]


class SignedIn:
    """What the sign-in service hands out."""

    def __init__(self, **values):
        self.credential = Credential(access_token=KEY, **values)

    async def fresh(self, provider_id, *, refused=None):
        assert provider_id == self.credential.provider_id
        return self.credential


@pytest.mark.parametrize(("token_type", "header"), [("Bearer", "authorization"), ("api_key", "x-goog-api-key")])
async def test_a_token_goes_as_a_bearer_and_a_key_in_the_providers_header(token_type, header):
    with ListingServer({"/v1beta/models": OPENAI_LIKE}) as server:
        await listed("google", server.url, sign_in=SignedIn(provider_id="google", token_type=token_type))
    headers = server.asked[0][2]
    assert [name for name in headers if KEY.get_secret_value() in headers[name]] == [header]


async def test_anthropics_pages_are_read_to_the_end():
    def page(query):
        last = int(query.get("after_id", "0"))
        names = [{"id": f"claude-{last + n}"} for n in (1, 2)]
        return {"data": names, "has_more": last < 4, "last_id": str(last + 2)}

    with ListingServer({"/v1/models": page}) as server:
        found = await listed("anthropic", server.url, key=KEY)
    assert [model.id for model in found] == [f"claude-{n}" for n in range(1, 7)]
    assert [query for _, query, _ in server.asked] == [
        {"limit": "1000"},
        {"limit": "1000", "after_id": "2"},
        {"limit": "1000", "after_id": "4"},
    ]


async def test_geminis_pages_are_read_to_the_end():
    def page(query):
        models = [{"name": f"models/g{query.get('pageToken', '0')}", "supportedGenerationMethods": ["generateContent"]}]
        return {"models": models, **({} if "pageToken" in query else {"nextPageToken": "1"})}

    with ListingServer({"/v1beta/models": page}) as server:
        assert [model.id for model in await listed("google", server.url)] == ["g0", "g1"]


async def test_openrouters_pages_are_read_to_the_end_and_never_at_another_host():
    def page(query):
        more = {} if query else {"links": {"next": "https://elsewhere.example/api/v1/models?offset=1&limit=1"}}
        return {"data": [{"id": f"a/{query.get('offset', '0')}"}], **more}

    with ListingServer({"/api/v1/models": page}) as server:
        found = await listed("openrouter", f"{server.url}/api/v1", key=KEY)
    assert [model.id for model in found] == ["a/0", "a/1"]
    assert len(server.asked) == 2


async def test_pages_without_an_end_are_left_at_some_time():
    with ListingServer({"/v1/models": {"data": [{"id": "a"}], "has_more": True, "last_id": "a"}}) as server:
        await listed("anthropic", server.url)
    assert len(server.asked) == model_list._MAX_PAGES


@pytest.mark.parametrize(
    ("status", "key", "error", "said"),
    [
        (401, None, NotSignedIn, "wants a key"),
        (401, KEY, NotSignedIn, "refused the key"),
        (403, KEY, NotSignedIn, "refused the key"),
        (404, KEY, ModelUnavailable, "has no list of models at /v1/models"),
        (429, KEY, Rejected, "429"),
        (500, KEY, Rejected, "500"),
        (302, KEY, Rejected, "302"),
    ],
)
async def test_a_refusal_is_said_in_words_with_what_to_do_and_without_the_key(status, key, error, said):
    with ListingServer({"/v1/models": status}) as server, pytest.raises(error, match=said) as raised:
        await listed("openai", f"{server.url}/v1", key=key)
    assert raised.value.hint
    assert KEY.get_secret_value() not in str(chain(raised.value))


async def test_a_redirect_is_not_followed():
    with ListingServer({"/v1/models": OPENAI_LIKE}) as other, ListingServer({"/v1/models": 307}) as server:
        server.location = f"{other.url}/v1/models"
        with pytest.raises(Rejected, match="307"):
            await listed("custom", f"{server.url}/v1", key=KEY)
    assert other.asked == []


def chain(error):
    texts = []
    while error is not None:
        texts.append(f"{error!r} {getattr(error, 'hint', '')}")
        error = None if error.__suppress_context__ else error.__context__
    return texts


async def test_a_list_without_a_model_for_chat_is_said():
    only_embeddings = {"/v1/models": {"data": [{"id": "text-embedding-3"}]}}
    with ListingServer(only_embeddings) as server, pytest.raises(ModelUnavailable, match="lists no model for chat"):
        await listed("custom", f"{server.url}/v1")


async def test_an_endless_answer_is_left_and_one_that_never_comes_too(monkeypatch):
    async def endless(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def silent(reader, writer):
        await reader.read()
        writer.close()

    monkeypatch.setattr(model_list, "_MAX_BYTES", 1_000_000)
    for handler, error, limit_s in ((endless, ModelUnavailable, 30.0), (silent, ProviderTimeout, 0.2)):
        monkeypatch.setattr(model_list, "_LIMIT_HERE_S", limit_s)
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(error):
            await listed("custom", f"http://127.0.0.1:{port}/v1", key=KEY)
        server.close()
        await server.wait_closed()


async def test_an_address_that_is_none_is_an_error_one_can_read():
    with pytest.raises(ModelUnavailable, match="No model server answers"):
        await listed("custom", "http://[::bad/v1")


async def test_an_address_that_the_lock_refuses_is_not_asked():
    class Locked:
        def check_address(self, url):
            raise ConfigError(f"{url} is elsewhere")

        def sent(self, *_):
            raise AssertionError("it was sent")

    with ListingServer({"/v1/models": OPENAI_LIKE}) as server, pytest.raises(ConfigError, match="elsewhere"):
        await listed("custom", f"{server.url}/v1", Locked())
    assert server.asked == []


async def test_cancelling_leaves_nothing_behind():
    asked = asyncio.Event()
    gone = asyncio.Event()

    async def silent(reader, writer):
        asked.set()
        await reader.read()
        gone.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    task = asyncio.ensure_future(listed("custom", url))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(gone.wait(), 5)
    server.close()
    await server.wait_closed()


async def test_the_catalogue_lists_the_built_in_models():
    found = await listed("builtin", "")
    assert [model.id for model in found] == [entry.id for entry in catalogue.models()]
    assert found[0].price == Price(input_usd=0, output_usd=0)
    assert found[0].context_window == catalogue.find().n_ctx


async def test_azure_is_said_to_have_no_list_that_would_help():
    with pytest.raises(ProviderError, match="no list") as error:
        await listed("azure", "https://x.openai.azure.com/openai/v1")
    assert "deployments" in error.value.hint


@pytest.mark.parametrize(("provider", "suffix"), [("openai", "/v1"), ("ollama", "/v1"), ("custom", "/v1")])
async def test_the_emulator_is_read_as_the_vendors_are(provider, suffix, tmp_path):
    fixtures = [{"match": {"model": "gpt-emulated"}, "response": {"content": "hello"}}]
    with node_servers.aimock(fixtures, tmp_path) as server:
        said = httpx2.get(f"{server.url}/v1/models").json()
        found = await listed(provider, server.url + suffix, key=KEY)
    assert {model.id for model in found} <= {item["id"] for item in said["data"]}
    assert found


def model(name, *, tools=None, usd=1.0):
    price = None if usd is None else Price(input_usd=usd, output_usd=usd)
    return ModelInfo(provider="custom", id=name, capabilities=Capabilities(tools=tools), price=price)


@pytest.mark.parametrize(
    ("models", "default"),
    [
        ((), None),
        ((model("a", tools=False),), None),
        ((model("a", tools=False), model("b", tools=True), model("c", tools=True)), "b"),
        ((model("a"), model("b", tools=True)), "a"),
        ((model("a-preview"), model("b")), "b"),
        ((model("odd", usd=None), model("b")), "b"),
        ((model("odd", usd=None),), "odd"),
    ],
)
def test_the_default_is_the_first_that_can_call_tools_and_is_nothing_odd(models, default):
    found = model_list.default_of(models)
    assert (found.id if found else None) == default


@pytest.mark.parametrize(("elsewhere", "n_asked"), [(True, 2), (False, 1)])
async def test_a_bad_moment_elsewhere_is_waited_for_and_a_server_here_is_not(elsewhere, n_asked, monkeypatch):
    monkeypatch.setattr(model_list, "on_this_machine", lambda _url: not elsewhere)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    answers = iter((503, OPENAI_LIKE))
    with ListingServer({"/v1/models": lambda _query: next(answers)}) as server:
        try:
            found = [model.id for model in await listed("custom", f"{server.url}/v1")]
        except Rejected as error:
            found = [error.status]
    assert found == (["new", "old"] if elsewhere else [503])
    assert len(server.asked) == n_asked
