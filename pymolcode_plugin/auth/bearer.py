"""Puts the key or token into requests, at the last moment and only for the host it belongs to.

So no vendor's library ever holds a secret: it gets a placeholder, and what it made of that is taken out here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import httpx2
from pydantic import SecretStr

from ..masking import hide
from .credentials import Credential
from .providers import Provider
from .sign_in import SignIn

PLACEHOLDER = "not-a-key"
_CARRIERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
_REFUSED = 401


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
    if sign_in is not None:
        return _SignedIn(provider, base_url, sign_in)
    return _Key(provider, base_url, key)


class _Carrier(httpx2.Auth):
    """What every way to authorise a request shares."""

    def __init__(self, provider: Provider, base_url: str) -> None:
        self._provider = provider
        self._origin = _origin(httpx2.URL(base_url))

    def __repr__(self) -> str:
        return f"<{type(self).__name__.strip('_')} of {self._provider.id}>"

    def _belongs(self, request: httpx2.Request) -> bool:
        return _origin(request.url) == self._origin

    def _carry(self, request: httpx2.Request, secret: SecretStr | None, *, is_token: bool = False) -> None:
        for name in _CARRIERS:
            request.headers.pop(name, None)
        if secret is None or not secret.get_secret_value() or not self._belongs(request):
            return
        hide(secret)
        header = "authorization" if is_token else self._provider.key_header
        value = secret.get_secret_value()
        request.headers[header] = f"Bearer {value}" if header == "authorization" else value


class _Key(_Carrier):
    """A key that stays the same, or none."""

    def __init__(self, provider: Provider, base_url: str, key: SecretStr | None) -> None:
        super().__init__(provider, base_url)
        self._key = key

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        self._carry(request, self._key)
        yield request


class _SignedIn(_Carrier):
    """Whatever the store holds now; only with an asynchronous client."""

    def __init__(self, provider: Provider, base_url: str, sign_in: SignIn) -> None:
        super().__init__(provider, base_url)
        self._sign_in = sign_in

    async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        if not self._belongs(request):
            self._carry(request, None)
            yield request
            return
        used = await self._sign_in.fresh(self._provider.id)
        self._use(request, used)
        response = yield request
        if response.status_code != _REFUSED or used.token_type != "Bearer":  # noqa: S105  # a kind, no secret
            return
        new = await self._sign_in.fresh(self._provider.id, refused=used.access_token)
        if new.access_token != used.access_token:
            self._use(request, new)
            yield request

    def _use(self, request: httpx2.Request, credential: Credential) -> None:
        self._carry(request, credential.access_token, is_token=credential.token_type == "Bearer")  # noqa: S105  # a kind


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    usual = {"https": 443, "http": 80}.get(url.scheme)
    return url.scheme, url.host, url.port or usual
