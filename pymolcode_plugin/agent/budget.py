"""The limit on what a chat may cost: it stops before the request that would go on past it, and asks."""

from __future__ import annotations

import itertools

from ..core.errors import ProviderError
from ..core.events import ApprovalAnswered, ApprovalAsked, Notice
from ..core.ports import PersonPort
from .profile import Emit
from .spending import Spending, words

_ids = itertools.count(1)


class BudgetReached(ProviderError):
    """The person did not want to go on."""


class Budget:
    """Holds what may be spent; where the person goes on at the limit, as much again may be spent from then on.

    Args:
        spending: What was spent.
        person: Asked when a limit is reached.
        emit: Told the question and the answer.
        usd: For the whole chat; None for no limit.
        tokens: Input and output of the whole chat; None for no limit.
    """

    def __init__(
        self, spending: Spending, person: PersonPort, emit: Emit, *, usd: float | None = None, tokens: int | None = None
    ) -> None:
        self._spending = spending
        self._person = person
        self._emit = emit
        self._first = (usd, tokens)
        self._usd, self._tokens = usd, tokens
        self._said_unknown = False

    def set(self, *, usd: float | None, tokens: int | None) -> None:
        """What the settings say now; a limit that was raised by hand stays raised while they say the same."""
        if (usd, tokens) != self._first:
            self._first = (usd, tokens)
            self._usd, self._tokens = usd, tokens

    def begin_again(self) -> None:
        """A new chat begins."""
        self._usd, self._tokens = self._first
        self._said_unknown = False

    async def check(self) -> None:
        """May another request be made?

        Raises:
            BudgetReached: The limit is reached, and the person does not want to go on.
        """
        spent = self._spending.session
        if self._usd is not None and spent.n_unpriced and not self._said_unknown:
            self._said_unknown = True
            self._emit(
                Notice(
                    level="warning",
                    text="The price of a part of this chat is not known, so budget_usd holds only the rest of it;"
                    " budget_tokens holds all.",
                )
            )
        if self._usd is not None and spent.cost_usd is not None and spent.cost_usd >= self._usd:
            more = spent.cost_usd + (self._first[0] or 0.0)  # of what is spent, or it would ask again at once
            await self._ask(f"${self._usd:,.2f}", f"${more:,.2f}")
            self._usd = more
        n_tokens = spent.n_input_tokens + spent.n_output_tokens
        if self._tokens is not None and n_tokens >= self._tokens:
            n_more = n_tokens + (self._first[1] or 0)
            await self._ask(f"{self._tokens:,} tokens", f"{n_more:,} tokens")
            self._tokens = n_more

    async def _ask(self, limit: str, then: str) -> None:
        spent = words(self._spending.session)
        question = ApprovalAsked(
            call_id=f"budget{next(_ids)}",
            question=f"This chat has reached its limit of {limit}. Go on?",
            command=f"raise the limit of this chat to {then}",
            effects=(f"used so far: {spent}",),
        )
        self._emit(question)
        answer = await self._person.ask(question)
        self._emit(ApprovalAnswered(call_id=question.call_id, allowed=answer.allowed, reason=answer.reason))
        if not answer.allowed:
            raise BudgetReached(
                f"Stopped at the limit of {limit} for this chat ({spent}). What was done stands.",
                hint="Raise budget_usd or budget_tokens, or begin a new chat.",
            )
