"""Where an issuer's addresses are: OpenID Connect Discovery 1.0, section 4. Nothing found here is kept."""

from __future__ import annotations

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from ..core.errors import SignInFailed
from . import endpoint
from .attempt import Addresses
from .credentials import OAuthClient
from .providers import OAuth

_WELL_KNOWN = "/.well-known/openid-configuration"


class _Document(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    issuer: str
    authorization_endpoint: str = ""
    token_endpoint: str
    device_authorization_endpoint: str = ""
    revocation_endpoint: str = ""
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


async def addresses(http: httpx2.AsyncClient, oauth: OAuth, client: OAuthClient) -> Addresses:
    """The addresses of the user's client, else of the provider, else those that the issuer names.

    Raises:
        SignInFailed: The issuer cannot be asked, names another, or an address is not encrypted.
    """
    # An issuer of the user's replaces all that is known of the provider's own.
    usual = OAuth() if client.issuer else oauth
    known = Addresses(
        issuer=client.issuer or oauth.issuer,
        authorize_url=client.authorize_url or usual.authorize_url,
        token_url=client.token_url or usual.token_url,
        device_url=client.device_url or usual.device_url,
        revoke_url=client.revoke_url or usual.revoke_url,
    )
    if known.issuer and not known.token_url:
        known = _filled(known, await discover(http, known.issuer))
    for url in (known.authorize_url, known.token_url, known.device_url, known.revoke_url, known.userinfo_url):
        if url:
            endpoint.need_safe(url)
    return known


def _filled(known: Addresses, found: Addresses) -> Addresses:
    """What was set goes before what was found."""
    return found.model_copy(update=known.model_dump(include=_said(known)))


def _said(known: Addresses) -> set[str]:
    return {name for name in ("authorize_url", "token_url", "device_url", "revoke_url") if getattr(known, name)}


async def discover(http: httpx2.AsyncClient, issuer: str) -> Addresses:
    """What an issuer says of itself.

    Raises:
        SignInFailed: It does not answer, answers for another issuer, or not as one.
    """
    answer = await endpoint.get(http, endpoint.need_safe(issuer).rstrip("/") + _WELL_KNOWN)
    if answer.status != httpx2.codes.OK:
        raise SignInFailed(
            f"{answer.host} does not say where to sign in (status {answer.status}).",
            hint="Check `issuer`, or set `authorize_url` and `token_url`.",
        )
    try:
        found = _Document.model_validate(answer.data)
    except ValidationError:
        raise SignInFailed(f"{answer.host} does not describe itself as an issuer does.") from None
    # A slash at the end is the only difference that a person cannot be expected to know.
    if found.issuer.rstrip("/") != issuer.rstrip("/"):
        raise SignInFailed(
            f"The issuer that {answer.host} names is another one: {endpoint.one_line(found.issuer)}.",
            hint="Set `issuer` to exactly the one that your organisation gave you.",
        )
    basic = "client_secret_basic" in found.token_endpoint_auth_methods_supported
    return Addresses(
        issuer=found.issuer,
        authorize_url=found.authorization_endpoint,
        token_url=found.token_endpoint,
        device_url=found.device_authorization_endpoint,
        revoke_url=found.revocation_endpoint,
        userinfo_url=found.userinfo_endpoint,
        says_issuer=found.authorization_response_iss_parameter_supported,
        client_auth="basic" if basic else "post",
    )
