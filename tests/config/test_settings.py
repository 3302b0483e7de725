import json

import pytest

from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.core.errors import ConfigError


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


def test_an_unknown_setting_is_named_with_the_known_ones():
    (paths.user_folder() / "config.yaml").write_text("modle: builtin\n")
    with pytest.raises(ConfigError, match=r"modle \(config\.yaml\)") as error:
        settings.load({})
    assert "request_limit" in error.value.hint


@pytest.mark.parametrize("text", ["1: 2\nmodle: builtin\n", "request_limit: 0\n", "a: " + "[" * 20_000])
def test_whatever_stands_in_the_file_is_a_config_error(text):
    (paths.user_folder() / "config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"config\.yaml"):
        settings.load({})
