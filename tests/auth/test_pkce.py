"""Signing in with a browser, at a real server and at one that misbehaves."""

from __future__ import annotations

import asyncio
import time

import httpx2
import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth import pkce
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.auth.pkce import Proof
from pymolcode_plugin.core.errors import SignInFailed

from .acme import acme, signing_in
from .people import Bystander, Person
from .vendor import Says, id_token, s256

pytestmark = pytest.mark.conformance

SCOPE = "openid offline_access email"


def rules(vendor, **said):
    """Routes that enforce what RFC 6749, 7636 and 9207 ask of the client; `said` goes into the answers."""
    known = {}

    def authorize(asked):
        query = asked.query
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        known.update(query)
        answer = {"code": "code-canary-1", "state": query["state"], **said.get("answer", {})}
        to = httpx2.URL(query["redirect_uri"]).copy_merge_params(answer)
        return Says(status=302, headers={"location": str(to)})

    def token(asked):
        form = asked.form
        right = (
            form["grant_type"] == "authorization_code"
            and form["code"] == "code-canary-1"
            and form["redirect_uri"] == known["redirect_uri"]
            and s256(form["code_verifier"]) == known["code_challenge"]
        )
        if not right:
            return Says({"error": "invalid_grant"}, 400)
        claims = {
            "iss": vendor.url,
            "aud": "public",
            "exp": time.time() + 60,
            "nonce": known.get("nonce", ""),
            "email": "ada@example.org",
        } | said.get("claims", {})
        tokens = {
            "access_token": "access-canary-1",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": id_token(**claims),
        }
        return said.get("token") or Says(tokens | said.get("tokens", {}))

    vendor.routes |= {"/authorize": authorize, "/token": token}
    return acme(
        issuer=vendor.url, authorize_url=f"{vendor.url}/authorize", token_url=f"{vendor.url}/token", scopes=("openid",)
    )


def test_the_challenge_is_the_one_of_the_rfc():
    """The example of RFC 7636, appendix B."""
    proof = Proof(verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert proof.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_verifier_is_long_random_and_not_shown():
    one, other = Proof(), Proof()
    assert one.verifier != other.verifier
    assert 43 <= len(one.verifier) <= 128
    assert one.verifier not in repr(one)


@pytest.mark.parametrize(
    "client",
    [
        OAuthClient(client_id="public"),
        OAuthClient(client_id="basic", client_secret=SecretStr("basic-canary-secret-0123456789")),
        OAuthClient(client_id="post", client_secret=SecretStr("post-canary-secret-0123456789")),
    ],
    ids=lambda client: client.client_id,
)
async def test_a_person_signs_in_at_a_real_server(oidc, store, client):
    person = Person()
    sign_in = signing_in(store, acme(issuer=oidc), client)
    signed_in = await sign_in.sign_in("acme", "browser", person)
    page = await person.done()
    kept = store.get("acme")
    assert (signed_in.method, signed_in.account) == ("browser", "ada@example.org")
    assert page.status_code == 200
    assert "<h1>Signed in</h1>" in page.text
    assert kept.token_type == "Bearer"
    assert kept.refresh_token is not None
    assert kept.expires_at == signed_in.expires_at
    assert kept.metadata["client_id"] == client.client_id
    assert kept.metadata["scope"] == SCOPE
    assert store.chosen().provider_id == "acme"
    async with httpx2.AsyncClient() as http:
        me = await http.get(f"{oidc}/me", headers={"Authorization": f"Bearer {kept.access_token.get_secret_value()}"})
    assert me.json()["email"] == "ada@example.org"


async def test_a_wrong_secret_is_refused_and_not_repeated(oidc, store):
    wrong = OAuthClient(client_id="basic", client_secret=SecretStr("wrong-canary-secret-0123456789"))
    person = Person()
    with pytest.raises(SignInFailed, match="invalid_client") as failure:
        await signing_in(store, acme(issuer=oidc), wrong).sign_in("acme", "browser", person)
    assert "wrong-canary" not in failure.value.message
    assert "Check the client id, and its secret." in failure.value.message
    assert "Not signed in" in (await person.done()).text
    assert store.all() == {}


async def test_a_person_who_says_no_has_refused(oidc, store):
    person = Person()
    provider = acme(issuer=oidc, authorize_extra={"login_hint": "deny", "prompt": "login consent"})
    with pytest.raises(SignInFailed, match="Acme refused: the sign-in was denied"):
        await signing_in(store, provider).sign_in("acme", "browser", person)
    page = await person.done()
    assert "Acme refused: the sign-in was denied" in page.text
    assert store.all() == {}


@pytest.mark.parametrize("left_out", ["code_challenge", "code_challenge_method"])
async def test_the_server_insists_on_the_challenge(oidc, store, monkeypatch, left_out):
    """The servers of these tests do check: what would pass without PKCE proves nothing."""

    def without(*given):
        return {name: text for name, text in asked(*given).items() if name != left_out}

    asked = pkce.request
    monkeypatch.setattr(pkce, "request", without)
    with pytest.raises(SignInFailed, match=r"invalid_request|invalid_grant"):
        await signing_in(store, acme(issuer=oidc)).sign_in("acme", "browser", Person())


async def test_the_server_insists_on_the_verifier(oidc, store, monkeypatch):
    monkeypatch.setattr(Proof, "challenge", property(lambda _self: s256("of-another-verifier" * 3)))
    with pytest.raises(SignInFailed, match="invalid_grant"):
        await signing_in(store, acme(issuer=oidc)).sign_in("acme", "browser", Person())
    assert store.all() == {}


async def test_the_server_sends_nobody_to_a_foreign_address(oidc, store, monkeypatch):
    asked = pkce.request
    foreign = {"redirect_uri": "http://evil.example/callback"}
    monkeypatch.setattr(pkce, "request", lambda *given: asked(*given) | foreign)
    monkeypatch.setattr(pkce, "_LIMIT_S", 1.0)
    person = Person()
    with pytest.raises(SignInFailed, match="Nobody signed in"):
        await signing_in(store, acme(issuer=oidc)).sign_in("acme", "browser", person)
    assert (await person.done()).status_code == 400


async def test_extra_parameters_cannot_replace_what_protects(vendor, store):
    provider = rules(vendor)
    extra = {"state": "x", "code_challenge_method": "plain", "redirect_uri": "http://evil.example", "prompt": "consent"}
    provider = provider.model_copy(update={"oauth": provider.oauth.model_copy(update={"authorize_extra": extra})})
    await signing_in(store, provider).sign_in("acme", "browser", person := Person())
    await person.done()
    [asked] = vendor.to("/authorize")
    assert asked.query["prompt"] == "consent"
    assert asked.query["state"] != "x"
    assert asked.query["redirect_uri"].startswith("http://127.0.0.1:")


async def test_the_address_of_the_server_may_have_parameters_of_its_own(vendor, store):
    provider = rules(vendor)
    oauth = provider.oauth.model_copy(update={"authorize_url": f"{vendor.url}/authorize?tenant=a%26b"})
    await signing_in(store, provider.model_copy(update={"oauth": oauth})).sign_in("acme", "browser", person := Person())
    await person.done()
    assert vendor.to("/authorize")[0].query["tenant"] == "a&b"


async def test_an_answer_of_another_issuer_is_not_used(vendor, store):
    provider = rules(vendor, answer={"iss": "https://evil.example"})
    with pytest.raises(SignInFailed, match="answer of another issuer"):
        await signing_in(store, provider).sign_in("acme", "browser", person := Person())
    assert "another issuer" in (await person.done()).text
    assert vendor.to("/token") == []


async def test_an_answer_of_the_issuer_is_used(vendor, store):
    provider = rules(vendor, answer={"iss": vendor.url})
    signed_in = await signing_in(store, provider).sign_in("acme", "browser", person := Person())
    await person.done()
    assert signed_in.account == "ada@example.org"


async def test_an_answer_with_another_state_is_never_exchanged(vendor, store, monkeypatch):
    monkeypatch.setattr(pkce, "_LIMIT_S", 0.5)
    provider = rules(vendor, answer={"state": "guessed"})
    with pytest.raises(SignInFailed, match="Nobody signed in"):
        await signing_in(store, provider).sign_in("acme", "browser", person := Person())
    assert (await person.done()).status_code == 400
    assert vendor.to("/token") == []


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "replayed"}, "not for this sign-in"),
        ({"aud": "other"}, "for another client"),
        ({"aud": ["other", "another"]}, "for another client"),
        ({"iss": "https://evil.example"}, "of another issuer"),
        ({"exp": 1}, "expired"),
        ({"exp": "soon"}, "damaged"),
    ],
)
async def test_an_id_token_that_is_not_for_this_sign_in_ends_it(vendor, store, claims, why):
    with pytest.raises(SignInFailed, match=why):
        await signing_in(store, rules(vendor, claims=claims)).sign_in("acme", "browser", person := Person())
    assert "Not signed in" in (await person.done()).text
    assert store.all() == {}


@pytest.mark.parametrize("damaged", ["x", "a.b.c", "a.W10.c", ""])
async def test_a_damaged_id_token_ends_it(vendor, store, damaged):
    with pytest.raises(SignInFailed, match="damaged"):
        await signing_in(store, rules(vendor, tokens={"id_token": damaged})).sign_in(
            "acme", "browser", person := Person()
        )
    await person.done()


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (Says({"error": "invalid_grant", "error_description": "too\nlate \x1b[31m"}, 400), "invalid_grant: too late"),
        (Says({"error": "invalid_grant"}, 200), "refused: invalid_grant"),
        (Says(b"<html>", 400), "status 400 without a reason"),
        (Says({"access_token": ""}), "holds no token"),
        (Says({"access_token": ["x"]}), "holds no token"),
        (Says([1]), "holds no token"),
        (Says({"access_token": "x", "token_type": "mac"}), "kind of token"),
        (Says({}, 302, {"location": "https://evil.example/token"}), "redirects"),
        (Says({}, 307, {"location": "https://evil.example/token"}), "redirects"),
        (Says(b"x" * 300_000), "more than a sign-in needs"),
        (Says({}, 503), "status 503"),
        (Says(cut=True), "cannot be reached"),
    ],
)
async def test_a_token_endpoint_that_misbehaves_is_said(vendor, store, token, why):
    with pytest.raises(SignInFailed, match=why) as failure:
        await signing_in(store, rules(vendor, token=token)).sign_in("acme", "browser", person := Person())
    assert (await person.done()).text.count("Not signed in") == 2
    assert "code-canary" not in failure.value.message
    assert len(failure.value.message) < 400
    assert store.all() == {}


async def test_a_server_that_repeats_what_it_was_sent_is_not_quoted(vendor, store):
    provider = rules(vendor)

    def echo(asked):
        return Says({"error": "invalid_grant", "error_description": f"bad {asked.form}"}, 400)

    vendor.routes["/token"] = echo
    with pytest.raises(SignInFailed, match="bad") as failure:
        await signing_in(store, provider).sign_in("acme", "browser", person := Person())
    await person.done()
    sent = vendor.to("/token")[0].form
    assert "code-canary-1" not in failure.value.message
    assert sent["code_verifier"] not in failure.value.message


async def test_the_page_says_that_it_worked_only_once_it_is_stored(vendor, store, monkeypatch):
    held, stored = asyncio.Event(), asyncio.Event()

    def put(credential):
        asyncio.run_coroutine_threadsafe(_wait(held, stored), loop).result(5)
        kept(credential)

    loop, kept = asyncio.get_running_loop(), store.put
    monkeypatch.setattr(store, "put", put)
    person = Person()
    running = asyncio.ensure_future(signing_in(store, rules(vendor)).sign_in("acme", "browser", person))
    await asyncio.wait_for(held.wait(), 5)
    assert person.pages == []
    stored.set()
    await running
    assert "<h1>Signed in</h1>" in (await person.done()).text


async def _wait(held: asyncio.Event, stored: asyncio.Event) -> None:
    held.set()
    await stored.wait()


async def test_a_client_may_be_the_address_of_a_document(vendor, store):
    document = OAuthClient(client_id="https://pymolcode.example/.well-known/oauth-cimd")
    provider = rules(vendor, claims={"aud": document.client_id})
    await signing_in(store, provider, document).sign_in("acme", "browser", person := Person())
    await person.done()
    assert vendor.to("/authorize")[0].query["client_id"] == document.client_id
    assert vendor.to("/token")[0].form["client_id"] == document.client_id


async def test_a_bystander_is_waited_for_until_the_limit(vendor, store, monkeypatch):
    monkeypatch.setattr(pkce, "_LIMIT_S", 0.05)
    person = Bystander()
    with pytest.raises(SignInFailed, match="Nobody signed in"):
        await signing_in(store, rules(vendor)).sign_in("acme", "browser", person)
    await assert_closed(person)
    assert store.all() == {}


async def assert_closed(person: Person) -> None:
    redirect = httpx2.URL(httpx2.URL(person.urls[0]).params["redirect_uri"])
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", redirect.port)


async def test_cancelling_closes_the_port_and_leaves_the_store_as_it_was(vendor, store):
    person = Bystander()
    running = asyncio.ensure_future(signing_in(store, rules(vendor)).sign_in("acme", "browser", person))
    await asyncio.wait_for(person.shown.wait(), 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await assert_closed(person)
    assert store.all() == {}
    assert len(asyncio.all_tasks()) == 1
