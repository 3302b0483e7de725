"""What a chat has used: tokens, requests, money, and how full the model's window is."""

from __future__ import annotations

from ..core.events import Usage
from ..llm import prices
from ..llm.choice import Choice


class Spending:
    """Sums of the turn that runs and of the whole chat, after each request.

    A sum whose price is not known in part has none: half a price would look like a whole one.

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

    def add(self, choice: Choice, request: Usage, *, window: int | None = None) -> None:
        """A request ended.

        Args:
            choice: Who answered it.
            request: What it took; `n_input_tokens` includes cached and written ones.
            window: Tokens a request may hold, where a server of ours says so.
        """
        cost = prices.cost_usd(choice.provider, choice.name, request, choice.base_url)
        window = window or prices.context_window(choice.provider, choice.name, choice.base_url)
        filled = min(1.0, (request.n_input_tokens + request.n_output_tokens) / window) if window else None
        one = request.model_copy(update={"n_requests": 1, "cost_usd": cost, "context_fraction": filled})
        self.turn, self.session = _sum(self.turn, one), _sum(self.session, one)


def _sum(before: Usage, one: Usage) -> Usage:
    first = before.n_requests == 0
    cost = one.cost_usd if first else None
    if not first and before.cost_usd is not None and one.cost_usd is not None:
        cost = before.cost_usd + one.cost_usd
    return Usage(
        n_input_tokens=before.n_input_tokens + one.n_input_tokens,
        n_cached_tokens=before.n_cached_tokens + one.n_cached_tokens,
        n_written_tokens=before.n_written_tokens + one.n_written_tokens,
        n_output_tokens=before.n_output_tokens + one.n_output_tokens,
        n_requests=before.n_requests + one.n_requests,
        cost_usd=cost,
        context_fraction=one.context_fraction,
    )


def words(usage: Usage) -> str:
    """For a person: tokens, and the cost where it is known."""
    cached = f" ({usage.n_cached_tokens:,} cached)" if usage.n_cached_tokens else ""
    cost = f", ${usage.cost_usd:,.4f}".rstrip("0").rstrip(".") if usage.cost_usd else ""
    return f"{usage.n_input_tokens:,} tokens in{cached}, {usage.n_output_tokens:,} out{cost}"
