"""What a refresh token is exchanged for."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth import endpoint
from pymolcode_plugin.auth.attempt import Time
from pymolcode_plugin.auth.credentials import Credential, OAuthClient
from pymolcode_plugin.auth.renew import renew
from pymolcode_plugin.core.errors import NotSignedIn, SignInFailed

from .acme import acme, signing_in
from .people import Person
from .vendor import Says

pytestmark = pytest.mark.conformance

SECRET = OAuthClient(client_id="basic", client_secret=SecretStr("basic-canary-secret-0123456789"))


def held(vendor, **metadata):
    usual = {
        "method": "browser",
        "client_id": "public",
        "token_url": f"{vendor.url}/token",
        "account": "ada",
        "model": "m",
    }
    return Credential(
        provider_id="acme",
        access_token=SecretStr("access-canary-1"),
        token_type="Bearer",
        refresh_token=SecretStr("refresh-canary-1"),
        expires_at=1.0,
        metadata=usual | metadata,
    )


async def renewed(credential, client=None, *, now=100.0):
    async with await endpoint.client() as http:
        return await renew(http, acme(), client or OAuthClient(), credential, Time(now=lambda: now))


@pytest.mark.parametrize("client", [OAuthClient(client_id="public"), SECRET], ids=lambda client: client.client_id)
async def test_a_real_server_gives_a_new_pair_and_takes_the_old_one_no_more(oidc, store, client):
    sign_in = signing_in(store, acme(issuer=oidc), client)
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    before = store.get("acme")
    after = await sign_in.fresh("acme", refused=before.access_token)
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert after.metadata == {**before.metadata, "obtained_at": after.metadata["obtained_at"]}
    store.put(before)
    with pytest.raises(NotSignedIn, match="invalid_grant"):
        await sign_in.fresh("acme", refused=before.access_token)


async def test_the_old_refresh_token_stays_where_no_new_one_comes(vendor):
    vendor.routes["/token"] = lambda _asked: Says({"access_token": "access-canary-2", "expires_in": "60"})
    after = await renewed(held(vendor))
    assert after.access_token.get_secret_value() == "access-canary-2"
    assert after.refresh_token.get_secret_value() == "refresh-canary-1"
    assert after.expires_at == 160.0
    assert after.metadata == held(vendor).metadata
    assert vendor.asked[0].form == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-canary-1",
        "client_id": "public",
    }


async def test_what_does_not_expire_any_more_does_not_expire(vendor):
    vendor.routes["/token"] = lambda _asked: Says({"access_token": "a", "refresh_token": "r", "scope": "less"})
    after = await renewed(held(vendor))
    assert after.expires_at is None
    assert after.refresh_token.get_secret_value() == "r"
    assert after.metadata["scope"] == "less"


async def test_a_secret_goes_along_only_with_the_client_that_signed_in(vendor):
    vendor.routes["/token"] = lambda _asked: Says({"access_token": "a"})
    await renewed(held(vendor), SECRET)
    await renewed(held(vendor, client_id="basic"), SECRET)
    await renewed(held(vendor, client_id="basic", client_auth="basic"), SECRET)
    public, post, basic = vendor.asked
    assert (public.form["client_id"], "client_secret" in public.form, "authorization" in public.headers) == (
        "public",
        False,
        False,
    )
    assert post.form["client_secret"] == SECRET.client_secret.get_secret_value()
    assert basic.headers["authorization"].startswith("Basic ")
    assert "client_secret" not in basic.form


async def test_the_other_way_to_prove_itself_is_tried_where_one_is_refused(vendor):
    def only_post(asked):
        return Says({"access_token": "a"}) if "client_secret" in asked.form else Says({"error": "invalid_client"}, 401)

    vendor.routes["/token"] = only_post
    assert (await renewed(held(vendor, client_id="basic", client_auth="basic"), SECRET)).access_token is not None
    assert len(vendor.asked) == 2


async def test_a_refused_refresh_is_the_end_and_says_how_to_begin_again(vendor):
    vendor.routes["/token"] = lambda asked: Says({"error": "invalid_grant", "error_description": str(asked.form)}, 400)
    with pytest.raises(NotSignedIn) as failure:
        await renewed(held(vendor))
    assert "pymolcode-auth login acme" in failure.value.message
    assert "canary" not in failure.value.message


async def test_without_a_refresh_token_it_has_expired(vendor):
    with pytest.raises(NotSignedIn, match="it has expired"):
        await renewed(held(vendor).model_copy(update={"refresh_token": None}))
    assert vendor.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        Says(cut=True),
        Says({}, 503),
        Says({}, 429),
        Says(b"<html>a proxy says no", 403),
        Says({"error": "invalid_client"}, 401),
        Says({"error": "invalid_request"}, 400),
        Says({"error": "temporarily_unavailable"}, 400),
    ],
)
async def test_what_says_nothing_of_the_token_is_not_the_end(vendor, answer):
    vendor.routes["/token"] = lambda _asked: answer
    with pytest.raises(SignInFailed) as failure:
        await renewed(held(vendor))
    assert not isinstance(failure.value, NotSignedIn)
    assert "canary" not in failure.value.message


@pytest.mark.parametrize("error", ["invalid_grant", "refresh_token_reused", "bad_refresh_token"])
async def test_what_says_that_the_token_is_over_is_the_end(vendor, error):
    vendor.routes["/token"] = lambda _asked: Says({"error": error}, 400)
    with pytest.raises(NotSignedIn, match=error):
        await renewed(held(vendor))


async def test_a_token_url_without_encryption_gets_nothing(vendor):
    with pytest.raises(SignInFailed, match="not encrypted"):
        await renewed(held(vendor, token_url="http://evil.example/token"))
