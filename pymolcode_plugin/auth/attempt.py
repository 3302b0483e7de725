"""One sign-in under way: what its steps share. Values only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import httpx2

from ..core.errors import SignInFailed
from ..core.scene import Frozen
from .credentials import Credential, OAuthClient, SignInFront
from .providers import OAuth, Provider

# Stores what was granted; a browser is told that it worked only after this.
Keep = Callable[[Credential], Awaitable[None]]


class Addresses(Frozen):
    """Where a sign-in's requests go.

    Attributes:
        issuer: Empty where none is known; then answers and ID tokens are not checked against one.
        says_issuer: The server promises to name itself in answers (RFC 9207).
        client_auth: How a client with a secret proves itself; the other way is tried where this is refused.
    """

    issuer: str = ""
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    revoke_url: str = ""
    userinfo_url: str = ""
    says_issuer: bool = False
    client_auth: Literal["basic", "post"] = "post"


@dataclass(frozen=True)
class Time:
    """The clock, which tests replace."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


@dataclass(frozen=True)
class Attempt:
    """What the steps of one sign-in share."""

    provider: Provider
    oauth: OAuth
    client: OAuthClient
    addresses: Addresses
    front: SignInFront
    http: httpx2.AsyncClient
    time: Time

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is asked for."""
        return self.client.scopes or self.oauth.scopes

    def address(self, kind: Literal["authorize_url", "token_url", "device_url"]) -> str:
        """One of the addresses.

        Raises:
            SignInFailed: It is not known.
        """
        found: str = getattr(self.addresses, kind)
        if not found:
            raise SignInFailed(
                f"{self.provider.title} names no `{kind}` for this way to sign in.",
                hint=f"Set it under `auth: {self.provider.id}:` in config.yaml, or sign in another way.",
            )
        return found
