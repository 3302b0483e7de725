"""The outermost model: asks the budget before each request, and tells what each took."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from ..core.events import Usage


class Metered(WrapperModel):
    """A model whose requests are counted, those that were cut or stopped included.

    Args:
        model: What is asked.
        before: May refuse the request, by raising.
        after: Told what it took.
    """

    def __init__(self, model: Model, before: Callable[[], Awaitable[None]], after: Callable[[Usage], None]) -> None:
        super().__init__(model)
        self._before = before
        self._after = after

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the model's own."""
        await self._before()
        response = await super().request(messages, model_settings, model_request_parameters)
        self._after(_usage(response.usage))
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """As the model's own."""
        await self._before()
        async with super().request_stream(messages, model_settings, model_request_parameters, run_context) as response:
            try:
                yield response
            finally:
                self._after(_usage(response.usage))


def _usage(usage: RequestUsage) -> Usage:
    return Usage(
        n_input_tokens=usage.input_tokens,
        n_cached_tokens=usage.cache_read_tokens,
        n_written_tokens=usage.cache_write_tokens,
        n_output_tokens=usage.output_tokens,
        n_requests=1,
    )
