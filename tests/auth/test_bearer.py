"""What requests carry, to whom, and what a refusal does."""

import asyncio

import httpx2
import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.bearer import auth_for
from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.providers import Provider
from pymolcode_plugin.core.errors import NotSignedIn

pytestmark = pytest.mark.conformance

KEY = SecretStr("canary-key-0123456789")
BASE = "https://vendor.test/v1"


class Vendor:
    """Answers with the statuses it is given, in order, then 200, and keeps what requests carried."""

    def __init__(self, *statuses):
        self.statuses, self.carried, self.bodies = list(statuses), [], []

    async def __call__(self, request):
        names = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
        self.carried.append({name: request.headers[name] for name in names if name in request.headers})
        self.bodies.append(await request.aread())
        return httpx2.Response(self.statuses.pop(0) if self.statuses else 200)


class SignedIn:
    """Hands out tokens; a refused one is replaced by the next."""

    def __init__(self, *tokens, kind="Bearer"):
        self.tokens, self.kind, self.refused = list(tokens), kind, []

    async def fresh(self, provider_id, *, refused=None):
        assert provider_id == "acme"
        if refused is not None:
            self.refused.append(refused.get_secret_value())
            if self.tokens[0] == refused.get_secret_value():
                if len(self.tokens) == 1:
                    raise NotSignedIn("The sign-in is over.")
                self.tokens.pop(0)
        return Credential(provider_id="acme", access_token=SecretStr(self.tokens[0]), token_type=self.kind)


def acme(header="authorization"):
    return Provider(id="acme", title="Acme", api="chat", key_header=header)


async def post(vendor, auth, url=f"{BASE}/chat", **headers):
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(vendor), auth=auth) as client:
        return await client.post(url, json={"a": 1}, headers=headers)


@pytest.mark.parametrize(
    ("header", "value"),
    [("authorization", "Bearer canary-key-0123456789"), ("x-api-key", "canary-key-0123456789")],
)
async def test_a_key_goes_in_the_providers_header_and_the_placeholder_in_none(header, value):
    vendor = Vendor()
    auth = auth_for(acme(header), BASE, key=KEY)
    await post(vendor, auth, Authorization="Bearer not-a-key", **{"x-api-key": "not-a-key"})
    assert vendor.carried == [{header: value}]


async def test_without_a_key_nothing_is_carried():
    vendor = Vendor()
    await post(vendor, auth_for(acme(), BASE), Authorization="Bearer not-a-key")
    assert vendor.carried == [{}]


@pytest.mark.parametrize(
    "url",
    ["https://other.test/v1", "http://vendor.test/v1", "https://vendor.test:8443/v1", "https://vendor.test.evil.test/"],
)
async def test_no_other_place_gets_it(url):
    for auth in (auth_for(acme(), BASE, key=KEY), auth_for(acme(), BASE, sign_in=SignedIn("canary-token-1"))):
        vendor = Vendor()
        await post(vendor, auth, url)
        assert vendor.carried == [{}]


async def test_a_token_goes_as_a_bearer_whatever_the_header_of_keys():
    vendor = Vendor()
    await post(vendor, auth_for(acme("x-api-key"), BASE, sign_in=SignedIn("token-1")), **{"x-api-key": "not-a-key"})
    assert vendor.carried == [{"authorization": "Bearer token-1"}]


async def test_a_refused_token_is_renewed_once_and_the_whole_request_sent_again():
    vendor, signed_in = Vendor(401), SignedIn("token-1", "token-2")
    response = await post(vendor, auth_for(acme(), BASE, sign_in=signed_in))
    assert response.status_code == 200
    assert vendor.carried == [{"authorization": "Bearer token-1"}, {"authorization": "Bearer token-2"}]
    assert vendor.bodies[0] == vendor.bodies[1] != b""
    assert signed_in.refused == ["token-1"]


async def test_a_second_refusal_is_the_answer():
    vendor, signed_in = Vendor(401, 401), SignedIn("token-1", "token-2", "token-3")
    assert (await post(vendor, auth_for(acme(), BASE, sign_in=signed_in))).status_code == 401
    assert len(vendor.carried) == 2


async def test_a_key_from_a_sign_in_that_is_refused_is_not_renewed():
    vendor, signed_in = Vendor(401), SignedIn("a-key", kind="api_key")
    assert (await post(vendor, auth_for(acme(), BASE, sign_in=signed_in))).status_code == 401
    assert signed_in.refused == []


async def test_a_sign_in_that_is_over_is_said():
    with pytest.raises(NotSignedIn, match="over"):
        await post(Vendor(401), auth_for(acme(), BASE, sign_in=SignedIn("token-1")))


async def test_a_sign_in_elsewhere_counts_at_the_next_request():
    vendor, signed_in = Vendor(), SignedIn("token-1")
    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(vendor), auth=auth_for(acme(), BASE, sign_in=signed_in)
    ) as client:
        await client.get(BASE)
        signed_in.tokens = ["token-2"]
        await asyncio.gather(client.get(BASE), client.get(BASE))
    assert [item["authorization"] for item in vendor.carried] == ["Bearer token-1", "Bearer token-2", "Bearer token-2"]


def test_no_repr_shows_it():
    for auth in (auth_for(acme(), BASE, key=KEY), auth_for(acme(), BASE, sign_in=SignedIn("canary-1"))):
        assert "canary" not in f"{auth!r} {auth} {vars(auth)!r}"
        assert "acme" in repr(auth)
