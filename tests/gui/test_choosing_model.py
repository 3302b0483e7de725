"""What is kept of a choice; the picker itself is tried in a real window, in tests/panel."""

import pytest

from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.llm.choice import Choice, Considered

pytestmark = pytest.mark.usefixtures("qt_application")


def kept(name, choice=None):
    from pymolcode_plugin.gui.choosing_model import _from_now_on

    before = _from_now_on(name, choice)
    found = TokenStore().chosen()
    return before, found.provider_id, found.metadata.get("model")


def test_a_model_for_every_chat_is_what_the_store_has_chosen():
    assert kept("groq:fast") == ("", "groq", "fast")
    assert kept("builtin:qwen3:8b") == ("", "builtin", "qwen3:8b"), "a model's name may hold a colon"


def test_what_goes_before_it_is_said():
    layers = (
        Considered(layer="this chat", found="groq:fast", used=True),
        Considered(layer="configuration", found="config.yaml names xai:grok"),
        Considered(layer="sign-in", found="groq was chosen"),
    )
    choice = Choice(provider="groq", api="chat", name="fast", considered=layers)
    assert kept("groq:fast", choice)[0] == "config.yaml names xai:grok"
