"""Exchanges a refresh token for a new access token; who may do so when is `refresh`'s business."""

from __future__ import annotations

import httpx2

from ..core.errors import NotSignedIn
from . import endpoint, tokens
from .attempt import Addresses, Time
from .chatgpt import RESOURCE
from .credentials import Credential, OAuthClient
from .providers import Provider

# What is said of a refresh token that is used up or taken back, by RFC 6749, OpenAI and GitHub. Nothing else ends a
# sign-in: a client secret may be set again, and a proxy's page with status 403 is not the server's word.
_OVER = frozenset(
    {
        "invalid_grant",
        "invalid_refresh_token",
        "token_expired",
        "refresh_token_expired",
        "refresh_token_invalidated",
        "refresh_token_reused",
        "bad_refresh_token",
    }
)


async def renew(
    http: httpx2.AsyncClient, provider: Provider, client: OAuthClient, credential: Credential, time: Time
) -> Credential:
    """The credential with a new token; with the old refresh token where the answer brings none (RFC 6749, 6).

    Args:
        http: For the request.
        provider: Of the credential.
        client: The one in use now; its secret goes along where it is the client that signed in.
        credential: Expired, or refused.
        time: The clock.

    Raises:
        NotSignedIn: It cannot be renewed any more, whatever happens.
        SignInFailed: Not now: no answer, none that makes sense, or something else than the token was refused.
    """
    if credential.refresh_token is None:
        raise ended(provider, "it has expired")
    form = {"grant_type": "refresh_token", "refresh_token": credential.refresh_token.get_secret_value()}
    if provider.oauth and provider.oauth.kind == "chatgpt":
        form["resource"] = RESOURCE
    try:
        got = await tokens.grant(http, signed_in_at(provider, client, credential), same(client, credential), form)
    except endpoint.Refused as refused:
        if refused.code in _OVER:
            raise ended(provider, str(refused).rstrip(".")) from None
        raise
    scope = {"scope": got.scope} if got.scope else {}
    return credential.model_copy(
        update={
            "access_token": got.access_token,
            "refresh_token": got.refresh_token or credential.refresh_token,
            "expires_at": tokens.expiry(got, time.now()),
            "metadata": {**credential.metadata, **scope},
        }
    )


def ended(provider: Provider, why: str) -> NotSignedIn:
    """The sign-in is over."""
    return NotSignedIn(
        f"The sign-in with {provider.title} is over: {why}.",
        hint=f"Sign in again: `pymolcode-auth login {provider.id}`.",
    )


def signed_in_at(provider: Provider, client: OAuthClient, credential: Credential) -> Addresses:
    """The addresses that the sign-in used."""
    usual, said = provider.oauth, credential.metadata
    token_url = said.get("token_url") or client.token_url or (usual.token_url if usual else "")
    revoke_url = said.get("revoke_url") or client.revoke_url or (usual.revoke_url if usual else "")
    basic = said.get("client_auth") == "basic"
    return Addresses(token_url=str(token_url), revoke_url=str(revoke_url), client_auth="basic" if basic else "post")


def same(client: OAuthClient, credential: Credential) -> OAuthClient:
    """The client that signed in: a refresh token belongs to it, whichever is configured now."""
    client_id = str(credential.metadata.get("client_id") or client.client_id)
    secret = client.client_secret if client.client_id == client_id else None
    return OAuthClient(client_id=client_id, client_secret=secret)
