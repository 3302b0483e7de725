"""Prices and sizes of models, offline, from the list that genai-prices ships.

That list comes with pydantic-ai; it is imported at the first question (0.2 s), so ask in a worker thread once. Nothing
here fetches a newer one.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ..address import on_this_machine, runs_elsewhere
from ..auth.providers import Provider, find
from ..core.errors import ConfigError
from ..core.events import Usage
from ..core.model_info import Price

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

_MILLION = 1_000_000
_N_SAMPLE = 1_000  # few enough that no tier for long requests begins
_FREE = Price(input_usd=0.0, output_usd=0.0, cached_usd=0.0)
_HUGGING_FACE = "huggingface"


def price_of(provider_id: str, model: str, base_url: str = "") -> Price | None:
    """What a million tokens cost now; zero for servers on this machine; None where it is not known.

    The price is that of short requests, where longer ones cost more.

    Args:
        provider_id: Of `resources/providers.yaml`.
        model: As the provider knows it.
        base_url: Where it is asked, if not at the provider's usual address.
    """
    if _free(provider_id, model, base_url):
        return _FREE
    whole, cached, output = (
        _calculated(provider_id, model, base_url, usage)
        for usage in (
            Usage(n_input_tokens=_N_SAMPLE),
            Usage(n_input_tokens=_N_SAMPLE, n_cached_tokens=_N_SAMPLE),
            Usage(n_output_tokens=_N_SAMPLE),
        )
    )
    if whole is None or cached is None or output is None:
        return None
    return Price(
        input_usd=_for_a_million(whole),
        output_usd=_for_a_million(output),
        cached_usd=_for_a_million(cached) if cached.total_price < whole.total_price else None,
    )


def context_window(provider_id: str, model: str, base_url: str = "") -> int | None:
    """Tokens that a request can hold, where that is known."""
    if _free(provider_id, model, base_url):
        return None  # the server decides that, not the model
    found = _calculated(provider_id, model, base_url, Usage(n_input_tokens=1))
    return found.model.context_window if found else None


def cost_usd(provider_id: str, model: str, usage: Usage, base_url: str = "") -> float | None:
    """What these tokens cost, as one request; None where it is not known.

    `n_input_tokens` includes cached and written ones. Longer requests may have a higher price, so ask for each request
    and add up.
    """
    if _free(provider_id, model, base_url):
        return 0.0
    found = _calculated(provider_id, model, base_url, usage)
    return float(found.total_price) if found else None


def _free(provider_id: str, model: str, base_url: str) -> bool:
    """Runs on this machine: decided by the host, because any provider's address can be set."""
    provider = _provider(provider_id)
    if provider is not None and provider.api == "builtin":
        return True
    address = base_url or (provider.base_url if provider else "")
    return bool(address) and on_this_machine(address) and not runs_elsewhere(model)


@functools.lru_cache(maxsize=64)
def _provider(provider_id: str) -> Provider | None:
    try:
        return find(provider_id)
    except ConfigError:
        return None


def _calculated(provider_id: str, model: str, base_url: str, usage: Usage) -> PriceCalculation | None:
    import genai_prices  # noqa: PLC0415  # 0.2 s, in the worker that asks first

    counted = genai_prices.Usage(
        # The cached ones are part of all, whatever a provider reported.
        input_tokens=max(usage.n_input_tokens, usage.n_cached_tokens + usage.n_written_tokens),
        cache_read_tokens=usage.n_cached_tokens,
        cache_write_tokens=usage.n_written_tokens,
        output_tokens=usage.n_output_tokens,
    )
    price_id, name = _in_the_list(provider_id, model)
    try:
        if price_id:
            return genai_prices.calc_price(counted, name, provider_id=price_id)
        return genai_prices.calc_price(counted, name, provider_api_url=base_url) if base_url else None
    except (LookupError, ValueError):
        return None


def _in_the_list(provider_id: str, model: str) -> tuple[str, str]:
    """What the provider and the model are called in the price list; no provider where it has none of that name."""
    provider = _provider(provider_id)
    price_id = provider.price_id if provider else ""
    name = model.removeprefix("models/")
    if price_id != _HUGGING_FACE:
        return price_id, name
    name, _, runs_it = name.partition(":")  # e.g. `openai/gpt-oss-120b:groq`; without, whoever is free
    return f"{price_id}_{runs_it}", name


def _for_a_million(found: PriceCalculation) -> float:
    return float(found.total_price * _MILLION / _N_SAMPLE)
