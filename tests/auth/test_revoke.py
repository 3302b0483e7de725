"""Signing out takes tokens back where the provider offers that, and forgets them everywhere."""

from __future__ import annotations

import httpx2
import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth import sign_in as sign_in_module
from pymolcode_plugin.auth.credentials import Credential, OAuthClient
from pymolcode_plugin.core.errors import NotSignedIn

from .acme import acme, signing_in
from .people import Person
from .vendor import Says

pytestmark = pytest.mark.conformance


def held(**metadata):
    return Credential(
        provider_id="acme",
        access_token=SecretStr("access-canary-1"),
        token_type="Bearer",
        refresh_token=SecretStr("refresh-canary-1"),
        metadata={"method": "browser", "client_id": "public"} | metadata,
    )


@pytest.mark.parametrize(
    "client",
    [
        OAuthClient(client_id="public"),
        OAuthClient(client_id="basic", client_secret=SecretStr("basic-canary-secret-0123456789")),
    ],
    ids=lambda client: client.client_id,
)
async def test_a_real_server_takes_the_tokens_no_more(oidc, store, client):
    sign_in = signing_in(store, acme(issuer=oidc), client)
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    before = store.get("acme")
    bearer = {"Authorization": f"Bearer {before.access_token.get_secret_value()}"}
    signed_out = await sign_in.sign_out("acme")
    assert (signed_out.revoked, signed_out.note) == (True, "")
    assert store.all() == {}
    async with httpx2.AsyncClient() as http:
        assert (await http.get(f"{oidc}/me", headers=bearer)).status_code == 401
    store.put(before)
    with pytest.raises(NotSignedIn):
        await sign_in.fresh("acme", refused=before.access_token)


async def test_both_tokens_are_named_by_their_kind(vendor, store):
    vendor.routes["/revoke"] = lambda _asked: Says()
    store.put(held(revoke_url=f"{vendor.url}/revoke"))
    assert (await signing_in(store, acme()).sign_out("acme")).revoked is True
    assert [asked.form for asked in vendor.asked] == [
        {"token": "refresh-canary-1", "token_type_hint": "refresh_token", "client_id": "public"},
        {"token": "access-canary-1", "token_type_hint": "access_token", "client_id": "public"},
    ]


async def test_the_address_may_be_the_providers(vendor, store):
    vendor.routes["/revoke"] = lambda _asked: Says()
    store.put(held())
    assert (await signing_in(store, acme(revoke_url=f"{vendor.url}/revoke")).sign_out("acme")).revoked is True


async def test_access_tokens_may_not_be_revocable(vendor, store):
    unsupported = Says({"error": "unsupported_token_type"}, 400)
    vendor.routes["/revoke"] = lambda asked: Says() if asked.form["token_type_hint"] == "refresh_token" else unsupported
    store.put(held(revoke_url=f"{vendor.url}/revoke"))
    assert (await signing_in(store, acme()).sign_out("acme")).revoked is True


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Says({"error": "invalid_client"}, 401), "invalid_client"),
        (Says({}, 503), "503"),
        (Says({}, 302, {"location": "/x"}), "redirects"),
        (Says(cut=True), "cannot be reached"),
    ],
)
async def test_it_is_forgotten_also_where_that_fails(vendor, store, answer, why):
    vendor.routes["/revoke"] = lambda _asked: answer
    store.put(held(revoke_url=f"{vendor.url}/revoke"))
    signed_out = await signing_in(store, acme()).sign_out("acme")
    assert signed_out.revoked is False
    assert "Forgotten here, but not revoked" in signed_out.note
    assert why in signed_out.note
    assert "canary" not in signed_out.note
    assert store.all() == {}


async def test_a_server_that_says_nothing_is_not_waited_for(vendor, store, monkeypatch):
    monkeypatch.setattr(sign_in_module, "_REVOKE_LIMIT_S", 0.0)
    vendor.routes["/revoke"] = lambda _asked: Says()
    store.put(held(revoke_url=f"{vendor.url}/revoke"))
    signed_out = await signing_in(store, acme()).sign_out("acme")
    assert signed_out.revoked is False
    assert "did not answer in time" in signed_out.note


async def test_where_none_is_offered_it_says_so(store):
    store.put(held())
    signed_out = await signing_in(store, acme()).sign_out("acme")
    assert signed_out.revoked is None
    assert "offers no revocation" in signed_out.note
    assert store.all() == {}


async def test_a_pasted_key_is_forgotten_and_that_is_all(store):
    sign_in = signing_in(store, acme())
    await sign_in.sign_in("acme", "key", key=SecretStr("sk-canary-0123456789"))
    signed_out = await sign_in.sign_out("acme")
    assert (signed_out.revoked, signed_out.note) == (None, "")
    assert store.all() == {}


async def test_nobody_to_sign_out_is_said(store):
    assert "Nobody was signed in to Acme" in (await signing_in(store, acme()).sign_out("acme")).note
