"""OpenRouter's sign-in: PKCE without a client and without a state, which ends in a key that stays."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import httpx2
from pydantic import SecretStr

from ..core.errors import SignInFailed
from ..masking import hide
from . import endpoint, pkce
from .attempt import Attempt, Keep
from .credentials import Credential


async def sign_in(attempt: Attempt, keep: Keep) -> None:
    """Get a key.

    Raises:
        SignInFailed: Refused, timed out, or no key came.
    """
    proof = pkce.Proof()
    token_url = attempt.address("token_url")

    def asked(redirect_uri: str, _state: str) -> Mapping[str, str]:
        return {
            **attempt.oauth.authorize_extra,
            "callback_url": redirect_uri,
            "code_challenge": proof.challenge,
            "code_challenge_method": proof.method,
        }

    async def finish(answer: Mapping[str, str], _redirect_uri: str) -> None:
        sent = {"code": answer["code"], "code_verifier": proof.verifier, "code_challenge_method": proof.method}
        got = await endpoint.post_json(attempt.http, token_url, sent)
        key = got.data.get("key")
        if got.status != httpx2.codes.OK:
            raise endpoint.refusal(got, sent)
        if not isinstance(key, str) or not key:
            raise SignInFailed(f"The answer of {got.host} holds no key.")
        hide(key)
        await keep(
            Credential(
                provider_id=attempt.provider.id,
                access_token=SecretStr(key),
                token_type="api_key",  # noqa: S106  # a kind, no secret
                metadata={"method": "browser"},
            )
        )

    # What a state would prove, a path does that nobody else knows.
    path = f"{attempt.oauth.redirect_path}/{secrets.token_urlsafe(24)}"
    await pkce.through_browser(attempt, asked, finish, path=path, uses_state=False)
