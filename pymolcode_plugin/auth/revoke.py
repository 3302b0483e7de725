"""Takes a sign-in back where the provider offers that (RFC 7009)."""

from __future__ import annotations

import httpx2

from . import tokens
from .attempt import Addresses
from .credentials import Credential, OAuthClient


async def revoke(http: httpx2.AsyncClient, addresses: Addresses, client: OAuthClient, credential: Credential) -> None:
    """Revoke the refresh token, which most servers take for the whole grant, then the access token.

    Raises:
        SignInFailed: The server did not.
    """
    held = {"refresh_token": credential.refresh_token, "access_token": credential.access_token}
    for kind, token in held.items():
        if token is None or not token.get_secret_value():
            continue
        form = {"token": token.get_secret_value(), "token_type_hint": kind}
        answer, _way = await tokens.ask(http, addresses.revoke_url, addresses, client, form)
        # RFC 7009, 2.2.1: a server may know no revocation of access tokens; they end by themselves.
        if answer.error == "unsupported_token_type" and kind == "access_token" and credential.refresh_token:
            continue
        if answer.status != httpx2.codes.OK:
            raise tokens.refusal(answer, client, form)
