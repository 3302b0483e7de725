"""Signing in with a ChatGPT plan: the first time registers a client of its own, which later times use again.

A preview of OpenAI's for open-source programs that run on the user's computer.
Source: https://developers.openai.com/siwc/token-sharing-open-source
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path

from ..config import paths
from ..core.errors import AuthError, SignInFailed
from . import pkce, tokens
from .attempt import Attempt, Keep
from .credentials import Credential

RESOURCE = "https://api.openai.com/v1"
_ISSUER = "https://auth.openai.com"
_REGISTERING = "dynamic_agent_client"
_AGENT = "pymolcode"
_PLAN = "chatgpt.tokens.use.direct"


async def sign_in(attempt: Attempt, keep: Keep, *, host_id: str) -> None:
    """Sign in; `attempt.client` is what an earlier sign-in was given, or has no id.

    Raises:
        SignInFailed: Refused, timed out, or the plan may not be used.
    """
    proof, nonce = pkce.Proof(), secrets.token_urlsafe(24)
    issuer = attempt.addresses.issuer or _ISSUER
    attempt = dataclasses.replace(attempt, addresses=attempt.addresses.model_copy(update={"issuer": issuer}))
    attempt.address("token_url")

    def asked(redirect_uri: str, state: str) -> Mapping[str, str]:
        known = attempt.client.client_id
        naming = {} if known else {"client_id": _REGISTERING, "agent_name_hint": _AGENT}
        return {
            **attempt.oauth.authorize_extra,
            **pkce.request(attempt, proof, redirect_uri, state),
            **naming,
            "ext_agent_host_id": host_id,
            "resource": RESOURCE,
            "nonce": nonce,
        }

    async def finish(answer: Mapping[str, str], redirect_uri: str) -> None:
        client = attempt.client.model_copy(update={"client_id": _issued(attempt.client.client_id, answer)})
        form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect_uri}
        form |= {"code_verifier": proof.verifier, "resource": RESOURCE}
        got = await tokens.grant(attempt.http, attempt.addresses, client, form)
        _need_plan(got)
        expected = tokens.Expected(client.client_id, issuer, nonce=nonce, required=True)
        await keep(await tokens.credential(attempt, got, expected, method="browser"))

    await pkce.through_browser(attempt, asked, finish)


def again(attempt: Attempt, known: Credential | None) -> Attempt:
    """With the client that an earlier sign-in was given, where nobody signed out since."""
    given = known.metadata.get("client_id") if known and known.metadata.get("method") == "browser" else None
    if attempt.client.client_id or not given:
        return attempt
    return dataclasses.replace(attempt, client=attempt.client.model_copy(update={"client_id": str(given)}))


def _issued(known: str, answer: Mapping[str, str]) -> str:
    """The client that the code is for."""
    said = answer.get("client_id", "")
    if known and said not in ("", known):
        raise SignInFailed("The browser brought an answer for another client; it was not used.")
    if not known and said in ("", _REGISTERING):
        raise SignInFailed("OpenAI did not register pymolcode: the answer names no client.", hint="Try again later.")
    return known or said


def _need_plan(got: tokens.Tokens) -> None:
    """An answer without scopes grants what was asked for (RFC 6749, 5.1)."""
    if got.scope is not None and _PLAN not in got.scope.split():
        raise SignInFailed(
            "The use of the ChatGPT plan was not allowed.",
            hint="Sign in again and allow it, or use a key of platform.openai.com.",
        )


def host_id(folder: Path | None = None) -> str:
    """What tells this installation from others, made once: a random `urn:uuid:`; blocking.

    Raises:
        AuthError: It cannot be kept.
    """
    path = (folder or paths.user_folder()) / "host_id"
    try:
        with contextlib.suppress(FileExistsError):
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "w", encoding="ascii") as file:
                file.write(uuid.uuid4().urn)
        found = path.read_text(encoding="ascii").strip()
        return uuid.UUID(found).urn
    except (OSError, ValueError) as error:
        raise AuthError(f"{path} cannot be used.", hint="Remove it and sign in again.") from error
