"""Prices and sizes of models, offline, from the list that genai-prices ships."""

from __future__ import annotations

from ..core.events import Usage
from ..core.model_info import Price


def price_of(provider_id: str, model: str) -> Price | None:
    """What a million tokens cost now; zero for servers on this machine; None where it is not known."""
    raise NotImplementedError


def context_window(provider_id: str, model: str) -> int | None:
    """Tokens that a request can hold, where that is known."""
    raise NotImplementedError


def cost_usd(provider_id: str, model: str, usage: Usage) -> float | None:
    """What these tokens cost; `n_input_tokens` includes cached and written ones; None where it is not known."""
    raise NotImplementedError
