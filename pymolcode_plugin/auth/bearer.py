"""Puts the key or token into requests, at the last moment and only for the host it belongs to."""

from __future__ import annotations

import httpx2
from pydantic import SecretStr

from .providers import Provider
from .sign_in import SignIn


def auth_for(
    provider: Provider, base_url: str, *, key: SecretStr | None = None, sign_in: SignIn | None = None
) -> httpx2.Auth | None:
    """What an `httpx2.AsyncClient` for `base_url` takes as `auth`; None where requests carry nothing.

    A signed-in token is read from the store for every request, and a 401 refreshes it once and tries again.

    Args:
        provider: Whose header is used.
        base_url: Requests to any other host carry nothing.
        key: From a setting or the environment.
        sign_in: Hands out the token instead.
    """
    raise NotImplementedError
