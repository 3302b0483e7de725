"""The sign-in with a ChatGPT plan, at a server that enforces OpenAI's rules."""

from __future__ import annotations

import stat
import sys
import time
import uuid

import httpx2
import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth import chatgpt
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import AuthError, NotSignedIn, SignInFailed

from .acme import acme, signing_in
from .people import Person
from .vendor import Says, id_token, s256

pytestmark = pytest.mark.conformance

NO_CLIENT = OAuthClient()
RESOURCE = "https://api.openai.com/v1"
SCOPES = ("openid", "profile", "email", "offline_access", "resource.invoke", "chatgpt.tokens.use.direct")
ISSUED = "app_issued_1"


def rules(vendor, *, answer=None, claims=None, tokens=None):
    """Registers at the first sign-in, knows the client later, rotates refresh tokens."""
    known = {}
    answer, claims, tokens = answer or {}, claims or {}, tokens or {}

    def authorize(asked):
        query = asked.query
        first = query["client_id"] == "dynamic_agent_client"
        assert first or query["client_id"] == ISSUED
        assert ("agent_name_hint" in query) == first
        assert uuid.UUID(query["ext_agent_host_id"]).urn == query["ext_agent_host_id"]
        assert query["resource"] == RESOURCE
        assert query["code_challenge_method"] == "S256"
        assert query["scope"].split() == list(SCOPES)
        redirect = httpx2.URL(query["redirect_uri"])
        assert (redirect.host, redirect.path) == ("127.0.0.1", "/auth/callback")
        known.update(query)
        said = {"code": "code-canary-1", "state": query["state"], "iss": "https://auth.openai.com"}
        said |= ({"client_id": ISSUED} if first else {}) | answer
        return Says(status=302, headers={"location": str(redirect.copy_merge_params(said))})

    def token(asked):
        form = asked.form
        assert form["resource"] == RESOURCE
        assert form["client_id"] == ISSUED
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != known.pop("refresh", None):
                return Says({"error": "refresh_token_reused"}, 400)
        elif s256(form["code_verifier"]) != known["code_challenge"] or form["code"] != "code-canary-1":
            return Says({"error": "invalid_grant"}, 400)
        known["refresh"] = f"refresh-canary-{uuid.uuid4()}"
        usual = {"iss": "https://auth.openai.com", "aud": [ISSUED], "sub": "ada", "email": "ada@example.org"}
        usual |= {"exp": time.time() + 600, "nonce": known["nonce"]}
        given = {"access_token": f"access-canary-{uuid.uuid4()}", "refresh_token": known["refresh"], "expires_in": 3600}
        given |= {"id_token": id_token(**(usual | claims)), "scope": " ".join(SCOPES), "token_type": "Bearer"}
        return Says({name: value for name, value in (given | tokens).items() if value is not None})

    vendor.routes |= {"/authorize": authorize, "/token": token}
    return acme(
        kind="chatgpt",
        methods=("browser",),
        authorize_url=f"{vendor.url}/authorize",
        token_url=f"{vendor.url}/token",
        redirect_path="/auth/callback",
        scopes=SCOPES,
        authorize_extra={"resource": RESOURCE},
        preview=True,
    )


async def test_the_first_sign_in_registers_and_the_next_one_uses_that_again(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    for _ in range(2):
        signed_in = await sign_in.sign_in("acme", "browser", person := Person())
        assert "<h1>Signed in</h1>" in (await person.done()).text
    first, second = (asked.query for asked in vendor.to("/authorize"))
    assert (first["client_id"], second["client_id"]) == ("dynamic_agent_client", ISSUED)
    assert first["ext_agent_host_id"] == second["ext_agent_host_id"]
    assert first["agent_name_hint"] == "pymolcode"
    assert first["nonce"] != second["nonce"]
    assert signed_in.account == "ada@example.org"
    assert "preview" in signed_in.note
    kept = store.get("acme")
    assert kept.metadata["client_id"] == ISSUED
    assert kept.expires_at > time.time()


async def test_after_signing_out_somebody_else_can_sign_in(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    for _ in range(2):
        await sign_in.sign_in("acme", "browser", person := Person())
        await person.done()
        await sign_in.sign_out("acme")
    assert [asked.query["client_id"] for asked in vendor.to("/authorize")] == ["dynamic_agent_client"] * 2


async def test_a_key_beside_it_is_no_registration(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    await sign_in.sign_in("acme", "key", key=SecretStr("sk-canary0123456789"))
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    assert vendor.to("/authorize")[0].query["client_id"] == "dynamic_agent_client"


async def test_it_is_renewed_as_the_issued_client_and_rotates(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    before = store.get("acme")
    after = await sign_in.fresh("acme", refused=before.access_token)
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    store.put(before)
    with pytest.raises(NotSignedIn, match="refresh_token_reused"):
        await sign_in.fresh("acme", refused=before.access_token)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"answer": {"client_id": "dynamic_agent_client"}}, "names no client"),
        ({"answer": {"client_id": ""}}, "names no client"),
        ({"answer": {"iss": "https://evil.example"}}, "answer of another issuer"),
        ({"claims": {"iss": "https://evil.example"}}, "of another issuer"),
        ({"claims": {"aud": ["other"]}}, "for another client"),
        ({"claims": {"nonce": "replayed"}}, "not for this sign-in"),
        ({"claims": {"exp": 1}}, "expired"),
        ({"tokens": {"id_token": None}}, "missing"),
        ({"tokens": {"id_token": "x"}}, "damaged"),
        ({"tokens": {"scope": "openid profile"}}, "plan was not allowed"),
        ({"tokens": {"access_token": None}}, "holds no token"),
    ],
)
async def test_what_is_not_right_leaves_the_store_as_it_was(vendor, store, wrong, why):
    with pytest.raises(SignInFailed, match=why):
        await signing_in(store, rules(vendor, **wrong), NO_CLIENT).sign_in("acme", "browser", person := Person())
    assert "Not signed in" in (await person.done()).text
    assert store.all() == {}


async def test_an_answer_for_another_client_than_the_known_one_is_not_used(vendor, store):
    sign_in = signing_in(store, rules(vendor), NO_CLIENT)
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    before = store.get("acme")
    rules(vendor, answer={"client_id": "app_other"})
    with pytest.raises(SignInFailed, match="for another client"):
        await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    assert store.get("acme") == before


def test_the_installation_has_one_id_that_only_its_user_reads():
    found = chatgpt.host_id()
    assert chatgpt.host_id() == found
    assert found.startswith("urn:uuid:")
    if sys.platform != "win32":
        assert stat.S_IMODE((paths.user_folder() / "host_id").stat().st_mode) == 0o600


def test_a_damaged_id_is_said():
    (paths.user_folder() / "host_id").write_text("nonsense", encoding="ascii")
    with pytest.raises(AuthError, match="host_id cannot be used"):
        chatgpt.host_id()
