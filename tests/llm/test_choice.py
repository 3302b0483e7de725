import pytest

from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import ConfigError, ModelUnavailable
from pymolcode_plugin.llm import catalogue
from pymolcode_plugin.llm.choice import choose, local_file
from pymolcode_plugin.llm.discover import LocalServer

from ..scripted_model import ScriptedModel

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
