"""The layers in which a model may be named, with real files, real servers and a real store."""

import os
import subprocess
import sys

import pytest

from pymolcode_plugin.config import paths
from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import NotSignedIn
from pymolcode_plugin.llm import catalogue
from pymolcode_plugin.llm.choice import choose, explained, fallbacks, looked_at

from ..scripted_model import ScriptedModel
from .choosing import CLOUD, LOCKED, OLLAMA, configured, credential, kept, no_server, pick
from .listing_server import ListingServer

pytestmark = pytest.mark.conformance


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


def test_a_base_url_alone_takes_the_first_model_listed_there():
    with ScriptedModel("x") as server:
        assert choose(load({"OPENAI_BASE_URL": server.base_url}), no_server).name == "scripted"


def test_the_lock_leaves_servers_here_but_not_what_they_pass_on():
    assert choose(load(LOCKED), lambda: (OLLAMA,)).name == "qwen3"
    assert choose(load(LOCKED), lambda: (CLOUD,)).api == "builtin"
    assert choose(load({}), lambda: (CLOUD,)).name == "big:120b-cloud"


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


def test_choosing_imports_no_vendors_library_and_no_pymol():
    code = (
        "import sys\nfrom pymolcode_plugin.llm import choice\nfrom pymolcode_plugin.config.settings import Settings\n"
        "choice.choose(Settings(model='builtin'))\n"
        "bad = {'openai', 'anthropic', 'pydantic_ai', 'pymol', 'google.genai'} & set(sys.modules)\n"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_local_server_is_looked_for_at_the_address_that_was_kept_with_the_choice():
    with ListingServer({"/v1/models": {"data": [{"id": "qwen3"}]}}) as server:
        store = kept(credential("ollama", token="", base_url=f"{server.url}/v1"))
        choice = choose(load({}), store=store)
    assert (choice.full_name, choice.base_url) == ("ollama:qwen3", f"{server.url}/v1")
