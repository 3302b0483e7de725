"""What people paste where a key is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pymolcode_plugin.auth import keys
from pymolcode_plugin.auth.providers import Provider
from pymolcode_plugin.core.errors import SignInFailed

pytestmark = pytest.mark.conformance

ACME = Provider(id="acme", title="Acme", api="chat", key_page="https://acme.example/keys")
LOCAL = Provider(id="local", title="Local", api="chat", needs_key=False)
KEY = "sk-canary-0123456789"


@pytest.mark.parametrize(
    "pasted",
    [KEY, f" {KEY}\n", f"{KEY}\r\n", f'"{KEY}"', f"'{KEY}' ", f" “{KEY}”\n", f"`{KEY}`", f"\t{KEY}\ufeff"[:-1]],
)
def test_what_copying_adds_is_taken_off(pasted):
    found = keys.credential(ACME, SecretStr(pasted))
    assert found.access_token.get_secret_value() == KEY
    assert (found.token_type, found.metadata) == ("api_key", {"method": "key"})


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ('""', "empty"),
        ("your-api-key-here", "placeholder"),
        ("'Your-API-Key-Here'", "placeholder"),
        ("sk-canary-schlüssel", "characters that no key has"),
        ("sk-canary–0123", "characters that no key has"),
        ("sk-canary\n0123", "spaces, line ends"),
        ("sk-canary 0123", "spaces, line ends"),
        ("sk-canary\x000123", "control characters"),
        ("sk-canary\x7f0123", "control characters"),
    ],
)
def test_what_is_no_key_is_refused_without_being_repeated(pasted, why):
    with pytest.raises(SignInFailed, match=why) as failure:
        keys.credential(ACME, SecretStr(pasted))
    assert "canary" not in failure.value.message
    assert "https://acme.example/keys" in failure.value.message


def test_none_is_no_key():
    with pytest.raises(SignInFailed, match="empty"):
        keys.credential(ACME, None)


@pytest.mark.parametrize("key", [None, SecretStr(""), SecretStr("  \n")])
def test_a_server_that_needs_none_gets_none(key):
    found = keys.credential(LOCAL, key)
    assert (found.token_type, found.access_token.get_secret_value()) == ("none", "")


def test_a_server_that_needs_none_may_have_one():
    assert keys.credential(LOCAL, SecretStr(KEY)).token_type == "api_key"


@given(st.text())
def test_a_key_always_fits_into_a_header(pasted):
    try:
        found = keys.credential(ACME, SecretStr(pasted)).access_token.get_secret_value()
    except SignInFailed:
        return
    assert found == found.strip() != ""
    assert found.isascii()
    assert found.isprintable()
