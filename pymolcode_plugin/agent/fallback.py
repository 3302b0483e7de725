"""Tries the next model of a list where one is overloaded, out of reach, or no longer paid for.

A model's answer counts as begun with the first thing in it that can be shown. Until then nothing was given on, so
"overloaded" inside an answer that began with a status of 200 is as good a reason to ask another one as a 529.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext

from ..llm import failures, patience
from ..llm.choice import Choice
from .gate import Gate
from .outgoing import Outgoing

Make = Callable[[Choice], Model]


async def with_fallback(
    choices: tuple[Choice, ...], make: Make, outgoing: Outgoing, tell: Callable[[str], None]
) -> Fallback:
    """A model that asks the first of `choices`, and the next on 429, 5xx, overload, no credit or no connection.

    Each goes through `Gate`, because what may leave depends on where the model is. What was shown of an answer is
    never taken back: after its first piece there is no other model.

    Args:
        choices: The chosen model, then the fallback list.
        make: Makes the model behind the gate; heavy, so called in a worker thread, when first needed.
        outgoing: Told which model is asked.
        tell: Told in words that the next one is tried, and why; goes into the transcript.
    """
    first = Gate(await asyncio.to_thread(make, choices[0]), outgoing, choices[0])
    return Fallback(choices, first, make, outgoing, tell)


class Fallback(WrapperModel):
    """The chosen model, and those to try where it does not answer; stays with one that does until the turn ends."""

    def __init__(
        self, choices: tuple[Choice, ...], first: Model, make: Make, outgoing: Outgoing, tell: Callable[[str], None]
    ) -> None:
        super().__init__(first)
        self._choices = choices
        self._made: dict[int, Model] = {0: first}
        self._at = 0
        self._make = make
        self._outgoing = outgoing
        self._tell = tell

    @property
    def choice(self) -> Choice:
        """Who answers now."""
        return self._choices[self._at]

    def begin_turn(self) -> None:
        """Ask the chosen model again."""
        self._use(0, self._made[0])

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the model's own, or the next one's."""
        while True:
            try:
                return await self.wrapped.request(messages, model_settings, model_request_parameters)
            except Exception as error:  # border: the last one's failure is the turn's
                if not await self._next(error):
                    raise

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """As the model's own, or the next one's where this one does not begin to answer."""
        async with AsyncExitStack() as stack:
            yield await self._begun(stack, messages, model_settings, model_request_parameters, run_context)

    async def _begun(self, stack: AsyncExitStack, *request: Any) -> StreamedResponse:  # noqa: ANN401  # passed on
        waits = _Waits()
        while True:
            async with AsyncExitStack() as trial:
                try:
                    response = await trial.enter_async_context(self.wrapped.request_stream(*request))
                    await _until_it_shows(response)
                except Exception as error:  # noqa: BLE001  # border: see `request`
                    failed = error
                else:
                    await stack.enter_async_context(trial.pop_all())
                    return response
            if not await self._next(failed) and not await waits.for_the_same(failed):
                raise failed

    async def _next(self, error: Exception) -> bool:
        """Go on to the next that can be made; False where there is none, or it would not help."""
        if not failures.another_may_answer(error):
            return False
        why = failures.explained(error, model=self.choice.title).args[0]
        while self._at + 1 < len(self._choices):
            number = self._at + 1
            following = self._choices[number]
            self._tell(f"{why} Trying {following.title}.")
            try:
                model = self._made.get(number) or await self._behind_gate(following)
            except Exception as failed:  # noqa: BLE001  # border: the one after it may be made
                self._at, why = number, failures.explained(failed, model=following.title).args[0]
                continue
            self._made[number] = model
            self._use(number, model)
            return True
        return False

    async def _behind_gate(self, choice: Choice) -> Model:
        return Gate(await asyncio.to_thread(self._make, choice), self._outgoing, choice)

    def _use(self, number: int, model: Model) -> None:
        self._at, self.wrapped = number, model
        self._outgoing.model_is(self.choice.base_url, self.choice.name)


class _Waits:
    """Before the only or last model is asked again, which the HTTP client cannot see to inside an answer."""

    def __init__(self) -> None:
        self._number, self._waited_s = 0, 0.0

    async def for_the_same(self, error: Exception) -> bool:
        """Wait; False where it is not to be asked again."""
        if not failures.momentary_inside(error):
            return False
        wait_s = patience.DEFAULT.wait_s(self._number, None, self._waited_s, briefly=True)
        if wait_s is None:
            return False
        self._number, self._waited_s = self._number + 1, self._waited_s + wait_s
        await patience.DEFAULT.sleep(wait_s)
        return True


async def _until_it_shows(response: StreamedResponse) -> None:
    """Read on until something can be shown, or the answer ends; whoever iterates gets all of it, from the beginning.

    Below what pydantic-ai makes of the vendor's events, because that is made once, and for whoever iterates.
    """
    events = response._get_event_iterator()  # which its subclasses implement
    read: list[Any] = []
    async for event in events:
        read.append(event)
        if _shows(event):
            break

    async def whole() -> AsyncIterator[Any]:
        for event in read:
            yield event
        async for event in events:
            yield event

    response._get_event_iterator = whole  # type: ignore[method-assign]  # of this answer only


def _shows(event: object) -> bool:
    """Whether it holds text, reasoning or a tool call; an empty part is only announced."""
    piece = getattr(event, "part", None) or getattr(event, "delta", None)
    if isinstance(piece, (TextPart, ThinkingPart)):
        return bool(piece.content)
    if isinstance(piece, (TextPartDelta, ThinkingPartDelta)):
        return bool(piece.content_delta)
    return piece is not None
