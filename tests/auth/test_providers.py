import re

import pytest

from pymolcode_plugin.auth import providers
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.core.model_info import Capabilities

pytestmark = pytest.mark.conformance

# The seed's ten, and those that came since.
WANTED = {
    "openai", "anthropic", "google", "github-copilot", "deepseek", "zhipu", "openrouter", "groq", "mistral", "xai",
    "huggingface", "azure", "ollama", "lmstudio", "llamacpp", "custom", "builtin",
}  # fmt: skip
ALL = pytest.mark.parametrize("provider", providers.providers(), ids=lambda provider: provider.id)
# The beginnings of client ids that belong to other programs: Codex, VS Code's Copilot, Gemini's and Claude's tools.
BORROWED = ("app_EMoam", "Iv1.b507", "681255809395", "9d1c250a", "01ab8ac9400c4e429b23")


def test_every_provider_is_there_once_under_every_name_it_has():
    names = [name for entry in providers.providers() for name in (entry.id, *entry.aliases)]
    assert not WANTED - set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("alias", "provider_id"), [("openai-chat", "custom"), ("gemini", "google"), ("zai", "zhipu"), ("hf", "huggingface")]
)
def test_a_provider_is_found_by_its_other_names(alias, provider_id):
    assert providers.find(alias).id == provider_id


def test_an_unknown_provider_is_said_with_the_known_ones():
    with pytest.raises(ConfigError, match="`martian` is unknown") as error:
        providers.find("martian")
    assert "anthropic" in error.value.hint


@ALL
def test_addresses_are_encrypted_unless_they_are_on_this_machine(provider):
    oauth = provider.oauth or providers.OAuth()
    given = [oauth.issuer, oauth.authorize_url, oauth.token_url, oauth.device_url, oauth.revoke_url, provider.key_page]
    for address in filter(None, [*given, provider.base_url]):
        assert address.startswith("http://127.0.0.1:" if provider.local else "https://"), address
        assert not address.endswith("/")


@ALL
def test_a_provider_takes_a_key_unless_it_is_the_built_in_model(provider):
    assert ("key" in provider.methods) == (provider.id != "builtin")
    assert bool(provider.key_env) or not provider.needs_key
    assert bool(provider.key_page) == provider.needs_key


@ALL
def test_environment_names_are_names(provider):
    oauth = provider.oauth or providers.OAuth()
    for name in (*provider.key_env, *provider.base_url_env, *oauth.client_id_env, *oauth.client_secret_env):
        assert re.fullmatch(r"[A-Z][A-Za-z0-9_]+", name)


@ALL
def test_every_way_to_sign_in_has_what_it_needs(provider):
    if provider.oauth is None:
        return
    oauth = provider.oauth
    discovered = bool(oauth.issuer) or provider.id == "custom"
    assert discovered or oauth.token_url
    assert discovered or oauth.device_url or "device" not in oauth.methods
    assert discovered or oauth.authorize_url or "browser" not in oauth.methods
    needs_client = oauth.kind == "standard" and not oauth.client_id
    assert bool(oauth.bring_client) == needs_client


def test_no_client_id_is_borrowed():
    text = providers.paths.resource("providers.yaml").read_text(encoding="utf-8")
    assert not any(begin in text for begin in BORROWED)
    assert [entry.id for entry in providers.providers() if entry.oauth and entry.oauth.client_id] == []


@ALL
def test_an_address_is_known_or_it_is_said_how_to_name_it(provider):
    assert provider.base_url or provider.base_url_env or provider.id == "builtin"
    assert provider.base_url or provider.note or provider.id == "builtin"


def test_only_what_all_models_of_a_provider_can_do_is_claimed_for_them():
    by_id = {entry.id: entry.capabilities for entry in providers.providers()}
    unknown = {name for name, capabilities in by_id.items() if capabilities == Capabilities()}
    assert unknown == {"openrouter", "github-copilot", "huggingface", "ollama", "lmstudio", "llamacpp", "custom"}
    assert by_id["builtin"].images is False
    assert by_id["anthropic"] == Capabilities(tools=True, images=True, thinking=True, json_schema=True)


def test_prices_are_looked_up_under_names_that_the_price_list_has():
    from genai_prices import data_snapshot

    known = {entry.id for entry in data_snapshot.get_snapshot().providers}
    for entry in providers.providers():
        assert not entry.price_id or any(
            name == entry.price_id or name.startswith(f"{entry.price_id}_") for name in known
        )
        assert entry.price_id or not entry.needs_key
