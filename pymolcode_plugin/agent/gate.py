"""The gate before a model: what is withheld is taken out of every request, the chat's past included.

The history itself stays whole, so that a switch works in both directions; `ProcessHistory` would replace it. What the
model wrote itself came from there and goes back as it is.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pydantic_ai.messages import (
    BinaryContent,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryPromptPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RequestUsage

from ..core.outgoing import Data
from .outgoing import Outgoing

NO_PICTURE = "(A picture, which the user does not send.)"
_FILE_ARGUMENT = re.compile(r"path|file|folder|directory", re.IGNORECASE)
_LOOKS_LIKE_ONE = re.compile(r"[\\/. ]")


class Gate(WrapperModel):
    """A model that is asked only what may leave.

    Args:
        model: The model behind the gate.
        outgoing: The switches, looked at anew for each request.
    """

    def __init__(self, model: Model, outgoing: Outgoing) -> None:
        super().__init__(model)
        self._outgoing = outgoing
        self._files: frozenset[str] = frozenset()

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the model's own; refused where the lock forbids it."""
        return await super().request(await self._passed(messages), model_settings, model_request_parameters)

    async def count_tokens(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> RequestUsage:
        """Counting is done by the vendor too."""
        return await super().count_tokens(await self._passed(messages), model_settings, model_request_parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """As the model's own; refused where the lock forbids it."""
        passed = await self._passed(messages)
        async with super().request_stream(passed, model_settings, model_request_parameters, run_context) as response:
            yield response

    async def _passed(self, messages: list[ModelMessage]) -> list[ModelMessage]:
        self._outgoing.check_model()
        if not self._outgoing.leaves_machine or not self._outgoing.withheld:
            return messages
        return await asyncio.to_thread(self._filtered_messages, messages)  # a long result would hold up the window

    def _filtered_messages(self, messages: list[ModelMessage]) -> list[ModelMessage]:
        self._files = frozenset(_files(messages))
        return [self._message(item) if isinstance(item, ModelRequest) else item for item in messages]

    def _message(self, message: ModelRequest) -> ModelRequest:
        return replace(message, parts=[self._part(part) for part in message.parts])

    def _part(self, part: Any) -> Any:  # noqa: ANN401  # any of the kinds of part a request has
        if isinstance(part, ToolReturnPart):
            return replace(part, content=self._result(part))
        if isinstance(part, UserPromptPart):
            return replace(part, content=self._prompt(part.content))
        if isinstance(part, RetryPromptPart) and isinstance(part.content, str):
            return replace(part, content=self._filtered(part.tool_name or "", part.content))
        return part

    def _result(self, part: ToolReturnPart) -> Any:  # noqa: ANN401  # whatever a tool may return
        content = part.content
        if isinstance(content, BinaryContent):
            return self._picture(content)
        if isinstance(content, (list, tuple)) and all(isinstance(item, (str, BinaryContent)) for item in content):
            return [
                self._picture(item) if isinstance(item, BinaryContent) else self._filtered(part.tool_name, str(item))
                for item in content
            ]
        return self._filtered(part.tool_name, part.model_response_str())

    def _prompt(self, content: Any) -> Any:  # noqa: ANN401  # text, or text and pictures
        if isinstance(content, str):
            return self._outgoing.filtered_prompt(content)
        return [self._item(item) for item in content]

    def _item(self, item: Any) -> Any:  # noqa: ANN401  # a text, a picture, an address
        if isinstance(item, str):
            return self._outgoing.filtered_prompt(item)
        return self._picture(item) if isinstance(item, BinaryContent) else item

    def _filtered(self, tool: str, text: str) -> str:
        return self._outgoing.filtered(tool, text, known_files=self._files)

    def _picture(self, picture: BinaryContent) -> BinaryContent | str:
        return NO_PICTURE if self._outgoing.withholds(Data.IMAGES) else picture


def _files(messages: list[ModelMessage]) -> Iterator[str]:
    """Names of the files that calls were about, so that they are known without an ending or with blanks."""
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                yield from _named_files(part.args)


def _named_files(args: Any) -> Iterator[str]:  # noqa: ANN401  # as the model gave them
    if isinstance(args, str):
        try:
            args = json.loads(args)
        except ValueError:
            return
    for name, value in args.items() if isinstance(args, dict) else ():
        if _FILE_ARGUMENT.search(str(name)) and isinstance(value, str) and _LOOKS_LIKE_ONE.search(value):
            yield value
            yield from (last for last in (re.split(r"[/\\]", value)[-1],) if _LOOKS_LIKE_ONE.search(last))
