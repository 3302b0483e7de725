"""Signing in with a browser: an authorization code that only this process can exchange (RFC 7636, RFC 8252)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import httpx2

from ..core.errors import SignInFailed
from . import endpoint, loopback, tokens
from .attempt import Addresses, Attempt, Keep

_LIMIT_S = 300.0


@dataclass(frozen=True)
class Proof:
    """A verifier, which stays here until the exchange, and its challenge, which goes ahead."""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    method: str = "S256"

    @property
    def challenge(self) -> str:
        """SHA-256 of the verifier, as RFC 7636 (4.2) writes it."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


async def sign_in(attempt: Attempt, keep: Keep) -> None:
    """The standard flow.

    Raises:
        SignInFailed: Refused, timed out, or the answer was not for us.
    """
    proof, nonce = Proof(), secrets.token_urlsafe(24)
    uses_openid = "openid" in attempt.scopes
    attempt.address("token_url")

    def asked(redirect_uri: str, state: str) -> Mapping[str, str]:
        return {
            **attempt.oauth.authorize_extra,
            **request(attempt, proof, redirect_uri, state),
            **({"nonce": nonce} if uses_openid else {}),
        }

    async def finish(answer: Mapping[str, str], redirect_uri: str) -> None:
        form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect_uri}
        form["code_verifier"] = proof.verifier
        got = await tokens.grant(attempt.http, attempt.addresses, attempt.client, form)
        expected = tokens.Expected(
            attempt.client.client_id, attempt.addresses.issuer, nonce=nonce if uses_openid else ""
        )
        await keep(await tokens.credential(attempt, got, expected, method="browser"))

    await through_browser(attempt, asked, finish)


def request(attempt: Attempt, proof: Proof, redirect_uri: str, state: str) -> dict[str, str]:
    """The parameters of an authorization request."""
    return {
        "response_type": "code",
        "client_id": attempt.client.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(attempt.scopes),
        "state": state,
        "code_challenge": proof.challenge,
        "code_challenge_method": proof.method,
    }


async def through_browser(
    attempt: Attempt,
    asked: Callable[[str, str], Mapping[str, str]],
    finish: Callable[[Mapping[str, str], str], Awaitable[None]],
    *,
    path: str = "",
    uses_state: bool = True,
) -> None:
    """Send the browser off, wait for what it brings back, finish, and let it show how that went.

    Args:
        attempt: The sign-in.
        asked: The authorization request for a redirect address and a state.
        finish: Takes the answer, which has a code, and the redirect address; exchanges and stores.
        path: Of the redirect address; the provider's where it is empty.
        uses_state: Whether the server sends the state back.

    Raises:
        SignInFailed: Refused, timed out, or the answer was not for us.
    """
    authorize_url = attempt.address("authorize_url")
    state = secrets.token_urlsafe(32) if uses_state else ""
    path, port = path or attempt.oauth.redirect_path, attempt.oauth.fixed_port
    async with loopback.listening(path, port=port, state=state) as door:
        query = asked(door.redirect_uri, state)
        attempt.front.open_page(str(httpx2.URL(authorize_url).copy_merge_params(dict(query))))
        answer = await door.answer(_LIMIT_S)
        try:
            _need_code(attempt, answer)
            await finish(answer, door.redirect_uri)
        except Exception as error:
            why = error.message if isinstance(error, SignInFailed) else "The sign-in could not be stored."
            door.show(loopback.Page("Not signed in", f"{why} You can close this tab."))
            raise
        door.show(loopback.Page("Signed in", f"{attempt.provider.title} is ready in PyMOL. You can close this tab."))


def _need_code(attempt: Attempt, answer: Mapping[str, str]) -> None:
    """Raises what the answer says instead, or where it is not the issuer's (RFC 9207)."""
    _check_issuer(attempt.addresses, answer)
    error = answer.get("error", "")
    if error == "access_denied":
        raise SignInFailed(f"{attempt.provider.title} refused: the sign-in was denied in the browser.")
    if error or not answer.get("code"):
        said = ": ".join(part for part in (error, answer.get("error_description", "")) if part)
        raise SignInFailed(f"{attempt.provider.title} refused: {endpoint.one_line(said) or 'without a reason'}.")


def _check_issuer(addresses: Addresses, answer: Mapping[str, str]) -> None:
    said = answer.get("iss", "")
    if not said and not addresses.says_issuer:
        return
    if addresses.issuer and said != addresses.issuer:
        raise SignInFailed(
            "The browser brought an answer of another issuer; it was not used.", hint="Start the sign-in again."
        )
