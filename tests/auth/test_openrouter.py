"""OpenRouter's own sign-in, at a server that enforces its rules."""

from __future__ import annotations

import httpx2
import pytest

from pymolcode_plugin.auth import pkce
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.core.errors import SignInFailed

from .acme import acme, signing_in
from .people import Person
from .vendor import Says, s256

pytestmark = pytest.mark.conformance

NO_CLIENT = OAuthClient()


def rules(vendor, *, to="", answer=None):
    """No client, no state; the code counts once, and only for the one who asked."""
    known = {}

    def authorize(asked):
        query = asked.query
        assert set(query) == {"callback_url", "code_challenge", "code_challenge_method"}
        assert query["code_challenge_method"] == "S256"
        known.update(query, code="code-canary-1")
        url = httpx2.URL(query["callback_url"])
        where = url.copy_with(path=to) if to else url
        return Says(status=302, headers={"location": str(where.copy_merge_params({"code": "code-canary-1"}))})

    def keys(asked):
        assert asked.headers["content-type"] == "application/json"
        sent = asked.json
        assert set(sent) == {"code", "code_verifier", "code_challenge_method"}
        assert sent["code_challenge_method"] == "S256"
        if sent["code"] != known.pop("code", None) or s256(sent["code_verifier"]) != known["code_challenge"]:
            return Says({"error": {"code": 403, "message": "Invalid code"}}, 403)
        return answer or Says({"key": "sk-or-v1-canary0123456789", "user_id": "ada"})

    vendor.routes |= {"/auth": authorize, "/api/v1/auth/keys": keys}
    return acme(
        kind="openrouter",
        methods=("browser",),
        authorize_url=f"{vendor.url}/auth",
        token_url=f"{vendor.url}/api/v1/auth/keys",
        scopes=(),
        authorize_extra={},
    )


async def test_a_person_gets_a_key_that_stays(vendor, store):
    person = Person()
    signed_in = await signing_in(store, rules(vendor), NO_CLIENT).sign_in("acme", "browser", person)
    assert "<h1>Signed in</h1>" in (await person.done()).text
    kept = store.get("acme")
    assert kept.access_token.get_secret_value() == "sk-or-v1-canary0123456789"
    assert (kept.token_type, kept.refresh_token, kept.expires_at) == ("api_key", None, None)
    assert signed_in.expires_at is None


async def test_the_path_is_another_one_every_time_and_cannot_be_guessed(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    for _ in range(2):
        await sign_in.sign_in("acme", "browser", person := Person())
        await person.done()
    one, other = (httpx2.URL(asked.query["callback_url"]).path for asked in vendor.to("/auth"))
    assert one != other
    assert all(path.startswith("/callback/") and len(path) >= 40 for path in (one, other))


async def test_a_code_that_comes_to_another_path_is_never_exchanged(vendor, store, monkeypatch):
    monkeypatch.setattr(pkce, "_LIMIT_S", 0.5)
    person = Person()
    with pytest.raises(SignInFailed, match="Nobody signed in"):
        await signing_in(store, rules(vendor, to="/callback"), NO_CLIENT).sign_in("acme", "browser", person)
    assert (await person.done()).status_code == 404
    assert vendor.to("/api/v1/auth/keys") == []


async def test_the_server_checks_the_verifier(vendor, store, monkeypatch):
    monkeypatch.setattr(pkce.Proof, "challenge", property(lambda _self: s256("another")))
    with pytest.raises(SignInFailed, match="refused"):
        await signing_in(store, rules(vendor), NO_CLIENT).sign_in("acme", "browser", person := Person())
    await person.done()
    assert store.all() == {}


@pytest.mark.parametrize("answer", [Says({}), Says({"key": ""}), Says({"key": 1}), Says([]), Says(b"sk-or-v1-canary")])
async def test_an_answer_without_a_key_is_said(vendor, store, answer):
    with pytest.raises(SignInFailed, match="holds no key") as failure:
        await signing_in(store, rules(vendor, answer=answer), NO_CLIENT).sign_in("acme", "browser", person := Person())
    await person.done()
    assert "canary" not in failure.value.message


async def test_signing_out_says_that_the_key_still_works(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    signed_out = await sign_in.sign_out("acme")
    assert signed_out.revoked is None
    assert "https://acme.example/keys" in signed_out.note
    assert store.all() == {}
