import json
import os

import pytest

from pymolcode_plugin import masking
from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.core.errors import ConfigError

pytestmark = pytest.mark.conformance


def test_without_files_and_environment_nothing_is_set():
    found = settings.load({})
    assert (found.model, found.base_url, found.api_key) == ("", "", None)


def test_the_environment_beats_the_file_and_says_so():
    (paths.user_folder() / "config.yaml").write_text("model: builtin\nbase_url: http://file/v1\n")
    found = settings.load({"PYMOLCODE_MODEL": "openai-chat:x"})
    assert (found.model, found.base_url) == ("openai-chat:x", "http://file/v1")
    assert found.sources == {"model": "PYMOLCODE_MODEL", "base_url": "config.yaml"}


@pytest.mark.parametrize(
    "data",
    [
        {"llm_provider": "openai-chat", "llm_model": "m", "llm_api_base": "http://j/v1", "llm_api_key": "k"},
        {"llm": {"provider": "openai-chat", "model": "m", "api_base": "http://j/v1", "api_key": "k", "auth_type": "x"}},
    ],
)
def test_both_forms_of_the_old_config_json_are_read(data):
    (paths.user_folder() / "config.json").write_text(json.dumps({**data, "log_level": "info"}))
    found = settings.load({})
    assert (found.model, found.base_url) == ("openai-chat:m", "http://j/v1")
    assert found.api_key.get_secret_value() == "k"


def test_a_key_is_in_no_repr_and_in_no_error():
    assert "canary" not in repr(settings.load({"OPENAI_API_KEY": "canary"}))
    (paths.user_folder() / "config.yaml").write_text("api_key: [canary]\n")
    with pytest.raises(ConfigError) as error:
        settings.load({})
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("text", ["model: [", "- a list", "\x00"])
def test_a_file_that_cannot_be_read_is_named(text):
    (paths.user_folder() / "config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"config\.yaml"):
        settings.load({})


def test_an_unknown_setting_is_named_with_what_was_probably_meant():
    (paths.user_folder() / "config.yaml").write_text("modle: builtin\n")
    with pytest.raises(ConfigError, match=r"modle \(config\.yaml\)") as error:
        settings.load({})
    assert error.value.hint == "Is `mode` or `model` meant?"
    (paths.user_folder() / "config.yaml").write_text("zzzzzzzz: 1\n")
    with pytest.raises(ConfigError, match="zzzzzzzz") as error:
        settings.load({})
    assert "request_limit" in error.value.hint


@pytest.mark.parametrize("text", ["1: 2\nmodle: builtin\n", "request_limit: 0\n", "a: " + "[" * 20_000])
def test_whatever_stands_in_the_file_is_a_config_error(text):
    (paths.user_folder() / "config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"config\.yaml"):
        settings.load({})


def write(text, name="config.yaml", mode=0o600):
    path = paths.user_folder() / name
    path.write_text(text)
    path.chmod(mode)
    return path


def test_what_providers_call_their_keys_is_no_setting_but_is_kept_for_later():
    found = settings.load({"OPENAI_API_KEY": "canary-1", "OPENAI_BASE_URL": "http://h/v1"})
    assert (found.api_key, found.base_url) == (None, "")
    assert found.environment["OPENAI_API_KEY"].get_secret_value() == "canary-1"
    assert "canary" not in repr(found) + str(found.model_dump())


def test_settings_of_the_environment_are_read_with_their_kinds():
    found = settings.load(
        {
            "PYMOLCODE_FALLBACK": "anthropic:a, builtin",
            "PYMOLCODE_BUDGET_USD": "2.5",
            "PYMOLCODE_BUDGET_TOKENS": "1000",
            "PYMOLCODE_CONTEXT_TOKENS": "16384",
            "PYMOLCODE_KEYRING": "1",
            "PYMOLCODE_CA_FILE": "/ca.pem",
        }
    )
    assert found.context_tokens == 16384
    assert (found.fallback, found.budget_usd, found.budget_tokens) == (("anthropic:a", "builtin"), 2.5, 1000)
    assert (found.keyring, found.ca_file) == (True, "/ca.pem")


def test_every_layer_that_names_a_model_is_known():
    write("model: groq:b\n")
    write('{"llm_provider": "deepseek", "llm_model": "deepseek/deepseek-chat"}', "config.json")
    found = settings.load({"PYMOLCODE_MODEL": "xai:a"})
    assert found.named == {"PYMOLCODE_MODEL": "xai:a", "config.yaml": "groq:b", "config.json": "deepseek:deepseek-chat"}
    assert (found.model, found.of_environment("model")) == ("xai:a", True)


@pytest.mark.parametrize(
    ("data", "model"),
    [
        ({"llm_provider": "google", "llm_model": "gemini/gemini-x"}, "google:gemini-x"),
        ({"llm_provider": "zhipu", "llm_model": "zai/glm"}, "zhipu:glm"),
        ({"llm_provider": "openrouter", "llm_model": "openrouter/anthropic/claude"}, "openrouter:anthropic/claude"),
        ({"llm_provider": "openrouter", "llm_model": "openrouter/auto"}, "openrouter:openrouter/auto"),
        ({"llm_provider": "groq", "llm_model": "openai/gpt-oss"}, "groq:openai/gpt-oss"),
        ({"llm_provider": "anthropic"}, "anthropic"),
        ({"llm": {"provider": "openai", "model": "m", "auth_type": "oauth"}}, "openai:m"),
        ({"llm_provider": "openai", "llm_model": "m", "llm_api_base": "http://h/v1"}, "openai-chat:m"),
        ({"llm": "nonsense", "auth": {"providers": {"openai": {"type": "oauth"}}}}, ""),
    ],
)
def test_the_old_config_json_names_models_as_it_did(data, model):
    write(json.dumps(data), "config.json")
    assert settings.load({}).model == model


def test_the_placeholder_of_example_files_is_no_key():
    write('{"llm_api_key": "your-api-key-here"}', "config.json")
    assert settings.load({}).api_key is None


def test_an_env_file_is_read_only_where_it_is_named_and_fills_what_is_not_set(monkeypatch):
    monkeypatch.chdir(paths.user_folder())
    write("PYMOLCODE_MODEL=groq:a\nGROQ_API_KEY=from-file\nXAI_API_KEY=from-file\n", ".env")
    assert settings.load({}).model == ""
    write("env_file: .env\n")
    found = settings.load({"XAI_API_KEY": "from-environment", "GROQ_API_KEY": ""})
    assert (found.model, found.sources["model"]) == ("groq:a", "PYMOLCODE_MODEL")
    assert found.environment["GROQ_API_KEY"].get_secret_value() == "from-file"
    assert found.environment["XAI_API_KEY"].get_secret_value() == "from-environment"


def test_the_environment_may_name_the_env_file(tmp_path):
    (tmp_path / "mine").write_text("PYMOLCODE_MODE=plan\n")
    assert settings.load({"PYMOLCODE_ENV_FILE": str(tmp_path / "mine")}).mode == "plan"
    with pytest.raises(ConfigError, match="nowhere"):
        settings.load({"PYMOLCODE_ENV_FILE": str(tmp_path / "nowhere")})


def test_the_process_itself_is_left_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text("MARTIAN_KEY=x\n")
    monkeypatch.setenv("PYMOLCODE_ENV_FILE", str(tmp_path / "mine"))
    assert "MARTIAN_KEY" in settings.load().environment
    assert "MARTIAN_KEY" not in os.environ


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_a_file_with_a_key_that_others_can_read_is_said():
    path = write("api_key: canary-12345\n", mode=0o644)
    (notice,) = settings.load({}).notices
    assert str(path) in notice
    assert "canary" not in notice
    path.chmod(0o600)
    assert settings.load({}).notices == ()
    write("mode: plan\n", mode=0o644)
    assert settings.load({}).notices == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("auth: {google: {client_id: [canary, {}]}}\n", "auth.google.client_id"),
        ("auth: canary\n", "auth"),
        ("base_urls: [canary]\n", "base_urls"),
        ("budget_usd: canary\n", "budget_usd"),
        ("fallback: {canary: 1}\n", "fallback"),
        ("request_limit: -1\nmode: canary\n", "mode"),
        ("sources: {a: canary}\n", "sources"),
        ("environment: {a: canary}\n", "environment"),
    ],
)
def test_a_mistake_is_named_by_its_setting_and_never_repeated(text, named):
    write(text)
    with pytest.raises(ConfigError, match=rf"{named} \(config\.yaml\)") as error:
        settings.load({})
    assert "canary" not in error.value.message
    assert error.value.__cause__ is None
    assert error.value.__context__ is None or error.value.__suppress_context__


def test_a_mistake_of_form_is_named_by_its_line_and_never_repeated():
    write("model: x\napi_key: 'canary\n")
    with pytest.raises(ConfigError, match=r"config\.yaml cannot be read \(line \d\)") as error:
        settings.load({})
    assert "canary" not in error.value.message + repr(error.value.__cause__)


def test_a_key_of_the_settings_is_known_to_what_takes_secrets_out_of_text():
    write("api_key: plain-word-like-key\n")
    settings.load({"MARTIAN_API_KEY": "another-word-like-key"})
    assert "word-like-key" not in masking.mask("a plain-word-like-key and another-word-like-key")


def test_opening_with_pymol_is_off_unless_it_is_switched_on():
    assert settings.load({}).open_at_start is False
    assert settings.load({"PYMOLCODE_OPEN_AT_START": "true"}).open_at_start is True
