"""What a chat has used: tokens, requests, money, and how full the model's window is."""

from __future__ import annotations

from ..core.events import Usage
from ..llm import prices
from ..llm.choice import Choice


class Spending:
    """Sums of the turn that runs and of the whole chat, after each request.

    Where the price of a part is not known, the sum is that of the rest, and says how many requests are not in it.

    Attributes:
        turn: Of the turn that runs, or the last one.
        session: Of the chat.
    """

    def __init__(self) -> None:
        self.turn = Usage()
        self.session = Usage()

    def begin_turn(self) -> None:
        """A turn begins."""
        self.turn = Usage(context_fraction=self.session.context_fraction)

    def forget(self) -> None:
        """A new chat begins."""
        self.turn, self.session = Usage(), Usage()

    def add(self, choice: Choice, request: Usage, *, window: int | None = None, otherwise: int | None = None) -> None:
        """A request ended.

        Args:
            choice: Who answered it.
            request: What it took; `n_input_tokens` includes cached and written ones.
            window: Tokens a request may hold, where a server of ours says so.
            otherwise: The same, where it is not known.
        """
        cost = prices.cost_usd(choice.provider, choice.name, request, choice.base_url)
        if not request.n_input_tokens and _is_paid(choice):  # stopped before its provider told what it took
            cost = None
        window = window or prices.context_window(choice.provider, choice.name, choice.base_url) or otherwise
        filled = min(1.0, (request.n_input_tokens + request.n_output_tokens) / window) if window else None
        counted = {"n_requests": 1, "n_unpriced": int(cost is None), "cost_usd": cost}
        one = request.model_copy(update=counted | {"context_fraction": filled})
        self.turn, self.session = _sum(self.turn, one), _sum(self.session, one)


def _sum(before: Usage, one: Usage) -> Usage:
    known = [cost for cost in (before.cost_usd, one.cost_usd) if cost is not None]
    return Usage(
        n_input_tokens=before.n_input_tokens + one.n_input_tokens,
        n_cached_tokens=before.n_cached_tokens + one.n_cached_tokens,
        n_written_tokens=before.n_written_tokens + one.n_written_tokens,
        n_output_tokens=before.n_output_tokens + one.n_output_tokens,
        n_requests=before.n_requests + one.n_requests,
        n_unpriced=before.n_unpriced + one.n_unpriced,
        cost_usd=sum(known) if known else None,
        context_fraction=one.context_fraction,
    )


def _is_paid(choice: Choice) -> bool:
    price = prices.price_of(choice.provider, choice.name, choice.base_url)
    return price is None or price.input_usd > 0


def words(usage: Usage) -> str:
    """For a person: tokens, and the cost where it is known."""
    cached = f" ({usage.n_cached_tokens:,} cached)" if usage.n_cached_tokens else ""
    cost = f"${usage.cost_usd:,.4f}".rstrip("0").rstrip(".") if usage.cost_usd else ""
    cost = f", {'at least ' if usage.n_unpriced else ''}{cost}" if cost else ""
    return f"{usage.n_input_tokens:,} tokens in{cached}, {usage.n_output_tokens:,} out{cost}"
