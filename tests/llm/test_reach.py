"""Where a provider is, and whose key goes to it."""

import json

import pytest

from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import ConfigError, NotSignedIn

from ..scripted_model import ScriptedModel
from .choosing import configured, credential, kept, pick

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize(
    ("text", "environment", "entries", "key", "why"),
    [
        ("model: anthropic:c\napi_key: in-file\n", {"ANTHROPIC_API_KEY": "x"}, ["anthropic"], "in-file", "config.yaml"),
        ("model: anthropic:c\n", {"PYMOLCODE_API_KEY": "ours"}, ["anthropic"], "ours", "PYMOLCODE_API_KEY"),
        ("model: anthropic:c\n", {"ANTHROPIC_API_KEY": "x"}, ["anthropic"], None, "the sign-in"),
        ("model: anthropic:c\n", {"ANTHROPIC_API_KEY": "x"}, ["openai"], "x", "ANTHROPIC_API_KEY"),
        ("model: gemini:c\n", {"GOOGLE_API_KEY": "b", "GEMINI_API_KEY": "a"}, [], "a", "GEMINI_API_KEY"),
        ("model: gemini:c\n", {"GOOGLE_API_KEY": "b", "GEMINI_API_KEY": ""}, [], "b", "GOOGLE_API_KEY"),
    ],
)
def test_a_key_is_that_of_the_layer_else_of_the_store_else_of_the_environment(text, environment, entries, key, why):
    configured(text)
    choice = pick(environment, store=kept(*map(credential, entries)))
    assert (choice.key.get_secret_value() if choice.key else None) == key
    assert choice.signed_in == (key is None)
    assert choice.why == f"named by config.yaml, key from {why}"


@pytest.mark.parametrize(
    ("text", "environment", "session_model"),
    [
        ("model: openai:a\napi_key: canary\n", {"PYMOLCODE_MODEL": "anthropic:x"}, ""),
        ("model: openai:a\napi_key: canary\n", {}, "anthropic:x"),
        ("base_url: http://h/v1\napi_key: canary\n", {"PYMOLCODE_MODEL": "anthropic:x"}, ""),
        ("model: openai:a\n", {"PYMOLCODE_API_KEY": "canary"}, "anthropic:x"),
        ("", {"PYMOLCODE_API_KEY": "canary"}, "anthropic:x"),
        ("", {"PYMOLCODE_MODEL": "openai:a", "PYMOLCODE_API_KEY": "canary"}, "anthropic:x"),
        ("", {"PYMOLCODE_API_BASE": "http://h/v1", "PYMOLCODE_API_KEY": "canary"}, "anthropic:x"),
        ("model: anthropic:x\n", {"OPENAI_API_KEY": "canary"}, ""),
        ("model: anthropic:x\n", {"ANTHROPIC_API_KEY": "your-api-key-here"}, ""),
    ],
)
def test_a_key_never_goes_to_another_provider_and_its_lack_is_said(text, environment, session_model):
    configured(text)
    with pytest.raises(NotSignedIn, match="Anthropic wants a key") as error:
        pick(environment, session_model=session_model)
    assert "pymolcode-auth login anthropic" in error.value.hint
    assert "ANTHROPIC_API_KEY" in error.value.hint


@pytest.mark.parametrize(
    ("text", "environment", "model", "base_url"),
    [
        ("base_urls: {anthropic: https://proxy/a}\n", {"ANTHROPIC_BASE_URL": "https://env"}, "anthropic:x", "https://proxy/a"),
        ("", {"ANTHROPIC_BASE_URL": "https://env"}, "anthropic:x", "https://env"),
        ("", {}, "anthropic:x", "https://api.anthropic.com"),
        ("", {"PYMOLCODE_API_BASE": "https://mine"}, "anthropic:x", "https://mine"),
        ("base_url: https://for-custom/v1\n", {}, "anthropic:x", "https://api.anthropic.com"),
        ("base_url: https://mine/v1\n", {"OPENAI_BASE_URL": "https://env/v1"}, "openai-chat:x", "https://mine/v1"),
        ("", {"OPENAI_BASE_URL": "https://env/v1"}, "custom:x", "https://env/v1"),
        ("base_urls: {openai-chat: https://mine/v1}\n", {"OPENAI_BASE_URL": "https://env/v1"}, "custom:x", "https://mine/v1"),
        ("", {"OPENAI_BASE_URL": "https://env/v1"}, "openai:x", "https://api.openai.com/v1"),
        ("", {}, "openai-chat:x", "https://api.openai.com/v1"),
        ("", {"AZURE_OPENAI_ENDPOINT": "https://n.openai.azure.com/"}, "azure:x", "https://n.openai.azure.com/openai/v1"),
        ("", {"AZURE_OPENAI_ENDPOINT": "https://n/openai/v1"}, "azure:x", "https://n/openai/v1"),
    ],
)  # fmt: skip
def test_the_address_is_the_one_that_is_set_for_this_provider(text, environment, model, base_url):
    configured(text)
    keys = {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k", "AZURE_OPENAI_API_KEY": "k"}
    assert pick({**keys, **environment, "PYMOLCODE_MODEL": model}).base_url == base_url


def test_what_one_file_holds_for_its_provider_goes_to_no_other():
    configured(
        '{"llm_provider": "deepseek", "llm_model": "d", "llm_api_base": "https://ds/v1", "llm_api_key": "canary-d"}',
        "config.json",
    )
    choice = pick()
    assert (choice.full_name, choice.base_url, choice.key.get_secret_value()) == (
        "deepseek:d",
        "https://ds/v1",
        "canary-d",
    )
    configured("model: groq:g\n")
    choice = pick({"GROQ_API_KEY": "canary-g"})
    assert (choice.base_url, choice.key.get_secret_value()) == ("https://api.groq.com/openai/v1", "canary-g")
    choice = pick({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, session_model="custom:x")
    assert (choice.base_url, choice.key) == ("http://127.0.0.1:9/v1", None)


def test_signing_in_anew_counts_though_an_older_key_of_that_provider_is_configured():
    configured("model: groq:g\napi_key: canary-old\n")
    store = kept(credential("groq", "canary-new"))
    assert pick(store=store).key.get_secret_value() == "canary-old"
    assert pick(store=store, session_model="groq:h").signed_in


def test_what_an_older_version_stored_is_a_sign_in_too():
    entry = {"provider_id": "groq", "access_token": "canary-g", "token_type": "api_key", "metadata": {"model": "g"}}
    paths.auth_file().write_text(json.dumps({"groq": entry}))
    choice = pick({"OPENAI_API_KEY": "canary-o"})
    assert (choice.full_name, choice.signed_in) == ("groq:g", True)


@pytest.mark.parametrize("model", ["azure:x", "custom:x"])
def test_an_address_that_nobody_set_is_said_with_what_to_set(model):
    with pytest.raises(ConfigError, match="is not known") as error:
        pick({"PYMOLCODE_MODEL": model, "AZURE_OPENAI_API_KEY": "k"})
    assert "base_urls" in error.value.hint


@pytest.mark.parametrize("text", ["base_urls: {martian: https://x}\n", "base_urls: {groq: canary.example}\n"])
def test_addresses_that_make_no_sense_are_said(text):
    configured(text)
    with pytest.raises(ConfigError) as error:
        pick()
    assert "canary" not in error.value.message


def test_a_placeholder_is_no_key():
    assert pick({"OPENAI_API_KEY": "your-api-key-here"}).considered[4].found == ""


def test_what_is_wrong_with_the_store_is_told_and_stops_nobody_who_needs_it_not():
    paths.auth_file().write_text("{ canary")
    assert "put aside" in pick({"PYMOLCODE_MODEL": "builtin"}).considered[3].found
    paths.auth_file().mkdir()
    choice = pick({"PYMOLCODE_MODEL": "xai:x", "XAI_API_KEY": "k"})
    assert choice.key.get_secret_value() == "k"
    assert "cannot be read" in choice.considered[3].found


def test_our_own_name_for_a_key_goes_before_the_one_that_others_use_too():
    names = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "b", "PYMOLCODE_API_KEY": "a"}
    choice = pick({**names, "PYMOLCODE_MODEL": "openai-chat:x"})
    assert (choice.key.get_secret_value(), choice.why) == ("a", "named by PYMOLCODE_MODEL, key from PYMOLCODE_API_KEY")
    with ScriptedModel("x") as server:
        assert pick({**names, "OPENAI_BASE_URL": server.base_url}).key.get_secret_value() == "a"
