import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pymolcode_plugin import masking
from pymolcode_plugin.masking import MASK, hide, hide_environment, mask, mask_answer, masked


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(masking, "_known", set())
    masking._pattern.cache_clear()
    yield
    masking._pattern.cache_clear()


def test_a_secret_that_was_hidden_is_taken_out_wherever_it_stands():
    hide(SecretStr("plain-words-canary"), "a/b+c=canary")
    text = mask("url?k=a%2Fb%2Bc%3Dcanary x=plain-words-canary,(a/b+c=canary)")
    assert text == f"url?k={MASK} x={MASK},({MASK})"


def test_of_two_secrets_with_the_same_beginning_nothing_is_left():
    hide("canary-12345", "canary-12345-longer")
    assert mask("canary-12345-longer") == MASK


@pytest.mark.parametrize(
    "secret",
    [
        "sk-canary-12345678",
        "sk-ant-api03-canary_canary",
        "gsk_canary12345678",
        "xai-canary-12345678",
        "hf_canary1234",
        "AIzaSyCanary-1234567890abcdef",
        "ya29.a0canary-12345678",
        "ghu_canary1234567890abc",
        "github_pat_canary1234567890",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    ],
)
def test_what_looks_like_a_key_is_taken_out_though_nobody_hid_it(secret):
    assert mask(f"the key {secret} and Bearer {secret}") == f"the key {MASK} and {MASK}"


@pytest.mark.parametrize(
    "text",
    ["color red, chain A and resi 30-45", "sk-8", "MKV***LLA", "1hpv...2xyz", "select s1, /1hpv/A/A/ASP`25/CA", "hf_1"],
)
def test_what_pymol_says_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize("shown", ["sk-proj-abc*******wxyz", "sk-abc…xyz", "sec***3456", "abc-def•••ghi"])
def test_a_key_that_a_server_repeats_in_part_is_taken_out(shown):
    hide("secret-canary-123456")
    assert mask_answer(f"Incorrect API key provided: {shown}.") == f"Incorrect API key provided: {MASK}."


def test_values_of_the_environment_are_hidden_by_the_names_of_their_variables():
    hide_environment(
        {
            "ANY_API_KEY": "canary-of-a-key",
            "MY_TOKEN_FILE": "/run/canary/path",
            "TOKEN_LIMIT": "123456789",
            "HOME": "home-canary",
        }
    )
    text = "canary-of-a-key /run/canary/path 123456789 home-canary"
    assert mask(text) == f"{MASK} /run/canary/path 123456789 home-canary"


@given(secret=st.text(min_size=8, max_size=40), before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_text_around_a_secret_keeps_it(secret, before, after):
    hide(secret)
    assert secret not in mask(before + secret + after).replace(MASK, "\0")


@pytest.mark.parametrize("secret", ["sk-canary-12345678", 'with "quotes" and \\ canary', "canary\nof two lines"])
def test_a_secret_is_taken_out_before_json_escapes_it(secret):
    hide(secret)
    value = {"text": f"code:\n{secret}\tend", "more": [{"deep": (secret, 1, None)}]}
    written = json.dumps(masked(value))
    assert "canary" not in written
    assert json.loads(written) == {"text": f"code:\n{MASK}\tend", "more": [{"deep": [MASK, 1, None]}]}
