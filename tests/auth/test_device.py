"""Signing in with a code, at a real server, at GitHub's kind of one, and at one that comes and goes."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.attempt import Time
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.auth.sign_in import SignIn
from pymolcode_plugin.core.errors import SignInFailed

from ..node_servers import oauth_server
from .acme import CLIENT, Clock, acme, signing_in
from .people import Bystander, Person
from .vendor import Says

pytestmark = pytest.mark.conformance

PENDING = Says({"error": "authorization_pending"}, 400)
GRANTED = Says({"access_token": "access-canary-1", "token_type": "bearer", "expires_in": 60})


def rules(vendor, answers, **offer):
    """A server that enforces RFC 8628 and gives `answers` to the questions, the last one for ever."""
    left = list(answers)

    def device(asked):
        assert asked.method == "POST"
        assert asked.headers["accept"] == "application/json"  # else GitHub answers with a form
        assert asked.form["client_id"] == "public"
        usual = {
            "device_code": "device-canary-1",
            "user_code": "WDJB-MJHT",
            "verification_uri": f"{vendor.url}/device",
            "expires_in": 60,
            "interval": 5,
        }
        return Says({name: value for name, value in (usual | offer).items() if value is not None})

    def token(asked):
        assert asked.headers["accept"] == "application/json"
        assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
        assert asked.form["device_code"] == "device-canary-1"
        assert asked.form["client_id"] == "public"
        return left.pop(0) if len(left) > 1 else left[0]

    vendor.routes |= {"/device/code": device, "/token": token}
    oauth = {"token_url": f"{vendor.url}/token", "device_url": f"{vendor.url}/device/code", "scopes": ("read:user",)}
    return acme(methods=("device",), **oauth)


@pytest.mark.parametrize(
    "client",
    [
        OAuthClient(client_id="public"),
        OAuthClient(client_id="basic", client_secret=SecretStr("basic-canary-secret-0123456789")),
    ],
    ids=lambda client: client.client_id,
)
async def test_a_person_signs_in_at_a_real_server(oidc, store, client):
    person, clock = Person(), Clock()
    sign_in = signing_in(store, acme(issuer=oidc), client, clock=clock)
    signed_in = await asyncio.wait_for(sign_in.sign_in("acme", "device", person), 20)
    assert "success" in (await person.done()).text.lower()
    [code] = person.codes
    assert code.user_code in code.verification_uri_complete
    assert code.expires_at > clock.now() - sum(clock.slept_s)
    assert (signed_in.method, signed_in.account) == ("device", "ada@example.org")
    assert store.get("acme").refresh_token is not None
    assert store.chosen().provider_id == "acme"


async def test_a_person_who_says_no_at_a_real_server_has_refused(oidc, store):
    person = Person(says="abort")
    with pytest.raises(SignInFailed, match="Acme refused: the sign-in was denied"):
        await asyncio.wait_for(signing_in(store, acme(issuer=oidc)).sign_in("acme", "device", person), 20)
    await person.done()
    assert store.all() == {}


async def test_a_code_that_nobody_types_expires_at_a_real_server(oidc, store):
    clock = Clock()
    with pytest.raises(SignInFailed, match="expired before it was typed"):
        await asyncio.wait_for(
            signing_in(store, acme(issuer=oidc), clock=clock).sign_in("acme", "device", Bystander()), 20
        )
    assert sum(clock.slept_s) == pytest.approx(60, abs=1)
    assert store.all() == {}


async def test_a_real_server_says_itself_that_a_code_has_expired(store):
    """On a clock that stands still here, so that it is the server's that counts; it soon forgets the code as well."""
    still = Time(now=lambda: 0.0, sleep=lambda _seconds: asyncio.sleep(0.2))
    with oauth_server(DEVICE_S=1) as server:
        sign_in = SignIn(store, {"acme": CLIENT}, find=lambda _id: acme(issuer=server.issuer), time=still)
        with pytest.raises(SignInFailed, match=r"expired before it was typed|invalid_grant"):
            await asyncio.wait_for(sign_in.sign_in("acme", "device", Bystander()), 20)
        assert server.counts()["refused"] >= 1


async def test_the_server_sets_the_pace(vendor, store):
    slower = Says({"error": "slow_down"}, 400)
    provider, clock = rules(vendor, [PENDING, slower, PENDING, slower, GRANTED]), Clock()
    await signing_in(store, provider, clock=clock).sign_in("acme", "device", Bystander())
    assert clock.slept_s == [5, 5, 10, 10, 15]
    assert store.get("acme").access_token.get_secret_value() == "access-canary-1"
    assert store.get("acme").metadata["scope"] == "read:user"


async def test_the_usual_pace_is_five_seconds(vendor, store):
    clock = Clock()
    await signing_in(store, rules(vendor, [GRANTED], interval=None), clock=clock).sign_in("acme", "device", Bystander())
    assert clock.slept_s == [5]


async def test_github_answers_with_200_and_an_error_in_it(vendor, store):
    pending = Says({"error": "authorization_pending", "error_description": "not yet", "error_uri": "https://docs"})
    slower = Says({"error": "slow_down", "interval": 10})
    granted = Says({"access_token": "gho_canary0123456789", "token_type": "bearer", "scope": "read:user"})
    provider, clock = rules(vendor, [pending, slower, granted]), Clock()
    await signing_in(store, provider, clock=clock).sign_in("acme", "device", Bystander())
    kept = store.get("acme")
    assert clock.slept_s == [5, 5, 10]
    assert (kept.refresh_token, kept.expires_at) == (None, None)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Says({"error": "expired_token"}, 400), "expired before it was typed"),
        (Says({"error": "expired_token"}, 200), "expired before it was typed"),
        (Says({"error": "access_denied"}, 400), "the sign-in was denied"),
        (Says({"error": "access_denied"}, 200), "the sign-in was denied"),
        (Says({"error": "device_flow_disabled"}, 200), "refused: device_flow_disabled"),
        (Says({"error": "invalid_client"}, 401), "refused: invalid_client"),
        (Says({}, 200), "holds no token"),
    ],
)
async def test_an_end_is_an_end(vendor, store, answer, why):
    with pytest.raises(SignInFailed, match=why):
        await signing_in(store, rules(vendor, [PENDING, answer])).sign_in("acme", "device", Bystander())
    assert len(vendor.to("/token")) == 2
    assert store.all() == {}


@pytest.mark.parametrize("hiccup", [Says({}, 500), Says({}, 503), Says({}, 429), Says(b"<html>", 502), Says(cut=True)])
async def test_a_server_that_is_away_for_a_while_is_asked_again(vendor, store, hiccup):
    provider, clock = rules(vendor, [hiccup, PENDING, hiccup, GRANTED]), Clock()
    await signing_in(store, provider, clock=clock).sign_in("acme", "device", Bystander())
    assert len(vendor.to("/token")) == 4
    assert store.get("acme") is not None


async def test_a_server_that_stays_away_is_asked_until_the_code_expires(vendor, store):
    clock = Clock()
    with pytest.raises(SignInFailed, match="expired before it was typed"):
        await signing_in(store, rules(vendor, [Says(cut=True)], expires_in=20), clock=clock).sign_in(
            "acme", "device", Bystander()
        )
    assert sum(clock.slept_s) == pytest.approx(20)


async def test_a_wait_is_never_longer_than_the_code_lives(vendor, store):
    clock = Clock()
    with pytest.raises(SignInFailed, match="expired"):
        await signing_in(store, rules(vendor, [PENDING], interval=1e9, expires_in=1e9), clock=clock).sign_in(
            "acme", "device", Bystander()
        )
    assert clock.slept_s == [pytest.approx(1800, abs=1)]


async def test_google_calls_the_page_by_another_name(vendor, store):
    person = Bystander()
    provider = rules(vendor, [GRANTED], verification_uri=None, verification_url=f"{vendor.url}/page")
    await signing_in(store, provider).sign_in("acme", "device", person)
    assert person.codes[0].verification_uri == f"{vendor.url}/page"
    assert person.codes[0].verification_uri_complete == ""


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        ({"device_code": None}, "no code to type"),
        ({"user_code": ""}, "no code to type"),
        ({"user_code": "x" * 65}, "no code to type"),
        ({"user_code": "A\x1b[2J"}, "cannot be typed"),
        ({"expires_in": 0}, "no code to type"),
        ({"verification_uri": "http://evil.example/device"}, "not encrypted"),
        ({"verification_uri": "javascript:alert(1)"}, "no host|not encrypted"),
        ({"verification_uri": "file:///etc/passwd"}, "no host|not encrypted"),
        ({"verification_uri_complete": "http://evil.example/device?c=1"}, "not encrypted"),
    ],
)
async def test_a_code_that_cannot_be_shown_is_not_shown(vendor, store, offer, why):
    person = Bystander()
    with pytest.raises(SignInFailed, match=why):
        await signing_in(store, rules(vendor, [GRANTED], **offer)).sign_in("acme", "device", person)
    assert person.codes == []


async def test_a_refused_request_for_a_code_says_why(vendor, store):
    provider = rules(vendor, [GRANTED])
    vendor.routes["/device/code"] = lambda _asked: Says({"error": "unauthorized_client"}, 400)
    with pytest.raises(SignInFailed, match="unauthorized_client"):
        await signing_in(store, provider).sign_in("acme", "device", Bystander())


async def test_the_wait_can_be_stopped_and_leaves_the_store_as_it_was(vendor, store):
    person = Bystander()
    provider = rules(vendor, [PENDING], interval=1000, expires_in=1000)
    clock = Clock()
    clock.sleep = asyncio.sleep
    running = asyncio.ensure_future(signing_in(store, provider, clock=clock).sign_in("acme", "device", person))
    await asyncio.wait_for(person.shown.wait(), 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert store.all() == {}
