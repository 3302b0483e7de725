"""Names as people type them, and what goes before a sign-in."""

import pytest

from pymolcode_plugin.cli.auth_user import model_named, overruled_by, provider_named
from pymolcode_plugin.config.settings import load
from pymolcode_plugin.core.errors import ConfigError

from .auth_command import KEY


@pytest.mark.parametrize("typed", ["google", "Gemini", "GOOGLE", "Google Gemini", " google "])
def test_a_provider_is_found_by_id_alias_and_title(typed):
    assert provider_named(typed).id == "google"


@pytest.mark.parametrize(
    ("typed", "meant"), [("antropic", "anthropic"), ("olama", "ollama"), ("copilot", "github-copilot")]
)
def test_a_near_name_is_suggested(typed, meant):
    with pytest.raises(ConfigError) as unknown:
        provider_named(typed)
    assert f"Did you mean `{meant}`?" in unknown.value.message


def test_what_may_be_a_key_is_not_repeated():
    with pytest.raises(ConfigError) as unknown:
        provider_named(KEY)
    assert "canary" not in unknown.value.message


def test_the_name_of_a_model_may_have_colons():
    provider, model = model_named("ollama:qwen3:8b")
    assert (provider.id, model) == ("ollama", "qwen3:8b")


def test_what_goes_before_a_sign_in_is_named_with_its_place(monkeypatch):
    monkeypatch.delenv("PYMOLCODE_WEIGHTS", raising=False)  # which whoever runs the tests may have set
    monkeypatch.setenv("PYMOLCODE_MODEL", "openai:gpt")
    monkeypatch.setenv("PYMOLCODE_API_BASE", "https://me:secret@host.example/v1?key=1")
    assert overruled_by(load()) == ("PYMOLCODE_MODEL (openai:gpt)", "PYMOLCODE_API_BASE (https://host.example/v1)")
    monkeypatch.delenv("PYMOLCODE_MODEL")
    monkeypatch.delenv("PYMOLCODE_API_BASE")
    assert overruled_by(load()) == ()
