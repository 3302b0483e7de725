"""The models that a provider lists, with what is known of them; the one place that asks for a list."""

from __future__ import annotations

import asyncio
import functools
import json
from dataclasses import replace
from typing import NoReturn

import httpx2
from pydantic import SecretStr

from ..address import host_of, on_this_machine, shown
from ..auth.bearer import auth_for
from ..auth.providers import Provider
from ..auth.sign_in import SignIn
from ..clients import new_client
from ..core.errors import ModelUnavailable, NotSignedIn, ProviderError, ProviderTimeout, Rejected
from ..core.model_info import ModelInfo, Price
from ..core.outgoing import Wire
from . import catalogue, listings, patience
from .patience import PatientClient

_LIMIT_HERE_S = 2.0
_LIMIT_S = 15.0
_MAX_BYTES = 10_000_000
_MAX_PAGES = 20
_PAGE = "1000"
_ANTHROPIC_VERSION = "2023-06-01"
_NOT_FOUND = 404
_REFUSED = (401, 403)


async def models_of(
    provider: Provider,
    base_url: str,
    wire: Wire | None = None,
    *,
    key: SecretStr | None = None,
    sign_in: SignIn | None = None,
) -> tuple[ModelInfo, ...]:
    """Asks the provider for its list, those for chat only, newest first; for the built-in model the catalogue.

    Args:
        provider: Whose shape the list has.
        base_url: Where it is asked.
        wire: May refuse the address. It is not told of the request, because that carries nothing of the user's.
        key: What the request carries.
        sign_in: Hands that out instead.

    Raises:
        NotSignedIn: It wants a key, or refuses the one it got.
        ConfigError: The address is none, or `wire` refuses it.
        ProviderError: It cannot be reached, or lists none.
    """
    if provider.api == "builtin":
        return _built_in(provider)
    if not provider.lists_models:
        raise ProviderError(f"{provider.title} has no list of what you can use.", hint=f"{provider.note}")
    if wire is not None:
        wire.check_address(base_url)
    limit_s = _LIMIT_HERE_S if on_this_machine(base_url) else _LIMIT_S
    try:
        async with await _client(provider, base_url, key, sign_in) as client:
            asking = _pages(client, provider, base_url, has_key=key is not None or sign_in is not None)
            pages = await asyncio.wait_for(asking, limit_s)
        # Prices are looked up in a list of its own, which is read from the disk at first.
        found = await asyncio.to_thread(_read, provider, base_url, pages)
    except asyncio.TimeoutError:
        raise ProviderTimeout(
            f"{_who(provider, base_url)} did not give its list of models in {limit_s:.0f} s.", hint="Try again."
        ) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
        # The exception may hold the request, and that the key.
        reason = "its answer is no list" if isinstance(error, ValueError) else type(error).__name__
    else:
        if not found:
            raise ModelUnavailable(f"{_who(provider, base_url)} lists no model for chat.", hint="Load a model in it.")
        return tuple(sorted(found, key=lambda model: -model.n_created))
    raise ModelUnavailable(
        f"No model server answers at {shown(base_url)} ({reason}).", hint="Start it, or correct the address."
    )


def default_of(models: tuple[ModelInfo, ...]) -> ModelInfo | None:
    """What to use where none was named: the first that can call tools, previews and those without a price last."""
    able = [model for model in models if model.capabilities.tools is not False]
    return min(able, key=lambda model: (model.price is None, "preview" in model.id), default=None)


async def _client(
    provider: Provider, base_url: str, key: SecretStr | None, sign_in: SignIn | None
) -> httpx2.AsyncClient:
    here = on_this_machine(base_url)
    patient = functools.partial(PatientClient, patience=replace(patience.DEFAULT, limit_s=_LIMIT_S / 3, n_again=2))
    return await asyncio.to_thread(
        new_client,
        # A bad moment would leave what its models can do unknown; a server here that does not answer does not run.
        None if here else patient,
        auth=auth_for(provider, base_url, key=key, sign_in=sign_in),
        headers=_headers(provider),
        timeout=httpx2.Timeout(_LIMIT_S),
        # A redirect may lead away from this machine, and a proxy is for the outside.
        follow_redirects=False,
        trust_env=not here,
    )


async def _pages(
    client: httpx2.AsyncClient, provider: Provider, base_url: str, *, has_key: bool
) -> list[dict[str, object]]:
    url, first = _address(provider, base_url)
    pages: list[dict[str, object]] = []
    query: dict[str, str] | None = first
    while query is not None and len(pages) < _MAX_PAGES:
        pages.append(await _got(client, provider, url, query, has_key=has_key))
        query = _next(provider, first, pages[-1])
    return pages


def _read(provider: Provider, base_url: str, pages: list[dict[str, object]]) -> list[ModelInfo]:
    return [model for page in pages for model in listings.read(provider, base_url, page)]


def _address(provider: Provider, base_url: str) -> tuple[str, dict[str, str]]:
    base = base_url.rstrip("/")
    if provider.api == "anthropic":
        return f"{base.removesuffix('/v1')}/v1/models", {"limit": _PAGE}
    if provider.api == "google":
        return f"{base.removesuffix('/v1beta')}/v1beta/models", {"pageSize": _PAGE}
    # Elsewhere, a proxy or an emulator has the list where OpenAI has it.
    at_home = host_of(base) == host_of(provider.base_url)
    return f"{base}{provider.models_path if at_home else '/models'}", {}


def _next(provider: Provider, first: dict[str, str], page: dict[str, object]) -> dict[str, str] | None:
    """What to ask for next; None at the end."""
    if provider.api == "anthropic":
        last = page.get("last_id") if page.get("has_more") is True else None
        return {**first, "after_id": last} if isinstance(last, str) and last else None
    if provider.api == "google":
        token = page.get("nextPageToken")
        return {**first, "pageToken": token} if isinstance(token, str) and token else None
    links = page.get("links")  # OpenRouter's
    following = links.get("next") if isinstance(links, dict) else None
    return dict(httpx2.URL(following).params) or None if isinstance(following, str) and following else None


async def _got(
    client: httpx2.AsyncClient, provider: Provider, url: str, query: dict[str, str], *, has_key: bool
) -> dict[str, object]:
    async with client.stream("GET", url, params=query) as response:
        if response.status_code in _REFUSED:
            _refused(provider, url, response.status_code, has_key=has_key)
        if response.status_code == _NOT_FOUND:
            raise ModelUnavailable(
                f"{host_of(url)} has no list of models at {httpx2.URL(url).path}.",
                hint="Correct the base URL, or name the model: PROVIDER:MODEL.",
            )
        if not response.is_success:
            raise Rejected(
                f"{host_of(url)} did not give its list of models ({response.status_code}).",
                status=response.status_code,
                hint="Try again, or name the model: PROVIDER:MODEL.",
            )
        body = b""
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise ValueError("it did not come to an end")
    page = json.loads(body)
    if not isinstance(page, dict):
        raise ValueError("it is no list of models")  # noqa: TRY004  # of the answer, not of a caller
    return page


def _refused(provider: Provider, url: str, status: int, *, has_key: bool) -> NoReturn:
    who = _who(provider, url)
    hint = f"`pymolcode-auth login {provider.id}`"
    if provider.key_env:
        hint += f", or set {provider.key_env[0]}"
    if has_key:
        raise NotSignedIn(f"{who} refused the key ({status}).", hint=f"Check it: {hint}.")
    raise NotSignedIn(f"{who} wants a key ({status}).", hint=f"{hint}.")


def _who(provider: Provider, url: str) -> str:
    return provider.title if host_of(provider.base_url) == host_of(url) else f"{provider.title} at {host_of(url)}"


def _headers(provider: Provider) -> dict[str, str]:
    version = {"anthropic-version": _ANTHROPIC_VERSION} if provider.api == "anthropic" else {}
    return {"Accept": "application/json", **version, **provider.headers}


def _built_in(provider: Provider) -> tuple[ModelInfo, ...]:
    return tuple(
        ModelInfo(
            provider=provider.id,
            id=entry.id,
            title=entry.title,
            capabilities=provider.capabilities,
            price=Price(input_usd=0.0, output_usd=0.0),
            context_window=entry.n_ctx,
        )
        for entry in catalogue.models()
    )
