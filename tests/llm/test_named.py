"""What a name of a model comes to."""

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import ConfigError, ModelUnavailable, NotSignedIn
from pymolcode_plugin.llm.choice import choose

from ..scripted_model import ScriptedModel
from .choosing import CLOUD, LOCKED, configured, credential, kept, no_server, pick
from .listing_server import ListingServer

pytestmark = pytest.mark.conformance


def test_openai_chat_is_chat_completions_at_the_base_url():
    choice = choose(
        load({"PYMOLCODE_MODEL": "openai-chat:a:b", "OPENAI_BASE_URL": "http://h/v1", "OPENAI_API_KEY": "canary"})
    )
    assert (choice.name, choice.base_url) == ("a:b", "http://h/v1")
    assert "canary" not in repr(choice)


@pytest.mark.parametrize("model", ["nonsense", "martian:x", "ollama:x"])
def test_a_model_that_makes_no_sense_is_said_with_what_would(model):
    with pytest.raises(ConfigError) as error:
        choose(Settings(model=model), no_server)
    assert error.value.hint


@pytest.mark.parametrize(
    "environment",
    [
        {"PYMOLCODE_MODEL": "openai:gpt"},
        {"PYMOLCODE_MODEL": "openai-chat:x", "OPENAI_BASE_URL": "http://name.invalid/v1"},
        {"OPENAI_BASE_URL": "http://name.invalid/v1"},
        {"PYMOLCODE_MODEL": "ollama:big:120b-cloud"},
    ],
)
def test_the_lock_refuses_a_model_elsewhere_and_says_how_to_get_one_here(environment):
    with pytest.raises(ModelUnavailable, match="does not run on this machine") as error:
        choose(load(LOCKED | environment), lambda: (CLOUD,))
    assert "pymolcode model fetch" in error.value.hint


def test_the_lock_asks_no_endpoint_elsewhere_what_models_it_has(monkeypatch):
    with ScriptedModel("x") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        assert choose(load({"OPENAI_BASE_URL": "http://name.invalid/v1"}), no_server).name == "scripted"
        monkeypatch.setattr("socket.getaddrinfo", None)
        with pytest.raises(ModelUnavailable, match="This machine only"):
            choose(load(LOCKED | {"OPENAI_BASE_URL": "http://name.invalid/v1"}), no_server)


def test_how_requests_are_written_follows_from_the_provider():
    keys = {"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k", "GEMINI_API_KEY": "k", "GROQ_API_KEY": "k"}
    names = ("openai", "anthropic", "google", "groq", "openai-chat")
    assert [pick({**keys, "PYMOLCODE_MODEL": f"{name}:x"}).api for name in names] == [
        "responses", "anthropic", "google", "chat", "chat",
    ]  # fmt: skip


def test_a_provider_alone_is_its_first_model_that_can_call_tools():
    def item(name, *parameters):
        return {"id": name, "supported_parameters": parameters, "pricing": {"prompt": "1", "completion": "1"}}

    with ListingServer({"/api/v1/models": {"data": [item("a/words"), item("a/tools", "tools")]}}) as server:
        configured(f"model: openrouter\napi_key: canary-k\nbase_urls: {{openrouter: '{server.url}/api/v1'}}\n")
        assert pick().name == "a/tools"
    assert server.asked[0][2]["authorization"] == "Bearer canary-k"


def test_a_list_that_cannot_be_had_is_said_with_what_to_do():
    with ListingServer({}) as server:
        configured(f"model: openrouter\napi_key: canary-k\nbase_urls: {{openrouter: '{server.url}'}}\n")
        with pytest.raises(ModelUnavailable) as error:
            pick()
    assert "pymolcode-auth use openrouter:MODEL" in error.value.hint


def test_a_sign_in_that_may_not_list_is_said_with_how_to_name_a_model():
    with ListingServer({"/v1/models": 403}) as server:
        configured(f"base_urls: {{openai: '{server.url}/v1'}}\n")
        with pytest.raises(NotSignedIn, match="403") as error:
            pick(store=kept(credential("openai", method="browser")))
    assert "pymolcode-auth use openai:MODEL" in error.value.hint


@pytest.mark.parametrize(("method", "token_type"), [("key", "api_key"), ("browser", "Bearer")])
def test_a_sign_in_without_a_model_lists_with_what_was_signed_in_with(method, token_type):
    stored = Credential(
        provider_id="google",
        access_token=SecretStr("canary-stored"),
        token_type=token_type,
        metadata={"method": method},
    )
    listed = {"models": [{"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]}]}
    with ListingServer({"/v1beta/models": listed}) as server:
        configured(f"base_urls: {{google: '{server.url}'}}\n")
        choice = pick({"GEMINI_API_KEY": "canary-stray"}, store=kept(stored))
    assert (choice.provider, choice.name, choice.signed_in) == ("google", "gemini-x", True)
    header = "x-goog-api-key" if method == "key" else "authorization"
    assert server.asked[0][2][header].removeprefix("Bearer ") == "canary-stored"
