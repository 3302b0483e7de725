"""What is shown of the model that is used, of sign-ins, and of a store with something wrong."""

import json
import os
import stat
import time

import pytest

from ..scripted_model import ScriptedModel
from .auth_command import KEY


def _store(auth, entries, mode=0o600):
    auth.home.mkdir(mode=0o700, exist_ok=True)
    path = auth.home / "auth.json"
    path.write_text(json.dumps(entries))
    path.chmod(mode)
    assert auth.stored == entries


def _entry(provider, **fields):
    return {"provider_id": provider, "access_token": f"{provider}-canary-token", "token_type": "Bearer", **fields}


def test_every_layer_is_shown_in_order_and_the_one_that_decided_is_marked(auth):
    report = auth.json("status", PYMOLCODE_MODEL="builtin", ANTHROPIC_API_KEY=KEY)
    layers = [item["layer"] for item in report["considered"]]
    assert layers[:4] == ["this chat", "PYMOLCODE_* environment", "configuration", "sign-in"]
    assert [item["layer"] for item in report["considered"] if item["used"]] == ["PYMOLCODE_* environment"]
    assert report["model"]["why"] == "named by PYMOLCODE_MODEL"
    text = auth.run("status", PYMOLCODE_MODEL="builtin", ANTHROPIC_API_KEY=KEY).stdout
    assert "  > PYMOLCODE_* environment" in text
    assert "ANTHROPIC_API_KEY" in text


def test_a_stray_key_does_not_beat_a_deliberate_sign_in(auth):
    with ScriptedModel("yes") as server:
        auth.run("login", "custom", "--api-key", "-", "--base-url", server.base_url, stdin="\n")
        report = auth.json("status", ANTHROPIC_API_KEY=KEY)
    assert report["model"]["name"] == "custom:scripted"
    assert [item["layer"] for item in report["considered"] if item["used"]] == ["sign-in"]


def test_each_sign_in_says_who_how_and_until_when(auth):
    soon, past = time.time() + 7500, time.time() - 60
    by_browser = {"method": "browser", "account": "ada@example.org"}
    chosen = {"provider_id": "ollama", "access_token": "", "token_type": "none"}
    entries = {
        "google": _entry("google", expires_at=soon, refresh_token="google-canary-refresh", metadata=by_browser),
        "azure": _entry("azure", expires_at=past, metadata={"method": "device"}),
        "huggingface": _entry("huggingface", expires_at=past, refresh_token="hf-canary-refresh"),
        "openrouter": {**_entry("openrouter"), "token_type": "api_key"},
        "martian": _entry("martian"),
        "ollama": {**chosen, "metadata": {"chosen_at": 5.0, "model": "qwen3"}},
    }
    _store(auth, entries)
    found = {item["provider"]: item for item in auth.json("status", PYMOLCODE_MODEL="builtin")["sign_ins"]}
    assert found["google"]["account"] == "ada@example.org"
    assert found["google"]["state"] == "2 hours left, then renewed"
    assert (found["azure"]["state"], found["azure"]["over"]) == ("expired: sign in again", True)
    assert (found["huggingface"]["state"], found["huggingface"]["over"]) == ("renewed at the next request", False)
    assert (found["openrouter"]["method"], found["openrouter"]["state"]) == ("key", "does not expire")
    assert found["martian"]["state"] == "unknown to this version"
    assert (found["ollama"]["method"], found["ollama"]["model"]) == ("no key", "qwen3")
    assert next(iter(found)) == "ollama", "the one that was chosen last comes first"
    text = auth.run("status", PYMOLCODE_MODEL="builtin").stdout
    assert "google" in text
    assert "expired: sign in again" in text


def test_where_no_model_can_be_used_everything_is_shown_all_the_same(auth):
    auth.run("login", "anthropic", "--api-key", "-", stdin=KEY)
    env = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    done = auth.run("status", **env)
    assert done.returncode == 1
    assert "Model    none" in done.stdout
    assert "signed in to Anthropic" in done.stdout
    assert "does not expire" in done.stdout
    report = auth.json("status", code=1, **env)
    assert "No model server answers" in report["error"]
    assert [item["provider"] for item in report["sign_ins"]] == ["anthropic"]


def test_an_entry_that_makes_no_sense_is_said_and_stays_until_somebody_signs_in_or_out(auth):
    strange = _entry("groq", expires_at="soon")
    _store(auth, {"groq": strange, "openrouter": _entry("openrouter")})
    report = auth.json("status", PYMOLCODE_MODEL="builtin")
    assert [item["provider"] for item in report["sign_ins"]] == ["openrouter"]
    assert "What is stored for `groq` makes no sense" in report["troubles"][0]
    assert auth.run("use", "openrouter:m", PYMOLCODE_MODEL="builtin").returncode == 0
    done = auth.run("use", "groq:m", PYMOLCODE_MODEL="builtin", GROQ_API_KEY=KEY)
    assert done.returncode == 1
    assert "makes no sense; it was left as it is" in done.stderr
    assert json.loads((auth.home / "auth.json").read_text())["groq"] == strange
    assert auth.run("logout", "groq").returncode == 0
    assert auth.json("status", PYMOLCODE_MODEL="builtin")["troubles"] == []


def test_a_damaged_store_is_put_aside_and_said_every_time(auth):
    auth.home.mkdir(mode=0o700)
    (auth.home / "auth.json").write_text('{"openai": {"access_token": "sk-can')
    (auth.home / "auth.json").chmod(0o600)
    for _ in range(2):
        troubles = auth.json("status", PYMOLCODE_MODEL="builtin")["troubles"]
        assert len(troubles) == 1
        assert "auth.json.damaged-" in troubles[0]
        assert "sign in again" in troubles[0]
    assert "auth.json.damaged-" in auth.run("status", PYMOLCODE_MODEL="builtin").stdout


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing on Windows")
def test_a_store_that_others_could_read_is_narrowed_and_said(auth):
    _store(auth, {"openrouter": _entry("openrouter")}, mode=0o644)
    first = auth.json("status", PYMOLCODE_MODEL="builtin")["troubles"]
    assert "(mode 0644); that was mended." in first[0]
    assert "Make new keys" in first[0]
    assert stat.S_IMODE((auth.home / "auth.json").stat().st_mode) == 0o600
    assert auth.json("status", PYMOLCODE_MODEL="builtin")["troubles"] == []


def test_what_a_provider_says_of_an_account_moves_no_cursor(auth):
    _store(auth, {"google": _entry("google", metadata={"account": "a\u001b[2Jb", "model": "m\u001b[2Jx"})})
    done = auth.run("status", PYMOLCODE_MODEL="builtin")
    assert "\x1b" not in done.stdout
    assert "a [2Jb" in done.stdout


def test_the_list_says_how_to_sign_in_and_where_that_was_done(auth):
    auth.run("login", "openrouter", "--api-key", "-", stdin=KEY)
    auth.configure("auth: {google: {client_id: mine}}\n")
    env = {"GROQ_API_KEY": "gsk_canary0123456789", "MISTRAL_API_KEY": "your-api-key-here", "PYMOLCODE_MODEL": "builtin"}
    found = {entry["id"]: entry for entry in auth.json("list", **env)}
    assert len(found) >= 17
    assert found["openrouter"]["signed_in"] is True
    assert found["groq"]["key_variable"] == "GROQ_API_KEY"
    assert found["mistral"]["key_variable"] == "", "a placeholder is no key"
    assert found["openai"]["preview"] is True
    assert found["google"]["needs_own_client"] is False
    assert found["azure"]["needs_own_client"] is True
    assert found["anthropic"]["methods"] == ["key"]
    done = auth.run("list", **env)
    assert "GROQ_API_KEY is set" in done.stdout
    assert "gsk_" not in done.stdout
    assert "browser*, key" in done.stdout
