"""Signing out of one provider and of all; revoking is shown in test_auth_login.py."""

import json

from .auth_command import KEY


def test_a_key_is_forgotten_and_the_place_to_end_it_is_named(auth):
    auth.run("login", "openrouter", "--api-key", "-", stdin=KEY)
    auth.run("login", "groq", "--api-key", "-", stdin=KEY)
    done = auth.run("logout", "OpenRouter", OPENROUTER_API_KEY=KEY)
    assert done.returncode == 0
    assert "OPENROUTER_API_KEY is still set" in done.stdout
    assert auth.stored.keys() == {"groq"}


def test_all_are_forgotten_those_of_other_versions_too(auth):
    auth.run("login", "groq", "--api-key", "-", stdin=KEY)
    auth.run("use", "ollama:qwen3")
    path = auth.home / "auth.json"
    stranger = {"provider_id": "martian", "access_token": "martian-canary", "token_type": "api_key"}
    path.write_text(json.dumps({**auth.stored, "martian": stranger}))
    report = auth.json("logout", "--all")
    assert [one["provider"] for one in report] == ["groq", "martian", "ollama"]
    assert auth.stored == {}
    assert auth.json("logout", "--all") == []
    assert auth.run("logout", "--all").stdout == "Nobody was signed in.\n"


def test_signing_out_where_nobody_is_signed_in_is_no_failure(auth):
    done = auth.run("logout", "groq")
    assert (done.returncode, done.stdout) == (0, "Nobody was signed in to Groq.\n")
    assert auth.json("logout", "groq") == {"provider": "groq", "revoked": None, "note": "Nobody was signed in to Groq."}
    assert auth.json("logout", "gorq", code=1)["error"].startswith(
        "The provider `gorq` is unknown. Did you mean `groq`?"
    )
