"""The token endpoint's answers (RFC 6749), and what an ID token says. Tokens are `SecretStr` from here on."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote_plus

import httpx2
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ..core.errors import SignInFailed
from ..masking import hide
from . import endpoint
from .attempt import Addresses, Attempt
from .credentials import Credential, OAuthClient

_SKEW_S = 60.0
_ACCOUNT_LIMIT_S = 5.0
_MAX_LABEL = 100


class Tokens(BaseModel):
    """What was granted."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    access_token: SecretStr = Field(min_length=1)
    token_type: str = "bearer"  # noqa: S105  # a kind, no secret
    refresh_token: SecretStr | None = None
    expires_in: float | None = None
    scope: str | None = None
    id_token: SecretStr | None = None
    # How the client proved itself, for the refreshes to come.
    client_auth: Literal["", "basic", "post"] = ""


class Claims(BaseModel):
    """What an ID token says of the person and of itself."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    iss: str = ""
    aud: str | tuple[str, ...] = ()
    exp: float = 0.0
    nonce: str = ""
    sub: str = ""
    email: str = ""
    preferred_username: str = ""
    name: str = ""

    @property
    def account(self) -> str:
        """Who that is, for people."""
        return _label(self.email or self.preferred_username or self.name)


@dataclass(frozen=True)
class Expected:
    """What an ID token has to say. Empty where nothing is known or was sent."""

    client_id: str
    issuer: str = ""
    nonce: str = ""
    required: bool = False


async def grant(http: httpx2.AsyncClient, addresses: Addresses, client: OAuthClient, form: Mapping[str, str]) -> Tokens:
    """Ask the token endpoint.

    Raises:
        Refused: The server's error, in its words.
        Unreachable: No answer.
        SignInFailed: What came is no token that can be used.
    """
    answer, way = await ask(http, addresses.token_url, addresses, client, form)
    if answer.status != httpx2.codes.OK or answer.error:
        raise refusal(answer, client, form)
    try:
        tokens = Tokens.model_validate({**answer.data, "client_auth": way})
    except ValidationError:
        raise SignInFailed(f"The answer of {answer.host} holds no token.") from None
    hide(tokens.access_token, tokens.refresh_token, tokens.id_token)
    if tokens.token_type.lower() != "bearer":
        raise SignInFailed(f"{answer.host} gave a kind of token that cannot be used here.")
    return tokens


def refusal(answer: endpoint.Answer, client: OAuthClient, form: Mapping[str, str]) -> endpoint.Refused:
    """What the server said to `ask`, without what was sent."""
    secret = client.client_secret.get_secret_value() if client.client_secret else ""
    return endpoint.refusal(answer, {**form, "client_secret": secret})


async def ask(
    http: httpx2.AsyncClient, url: str, addresses: Addresses, client: OAuthClient, form: Mapping[str, str]
) -> tuple[endpoint.Answer, Literal["", "basic", "post"]]:
    """POST as that client; the way in which it proved itself, where it has a secret.

    Servers allow a client one way, and do not say which: the usual one is tried first, then the other.
    """
    if client.client_secret is None:
        return await endpoint.post_form(http, url, {**form, "client_id": client.client_id}), ""
    ways: tuple[Literal["basic", "post"], ...] = ("basic", "post")
    if addresses.client_auth == "post":
        ways = ("post", "basic")
    for way in ways:
        answer = await _ask_as(way, http, url, client, form)
        if answer.error != "invalid_client":
            break
    return answer, way


async def _ask_as(
    way: Literal["basic", "post"], http: httpx2.AsyncClient, url: str, client: OAuthClient, form: Mapping[str, str]
) -> endpoint.Answer:
    secret = client.client_secret.get_secret_value() if client.client_secret else ""
    if way == "post":
        return await endpoint.post_form(http, url, {**form, "client_id": client.client_id, "client_secret": secret})
    # RFC 6749, 2.3.1: both are encoded as in a form before they go into the header.
    return await endpoint.post_form(http, url, form, auth=(quote_plus(client.client_id), quote_plus(secret)))


async def credential(attempt: Attempt, got: Tokens, expected: Expected, *, method: str) -> Credential:
    """What is stored of a grant.

    Raises:
        SignInFailed: The ID token is missing, or not for this sign-in.
    """
    now, account = attempt.time.now(), ""
    if got.id_token is not None:
        account = checked(got.id_token, expected, now=now).account
    elif expected.required:
        raise _not_ours("missing")
    if not account and attempt.addresses.userinfo_url:
        account = await _account(attempt.http, attempt.addresses.userinfo_url, got.access_token)
    said: dict[str, str | float] = {
        "method": method,
        "obtained_at": now,
        "account": account,
        "client_id": expected.client_id,
        "token_url": attempt.addresses.token_url,
        "revoke_url": attempt.addresses.revoke_url,
        "scope": " ".join(attempt.scopes) if got.scope is None else got.scope,
        "client_auth": got.client_auth,
    }
    return Credential(
        provider_id=attempt.provider.id,
        access_token=got.access_token,
        token_type="Bearer",  # noqa: S106  # a kind, no secret
        refresh_token=got.refresh_token,
        expires_at=expiry(got, now),
        metadata={name: value for name, value in said.items() if value},
    )


def expiry(got: Tokens, now: float) -> float | None:
    """Seconds since 1970."""
    return None if got.expires_in is None else now + got.expires_in


def checked(id_token: SecretStr, expected: Expected, *, now: float) -> Claims:
    """The claims of an ID token that is for this sign-in.

    Its signature is not checked: it comes straight from the token endpoint over TLS (OpenID Connect Core, 3.1.3.7).

    Raises:
        SignInFailed: It is for another client or sign-in, of another issuer, or expired.
    """
    claims = _claims(id_token)
    if expected.issuer and claims.iss.rstrip("/") != expected.issuer.rstrip("/"):
        raise _not_ours("of another issuer")
    if expected.client_id not in ((claims.aud,) if isinstance(claims.aud, str) else claims.aud):
        raise _not_ours("for another client")
    if claims.exp + _SKEW_S < now:
        raise _not_ours("expired; the clock of this computer may be wrong")
    if expected.nonce and claims.nonce != expected.nonce:
        raise _not_ours("not for this sign-in")
    return claims


def _not_ours(why: str) -> SignInFailed:
    return SignInFailed(f"The ID token that came is {why}.", hint="Start the sign-in again.")


def _claims(id_token: SecretStr) -> Claims:
    try:
        payload = id_token.get_secret_value().split(".")[1]
        data = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return Claims.model_validate(data)
    except (IndexError, ValueError, RecursionError):
        raise _not_ours("damaged") from None


async def _account(http: httpx2.AsyncClient, userinfo_url: str, access_token: SecretStr) -> str:
    """Who signed in, where the server says so at once; empty where it does not, which is no failure."""
    try:
        asking = endpoint.get(http, userinfo_url, bearer=access_token.get_secret_value())
        answer = await endpoint.within(_ACCOUNT_LIMIT_S, asking, name="auth.account")
        return Claims.model_validate(answer.data).account
    except (SignInFailed, ValidationError, asyncio.TimeoutError):
        return ""


def _label(text: str) -> str:
    """A name of a server as a person may read it."""
    return endpoint.one_line(text)[:_MAX_LABEL]
