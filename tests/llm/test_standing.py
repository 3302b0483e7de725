import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.providers import find, providers
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config.settings import Settings
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.llm.standing import key_variable, missing_client, standings


@pytest.fixture
def store(tmp_path):
    return TokenStore(tmp_path / "auth.json")


def found(store, environment=None, **settings):
    rows, _ = standings(Settings(**settings), store=store, environment=environment or {})
    return {row.provider.id: row for row in rows}


def put(store, provider_id, token="k", **metadata):
    store.put(Credential(provider_id=provider_id, access_token=SecretStr(token), metadata=metadata))


def test_every_provider_is_there_in_the_order_of_the_menus(store):
    assert list(found(store)) == [provider.id for provider in providers()]


def test_without_anything_only_what_needs_no_key_can_be_asked(store):
    rows = found(store)
    assert [name for name, row in rows.items() if row.reach] == ["ollama", "lmstudio", "llamacpp", "builtin"]
    assert rows["builtin"].state == "Runs here, needs no account"
    assert rows["ollama"].state == "Needs no key"
    assert rows["openai"].state == ""


def test_what_is_stored_is_said_without_the_secret(store):
    put(store, "groq", "gsk-canary", method="key")
    put(store, "openrouter", "sk-or-canary", method="browser")
    put(store, "huggingface", "hf-canary", method="device", account="ada")
    rows = found(store)
    assert [rows[name].state for name in ("groq", "openrouter", "huggingface")] == [
        "Key saved",
        "Signed in",
        "Signed in as ada",
    ]
    assert [rows[name].by_oauth for name in ("groq", "openrouter", "huggingface")] == [False, True, True]
    assert all(rows[name].signed_in and rows[name].reach.signed_in for name in ("groq", "openrouter"))
    assert "canary" not in repr(rows)


def test_a_key_in_the_environment_is_named_and_never_shown(store):
    rows = found(store, {"MISTRAL_API_KEY": "mistral-canary", "GROQ_API_KEY": "your-api-key-here"})
    assert rows["mistral"].state == "Key in MISTRAL_API_KEY"
    assert rows["mistral"].reach.key.get_secret_value() == "mistral-canary"
    assert not rows["mistral"].signed_in
    assert rows["groq"].state == "", "the placeholder of an example is no key"
    assert "canary" not in repr(rows)


def test_a_key_beside_the_address_of_another_server_is_that_servers(store):
    rows = found(store, {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://models.example.org/v1"})
    assert (rows["openai"].state, rows["openai"].reach) == ("", None)
    assert rows["custom"].state == "Key in OPENAI_API_KEY"
    assert rows["custom"].reach.base_url == "https://models.example.org/v1"
    assert found(store, {"OPENAI_API_KEY": "k"})["openai"].state == "Key in OPENAI_API_KEY"


def test_an_address_that_was_stored_is_shown_and_used(store):
    put(store, "azure", base_url="https://mine.openai.azure.com", method="key")
    row = found(store)["azure"]
    assert row.address == "https://mine.openai.azure.com"
    assert row.reach.base_url == "https://mine.openai.azure.com/openai/v1"
    assert found(TokenStore(store.path.with_name("none.json")))["azure"].reach is None


def test_where_a_client_id_is_missing_that_is_said_until_one_is_brought(store):
    rows = found(store)
    assert "client id" in rows["google"].missing
    assert rows["openai"].missing == rows["openrouter"].missing == ""
    assert found(store, {"GOOGLE_CLIENT_ID": "mine"})["google"].missing == ""


def test_what_is_wrong_with_the_store_or_the_settings_is_said(store):
    store.path.write_text("{")
    rows, trouble = standings(Settings(), store=store, environment={})
    assert rows
    assert "put aside" in trouble
    with pytest.raises(ConfigError):
        found(store, base_urls={"nobody": "https://x.example"})


def test_what_menus_say_of_a_provider_the_command_line_says_too(store):
    environment = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "GROQ_API_KEY": "k"}
    settings = Settings(environment={name: SecretStr(value) for name, value in environment.items()})
    rows = found(store, environment)
    assert key_variable(settings, find("openai")) == "", "it is the key of the server whose address stands beside it"
    assert rows["openai"].state == ""
    assert key_variable(settings, find("groq")) == "GROQ_API_KEY"
    assert rows["groq"].state == "Key in GROQ_API_KEY"
    for provider in providers():
        assert missing_client(settings, provider) == rows[provider.id].missing


def test_a_client_of_ones_own_is_missed_until_it_is_there():
    google, openrouter, anthropic = map(find, ("google", "openrouter", "anthropic"))
    assert "client id of your own" in missing_client(Settings(), google)
    assert [missing_client(Settings(), provider) for provider in (openrouter, anthropic)] == ["", ""]
    assert missing_client(Settings(environment={"GOOGLE_CLIENT_ID": SecretStr("mine")}), google) == ""
