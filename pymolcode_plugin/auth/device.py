"""Signing in with a code that is typed at another device (RFC 8628), GitHub's way of answering included."""

from __future__ import annotations

import contextlib

import httpx2
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ..core.errors import SignInFailed
from . import endpoint, tokens
from .attempt import Attempt, Keep
from .credentials import DeviceCode

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER_S = 5.0
_LONGEST_S = 1800.0
_MAX_CODE = 64


class _Offer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    device_code: SecretStr
    user_code: str = Field(min_length=1, max_length=_MAX_CODE)
    verification_uri: str = Field(validation_alias=AliasChoices("verification_uri", "verification_url"))
    verification_uri_complete: str = ""
    expires_in: float = Field(gt=0)
    interval: float = Field(default=5.0, ge=0)


async def sign_in(attempt: Attempt, keep: Keep) -> None:
    """Show a code, and ask until it was typed.

    Raises:
        SignInFailed: Refused, or not typed in time.
    """
    attempt.address("token_url")
    offer = await _offer(attempt)
    expires_at = attempt.time.now() + min(offer.expires_in, _LONGEST_S)
    attempt.front.show_code(
        DeviceCode(
            user_code=offer.user_code,
            verification_uri=offer.verification_uri,
            verification_uri_complete=offer.verification_uri_complete,
            expires_at=expires_at,
        )
    )
    got = await _poll(attempt, offer, expires_at)
    expected = tokens.Expected(attempt.client.client_id, attempt.addresses.issuer)
    await keep(await tokens.credential(attempt, got, expected, method="device"))


async def _offer(attempt: Attempt) -> _Offer:
    form = {"scope": " ".join(attempt.scopes)} if attempt.scopes else {}
    url = attempt.address("device_url")
    answer, _way = await tokens.ask(attempt.http, url, attempt.addresses, attempt.client, form)
    if answer.status != httpx2.codes.OK or answer.error:
        raise tokens.refusal(answer, attempt.client, form)
    try:
        offer = _Offer.model_validate(answer.data)
    except ValidationError:
        raise SignInFailed(f"The answer of {answer.host} holds no code to type.") from None
    if not offer.user_code.isprintable():
        raise SignInFailed(f"The code of {answer.host} cannot be typed.")
    endpoint.need_safe(offer.verification_uri)
    if offer.verification_uri_complete:
        endpoint.need_safe(offer.verification_uri_complete)
    return offer


async def _poll(attempt: Attempt, offer: _Offer, expires_at: float) -> tokens.Tokens:
    """Ask at the pace the server wants; a server that is away for a while is asked again until the code expires."""
    interval = offer.interval
    form = {"grant_type": _GRANT, "device_code": offer.device_code.get_secret_value()}
    while (left := expires_at - attempt.time.now()) > 0:
        await attempt.time.sleep(min(interval, left))
        with contextlib.suppress(endpoint.Unreachable):
            try:
                return await tokens.grant(attempt.http, attempt.addresses, attempt.client, form)
            except endpoint.Refused as refused:
                interval = _slower(attempt, refused, interval)
    raise _expired(attempt)


def _slower(attempt: Attempt, refused: endpoint.Refused, interval: float) -> float:
    """Seconds until the next question, or raises where there is none."""
    if refused.code == "authorization_pending":
        return interval
    if refused.code == "slow_down":
        return interval + _SLOWER_S
    if refused.code == "expired_token":
        raise _expired(attempt) from None
    if refused.code == "access_denied":
        raise SignInFailed(f"{attempt.provider.title} refused: the sign-in was denied.") from None
    raise refused


def _expired(attempt: Attempt) -> SignInFailed:
    return SignInFailed(
        f"The code for {attempt.provider.title} expired before it was typed.", hint="Start again for a new one."
    )
