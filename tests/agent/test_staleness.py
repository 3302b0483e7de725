from pydantic import SecretStr

from pymolcode_plugin.agent.staleness import Staleness
from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths


def looked():
    staleness = Staleness()
    staleness.remember()
    assert not staleness.is_stale()
    return staleness


def test_a_sign_in_a_choice_and_a_changed_setting_are_seen():
    store = TokenStore()
    for change in (
        lambda: store.put(Credential(provider_id="groq", access_token=SecretStr("k"))),
        lambda: store.choose("groq"),
        lambda: store.choose("groq", "a-model"),
        lambda: (paths.user_folder() / "config.yaml").write_text("model: builtin"),
        lambda: store.remove("groq"),
    ):
        staleness = looked()
        change()
        assert staleness.is_stale()


def test_a_renewed_token_is_no_change():
    store = TokenStore()
    store.put(Credential(provider_id="google", access_token=SecretStr("old"), expires_at=1.0))
    staleness = looked()
    store.put(Credential(provider_id="google", access_token=SecretStr("new"), expires_at=2.0))
    assert not staleness.is_stale()


def test_what_is_forgotten_is_stale():
    staleness = looked()
    staleness.forget()
    assert staleness.is_stale()
