"""The layers in which a model may be named, with real files, real servers and a real store."""

import json
import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths
from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import ConfigError, ModelUnavailable, NotSignedIn
from pymolcode_plugin.llm import catalogue
from pymolcode_plugin.llm.choice import choose, explained, fallbacks, local_file, looked_at
from pymolcode_plugin.llm.discover import LocalServer

from ..scripted_model import ScriptedModel
from .listing_server import ListingServer

pytestmark = pytest.mark.conformance

OLLAMA = LocalServer(provider="ollama", name="Ollama", base_url="http://127.0.0.1:11434/v1", models=("qwen3", "llama"))


def no_server():
    return ()


def test_without_any_setting_it_is_the_built_in_model():
    choice = choose(Settings(), no_server)
    assert (choice.api, choice.title) == ("builtin", catalogue.find().title)


def test_a_server_on_this_machine_goes_before_the_built_in_model():
    choice = choose(Settings(), lambda: (OLLAMA,))
    assert (choice.api, choice.name, choice.base_url) == ("chat", "qwen3", OLLAMA.base_url)
    assert choice.why == "Ollama runs here"


def test_a_model_that_is_named_goes_before_a_server_on_this_machine():
    choice = choose(load({"PYMOLCODE_MODEL": "builtin"}), lambda: (OLLAMA,))
    assert (choice.api, choice.why) == ("builtin", "named by PYMOLCODE_MODEL")


def test_openai_chat_is_chat_completions_at_the_base_url():
    choice = choose(
        load({"PYMOLCODE_MODEL": "openai-chat:a:b", "OPENAI_BASE_URL": "http://h/v1", "OPENAI_API_KEY": "canary"})
    )
    assert (choice.name, choice.base_url) == ("a:b", "http://h/v1")
    assert "canary" not in repr(choice)


def test_a_base_url_alone_takes_the_first_model_listed_there():
    with ScriptedModel("x") as server:
        assert choose(load({"OPENAI_BASE_URL": server.base_url}), no_server).name == "scripted"


@pytest.mark.parametrize("model", ["nonsense", "martian:x", "ollama:x"])
def test_a_model_that_makes_no_sense_is_said_with_what_would(model):
    with pytest.raises(ConfigError) as error:
        choose(Settings(model=model), no_server)
    assert error.value.hint


def test_a_file_by_path_needs_no_download(tmp_path):
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF")
    choice = choose(load({"PYMOLCODE_WEIGHTS": str(path)}), no_server)
    found, entry = local_file(choice)
    assert (found, entry.title, choice.title) == (path, "mine.gguf", "mine.gguf")


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match="not there"):
        local_file(choose(Settings(weights=str(tmp_path / "no.gguf")), no_server))


LOCKED = {"PYMOLCODE_THIS_MACHINE_ONLY": "1"}
CLOUD = LocalServer(provider="ollama", name="Ollama", base_url="http://127.0.0.1:11434/v1", models=("big:120b-cloud",))


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


def test_the_lock_leaves_servers_here_but_not_what_they_pass_on():
    assert choose(load(LOCKED), lambda: (OLLAMA,)).name == "qwen3"
    assert choose(load(LOCKED), lambda: (CLOUD,)).api == "builtin"
    assert choose(load({}), lambda: (CLOUD,)).name == "big:120b-cloud"


def kept(*entries):
    """A store with these entries, the last of which was chosen last."""
    store = TokenStore()
    for entry in entries:
        store.put(entry)
        store.choose(entry.provider_id, str(entry.metadata.get("model", "")))
    return store


def credential(provider_id, token="canary-stored", **metadata):
    kind = "Bearer" if metadata.get("method") in ("browser", "device") else "api_key"
    return Credential(provider_id=provider_id, access_token=SecretStr(token), token_type=kind, metadata=metadata)


def configured(text, name="config.yaml"):
    path = paths.user_folder() / name
    path.write_text(text)
    path.chmod(0o600)


def pick(environment=None, *, store=None, servers=no_server, session_model=""):
    return choose(load(environment or {}), servers, store=store, session_model=session_model)


# Each layer with what names a model in it; one above the other, as in the issue.
LAYERS = {
    "this chat": "groq:chat",
    "environment": "groq:environment",
    "configuration": "groq:configuration",
    "sign-in": "groq:signed-in",
    "variables": "gpt-variables",
    "servers": "qwen3",
    "built-in": catalogue.find().id,
}


@pytest.mark.parametrize("first", range(len(LAYERS)))
def test_the_first_layer_that_names_a_model_decides_whatever_stands_below(first):
    names = list(LAYERS)
    here = set(names[first:])
    with ListingServer({"/v1/models": {"data": [{"id": "gpt-variables", "created": 1}]}}) as server:
        configured(
            f"base_urls: {{openai: '{server.url}/v1'}}\n"
            + ("model: groq:configuration\napi_key: canary-c\n" if "configuration" in here else "")
        )
        environment = {"PYMOLCODE_MODEL": "groq:environment"} if "environment" in here else {}
        if "variables" in here:
            environment["OPENAI_API_KEY"] = "canary-o"
        choice = pick(
            environment,
            store=kept(credential("groq", model="signed-in")) if first <= names.index("sign-in") else kept(),
            servers=(lambda: (OLLAMA,)) if "servers" in here else no_server,
            session_model="groq:chat" if "this chat" in here else "",
        )
    assert choice.name == LAYERS[names[first]].split(":")[-1]
    assert [item.used for item in choice.considered].index(True) == first
    assert len(choice.considered) == len(names)
    assert "canary" not in repr(choice)


def test_a_stray_key_in_the_environment_does_not_beat_a_deliberate_sign_in():
    stray = {"OPENAI_API_KEY": "canary-o", "ANTHROPIC_API_KEY": "canary-a", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    choice = pick(stray, store=kept(credential("openrouter", model="a/b", method="browser")))
    assert (choice.provider, choice.name, choice.signed_in, choice.key) == ("openrouter", "a/b", True, None)
    assert choice.why == "signed in to OpenRouter"


def test_every_layer_is_told_with_what_it_holds_and_without_a_secret():
    configured("model: groq:b\napi_key: canary-c\n")
    choice = pick(
        {"PYMOLCODE_MODEL": "xai:a", "XAI_API_KEY": "canary-x", "HF_TOKEN": "canary-h"},
        store=kept(credential("mistral", model="m")),
    )
    told = {item.layer: item.found for item in choice.considered}
    assert told == {
        "this chat": "",
        "PYMOLCODE_* environment": "PYMOLCODE_MODEL names xai:a",
        "configuration": "config.yaml names groq:b",
        "sign-in": "signed in to Mistral, m",
        "providers' own variables": "HF_TOKEN, XAI_API_KEY",
        "servers on this machine": "",
        "built-in model": "",
    }
    lines = explained(choice)
    assert lines[:2] == ("Model    a (xAI)", "Because  named by PYMOLCODE_MODEL, key from XAI_API_KEY")
    assert [line for line in lines if ">" in line] == ["  > PYMOLCODE_* environment   PYMOLCODE_MODEL names xai:a"]
    assert "canary" not in "".join(lines)


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


def test_how_requests_are_written_follows_from_the_provider():
    keys = {"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k", "GEMINI_API_KEY": "k", "GROQ_API_KEY": "k"}
    names = ("openai", "anthropic", "google", "groq", "openai-chat")
    assert [pick({**keys, "PYMOLCODE_MODEL": f"{name}:x"}).api for name in names] == [
        "responses", "anthropic", "google", "chat", "chat",
    ]  # fmt: skip


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


def test_keys_in_the_environment_are_taken_in_the_order_of_the_providers():
    with ListingServer({"/v1/models": {"data": [{"id": "claude", "created_at": "x"}]}}) as server:
        configured(f"base_urls: {{anthropic: '{server.url}', groq: '{server.url}/v1'}}\n")
        choice = pick({"GROQ_API_KEY": "g", "ANTHROPIC_API_KEY": "a"})
    assert (choice.provider, choice.name) == ("anthropic", "claude")
    assert choice.why == "ANTHROPIC_API_KEY is set"


def test_a_key_that_does_not_work_is_passed_by_and_told():
    with ListingServer({"/v1/models": 401}) as server:
        configured(f"base_urls: {{openai: '{server.url}/v1'}}\n")
        choice = pick({"OPENAI_API_KEY": "canary-o"})
    assert choice.api == "builtin"
    assert "OPENAI_API_KEY: OpenAI at 127.0.0.1 refused the key (401)" in choice.why
    assert "refused the key" in choice.considered[4].found


def test_a_placeholder_is_no_key():
    assert pick({"OPENAI_API_KEY": "your-api-key-here"}).considered[4].found == ""


def test_a_sign_in_without_a_key_of_its_own_uses_the_one_of_the_environment():
    choice = pick({"ANTHROPIC_API_KEY": "canary-a"}, store=kept(credential("anthropic", "", model="c")))
    assert (choice.key.get_secret_value(), choice.signed_in) == ("canary-a", False)
    assert choice.why == "Anthropic was chosen, key from ANTHROPIC_API_KEY"


def test_a_local_server_or_the_built_in_model_can_be_chosen_for_good():
    there = lambda: (OLLAMA,)  # noqa: E731
    assert pick(store=kept(credential("ollama", "", model="llama")), servers=there).name == "llama"
    assert pick(store=kept(credential("builtin", "")), servers=there).api == "builtin"


def test_an_entry_of_an_unknown_provider_is_passed_by_and_told():
    choice = pick(store=kept(credential("martian")))
    assert choice.api == "builtin"
    assert choice.considered[3].found == "signed in to martian: which is unknown here"


def test_what_is_wrong_with_the_store_is_told_and_stops_nobody_who_needs_it_not():
    paths.auth_file().write_text("{ canary")
    assert "put aside" in pick({"PYMOLCODE_MODEL": "builtin"}).considered[3].found
    paths.auth_file().mkdir()
    choice = pick({"PYMOLCODE_MODEL": "xai:x", "XAI_API_KEY": "k"})
    assert choice.key.get_secret_value() == "k"
    assert "cannot be read" in choice.considered[3].found


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_a_file_with_a_key_that_others_can_read_is_told():
    configured("model: groq:x\napi_key: canary-k\n")
    (paths.user_folder() / "config.yaml").chmod(0o644)
    assert "chmod 600" in pick().considered[2].found


@pytest.mark.parametrize(
    ("environment", "base_url"),
    [({"PYMOLCODE_API_BASE": "URL"}, ""), ({"OPENAI_API_BASE": "URL", "OPENAI_API_KEY": "k"}, ""), ({}, "URL")],
)
def test_an_address_alone_is_the_first_model_listed_there(environment, base_url):
    with ScriptedModel("x") as server:
        if base_url:
            configured(f"base_url: {server.base_url}\n")
        choice = pick({name: value.replace("URL", server.base_url) for name, value in environment.items()})
    assert (choice.provider, choice.name, choice.base_url) == ("custom", "scripted", server.base_url)
    assert choice.why.startswith("first of the models at ")


def test_our_own_name_for_a_key_goes_before_the_one_that_others_use_too():
    names = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "b", "PYMOLCODE_API_KEY": "a"}
    choice = pick({**names, "PYMOLCODE_MODEL": "openai-chat:x"})
    assert (choice.key.get_secret_value(), choice.why) == ("a", "named by PYMOLCODE_MODEL, key from PYMOLCODE_API_KEY")
    with ScriptedModel("x") as server:
        assert pick({**names, "OPENAI_BASE_URL": server.base_url}).key.get_secret_value() == "a"


def test_an_address_of_the_environment_takes_the_model_that_the_configuration_names_for_such_a_server():
    configured("model: openai-chat:mine\nbase_url: https://old/v1\n")
    choice = pick({"PYMOLCODE_API_BASE": "https://new/v1"})
    assert (choice.name, choice.base_url) == ("mine", "https://new/v1")


@pytest.mark.parametrize("entry", [credential("openrouter", model="a/b"), credential("openrouter")])
def test_the_lock_passes_by_a_sign_in_elsewhere_and_keys_without_asking_anybody(entry, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", None)
    choice = pick({**LOCKED, "OPENAI_API_KEY": "k", "HF_TOKEN": "k"}, store=kept(entry))
    assert choice.api == "builtin"
    assert "does not run on this machine" in choice.considered[3].found
    assert choice.considered[4].found.count("does not run on this machine") == 2


def test_fallbacks_are_found_as_the_model_is_and_those_that_cannot_be_used_are_told():
    configured(
        "model: anthropic:a\napi_key: canary-a\n"
        "fallback: [anthropic:b, 'openai:c', 'martian:x', 'xai:y', builtin, nonsense]\n"
    )
    told = []
    found = fallbacks(load({"XAI_API_KEY": "x"}), no_server, store=kept(), skipped=told.append)
    assert [choice.full_name for choice in found[:2]] == ["anthropic:b", "xai:y"]
    assert found[0].key.get_secret_value() == "canary-a"
    assert found[2].api == "builtin"
    assert [text.partition(" ")[0] for text in told] == ["openai:c", "martian:x", "nonsense"]
    assert "canary" not in "".join(told)


def test_the_lock_leaves_only_fallbacks_on_this_machine():
    settings = load({**LOCKED, "PYMOLCODE_FALLBACK": "xai:y builtin", "XAI_API_KEY": "x"})
    assert [choice.api for choice in fallbacks(settings, no_server, store=kept())] == ["builtin"]


def test_where_choosing_fails_the_layers_can_still_be_told():
    settings = load({"PYMOLCODE_MODEL": "anthropic:x", "GROQ_API_KEY": "canary-g"})
    with pytest.raises(NotSignedIn):
        choose(settings, no_server)
    told = {item.layer: item.found for item in looked_at(settings)}
    assert told["PYMOLCODE_* environment"] == "PYMOLCODE_MODEL names anthropic:x"
    assert told["providers' own variables"] == "GROQ_API_KEY"


def test_a_sign_in_that_may_not_list_is_said_with_how_to_name_a_model():
    with ListingServer({"/v1/models": 403}) as server:
        configured(f"base_urls: {{openai: '{server.url}/v1'}}\n")
        with pytest.raises(NotSignedIn, match="403") as error:
            pick(store=kept(credential("openai", method="browser")))
    assert "pymolcode-auth use openai:MODEL" in error.value.hint


def test_choosing_imports_no_vendors_library_and_no_pymol():
    code = (
        "import sys\nfrom pymolcode_plugin.llm import choice\nfrom pymolcode_plugin.config.settings import Settings\n"
        "choice.choose(Settings(model='builtin'))\n"
        "bad = {'openai', 'anthropic', 'pydantic_ai', 'pymol', 'google.genai'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


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
