"""What an issuer says of itself, and what of it is believed."""

from __future__ import annotations

import pytest

from pymolcode_plugin.auth import discovery, endpoint
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.auth.providers import OAuth
from pymolcode_plugin.core.errors import SignInFailed

from .vendor import Says

pytestmark = pytest.mark.conformance

WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture
async def http():
    async with await endpoint.client() as client:
        yield client


def describe(vendor, *, path="", **other):
    usual = {
        "issuer": vendor.url + path,
        "authorization_endpoint": f"{vendor.url}/authorize",
        "token_endpoint": f"{vendor.url}/token",
        "device_authorization_endpoint": f"{vendor.url}/device",
    }
    document = {name: value for name, value in (usual | other).items() if value is not None}
    vendor.routes[path.rstrip("/") + WELL_KNOWN] = lambda _asked: Says(document)


async def test_a_real_server_is_understood(http, oidc):
    found = await discovery.discover(http, oidc)
    assert found.issuer == oidc
    assert found.authorize_url == f"{oidc}/auth"
    assert found.token_url == f"{oidc}/token"
    assert found.device_url == f"{oidc}/device/auth"
    assert found.revoke_url == f"{oidc}/token/revocation"
    assert found.userinfo_url == f"{oidc}/me"
    assert found.says_issuer


@pytest.mark.parametrize("path", ["", "/", "/tenant", "/tenant/"])
async def test_an_issuer_may_have_a_path_and_a_slash_at_its_end(http, vendor, path):
    describe(vendor, path=path)
    assert (await discovery.discover(http, vendor.url + path)).issuer == vendor.url + path
    assert (await discovery.discover(http, (vendor.url + path).rstrip("/"))).issuer == vendor.url + path


@pytest.mark.parametrize("issuer", ["https://evil.example", "{url}/other", "{url}.evil.example"])
async def test_an_issuer_that_names_another_is_not_believed(http, vendor, issuer):
    describe(vendor, issuer=issuer.format(url=vendor.url))
    with pytest.raises(SignInFailed, match="is another one"):
        await discovery.discover(http, vendor.url)


@pytest.mark.parametrize(
    "name",
    [
        "authorization_endpoint",
        "token_endpoint",
        "device_authorization_endpoint",
        "revocation_endpoint",
        "userinfo_endpoint",
    ],
)
async def test_an_address_without_encryption_is_not_used(http, vendor, name):
    describe(vendor, **{name: "http://evil.example/x"})
    with pytest.raises(SignInFailed, match=r"evil\.example is not encrypted"):
        await discovery.addresses(http, OAuth(issuer=vendor.url), OAuthClient())


async def test_an_issuer_without_encryption_is_not_asked(http):
    with pytest.raises(SignInFailed, match="not encrypted"):
        await discovery.discover(http, "http://issuer.example")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Says({}, 404), "does not say where to sign in"),
        (Says(b"<html>"), "does not describe itself"),
        (Says({"issuer": 1}), "does not describe itself"),
        (Says({"issuer": "x" * 300_000}), "more than a sign-in needs"),
        (Says({}, 301, {"location": "https://evil.example"}), "redirects"),
        (Says({}, 500), "status 500"),
    ],
)
async def test_what_is_no_description_is_said(http, vendor, answer, why):
    vendor.routes[WELL_KNOWN] = lambda _asked: answer
    with pytest.raises(SignInFailed, match=why):
        await discovery.discover(http, vendor.url)


async def test_known_addresses_are_not_asked_for(http, vendor):
    oauth = OAuth(
        issuer="https://issuer.example", token_url="https://issuer.example/t", authorize_url="https://a.example"
    )
    found = await discovery.addresses(http, oauth, OAuthClient())
    assert (found.issuer, found.token_url) == ("https://issuer.example", "https://issuer.example/t")
    assert vendor.asked == []


async def test_what_the_user_sets_goes_before_what_is_found(http, vendor):
    describe(vendor, revocation_endpoint=f"{vendor.url}/revoke")
    brought = OAuthClient(issuer=vendor.url, authorize_url="https://own.example/authorize")
    usual = OAuth(authorize_url="https://usual.example/authorize", token_url="https://usual.example/token")
    found = await discovery.addresses(http, usual, brought)
    assert found.authorize_url == "https://own.example/authorize"
    assert found.token_url == f"{vendor.url}/token"
    assert found.revoke_url == f"{vendor.url}/revoke"


async def test_it_is_asked_anew_for_every_sign_in(http, vendor):
    describe(vendor)
    for _ in range(2):
        await discovery.addresses(http, OAuth(issuer=vendor.url), OAuthClient())
    assert len(vendor.asked) == 2


@pytest.mark.parametrize(
    ("methods", "way"),
    [(None, "basic"), (["client_secret_basic", "client_secret_post"], "basic"), (["client_secret_post"], "post")],
)
async def test_a_client_proves_itself_as_the_server_wants(http, vendor, methods, way):
    describe(vendor, token_endpoint_auth_methods_supported=methods)
    assert (await discovery.discover(http, vendor.url)).client_auth == way
