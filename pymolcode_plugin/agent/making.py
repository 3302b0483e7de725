"""Makes a full profile and all that stands between it and the model; importing this is heavy (seconds)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic_ai.models import Model

from ..auth.sign_in import SignIn
from ..core.events import Notice, Usage, UsageTold
from ..core.tool import Tool
from ..llm import prices
from ..llm.build import build
from ..llm.choice import Choice
from .budget import Budget
from .fallback import with_fallback
from .full_profile import FullProfile
from .metered import Metered
from .outgoing import Outgoing
from .profile import CallTool, Emit
from .spending import Spending


async def full_profile(
    choices: tuple[Choice, ...],
    tools: tuple[Tool[Any], ...],
    call_tool: CallTool,
    outgoing: Outgoing,
    spending: Spending,
    budget: Budget,
    *,
    emit: Emit,
    sign_in: SignIn,
    chat_id: str,
    request_limit: int,
    window: int | None = None,
    context_tokens: int | None = None,
) -> tuple[FullProfile, Callable[[], Awaitable[None]]]:
    """The profile, and what ends its connections.

    From the profile to the wire: counted (`Metered`), the next model where one does not answer (`Fallback`), what is
    withheld taken out (`Gate`), then the vendor's library on our client (`llm.build`).

    Args:
        choices: The chosen model, then those to try where it does not answer.
        tools: What the model may call.
        call_tool: The door.
        outgoing: What may go to the model.
        spending: Told of every request.
        budget: Asked before every request.
        emit: Told what was spent, that a model is waited for, and which is tried next.
        sign_in: Hands out tokens.
        chat_id: Says to a provider which requests begin alike.
        request_limit: Requests of one turn.
        window: Tokens a request may hold, where a server of ours says so.
        context_tokens: The same as the user says it, where nobody else does.
    """
    closing: list[Callable[[], Awaitable[None]]] = []
    sees: dict[Choice, bool | None] = {}

    def tell(text: str) -> None:
        emit(Notice(level="warning", text=text))

    def make(choice: Choice) -> Model:
        built = build(choice, outgoing, sign_in, chat_id=chat_id, tell=tell)
        closing.append(built.aclose)
        sees[choice] = built.sees
        return built.model

    chain = await with_fallback(choices, make, outgoing, tell)

    def after(usage: Usage) -> None:
        spending.add(chain.choice, usage, window=window, otherwise=context_tokens)
        emit(UsageTold(usage=spending.turn, session=spending.session))

    async def aclose() -> None:
        for close in closing:
            await close()

    known = await asyncio.to_thread(prices.context_window, choices[0].provider, choices[0].name, choices[0].base_url)
    profile = FullProfile(
        Metered(chain, budget.check, after),
        tools,
        call_tool,
        request_limit=request_limit,
        begin_turn=chain.begin_turn,
        sees=sees[choices[0]] is not False,
        may_summarise=lambda: not (outgoing.leaves_machine and outgoing.withheld),
        window=window or known or context_tokens,
    )
    return profile, aclose
