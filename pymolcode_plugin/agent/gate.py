"""The gate before a model: what is withheld is taken out of every request, the chat's past included.

The history itself stays whole, so that a switch works in both directions; `ProcessHistory` would replace it. What the
model wrote itself came from there and goes back as it is. What another one wrote was written under other rules (one on
this machine sees everything), so it is filtered like a result, and loses what only its own vendor takes.
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
    TextPart,
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
from ..llm.choice import Choice
from .foreign import is_of, signed, without_foreign_marks, writer_of
from .outgoing import Outgoing

NO_PICTURE = "(A picture, which the user does not send.)"
_FILE_ARGUMENT = re.compile(r"path|file|folder|directory", re.IGNORECASE)
_LOOKS_LIKE_ONE = re.compile(r"[\\/. ]")
_STRICT = frozenset({Data.SEQUENCES})  # what a model writes has few words in capitals that are none


class Gate(WrapperModel):
    """A model that is asked only what may leave.

    Args:
        model: The model behind the gate.
        outgoing: The switches, looked at anew for each request.
        choice: Which model that is, and where.
    """

    def __init__(self, model: Model, outgoing: Outgoing, choice: Choice) -> None:
        super().__init__(model)
        self._outgoing = outgoing
        self._choice = choice
        self._writer = writer_of(choice)
        self._files: frozenset[str] = frozenset()

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """As the model's own; refused where the lock forbids it."""
        response = await super().request(await self._passed(messages), model_settings, model_request_parameters)
        return replace(response, metadata=signed(response.metadata, self._writer))

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
            response.metadata = signed(response.metadata, self._writer)  # before its first piece: it may be cut
            yield response

    async def _passed(self, messages: list[ModelMessage]) -> list[ModelMessage]:
        self._outgoing.model_is(self._choice.base_url, self._choice.name)  # whoever was chosen: this one is asked
        self._outgoing.check_model()
        plain = without_foreign_marks(messages, self._writer)
        if not self._outgoing.leaves_machine or not self._outgoing.withheld:
            return plain
        return await asyncio.to_thread(self._filtered_messages, plain)  # a long result would hold up the window

    def _filtered_messages(self, messages: list[ModelMessage]) -> list[ModelMessage]:
        self._files = frozenset(_files(messages))
        return [self._message(item) for item in messages]

    def _message(self, message: ModelMessage) -> ModelMessage:
        if isinstance(message, ModelRequest):
            return replace(message, parts=[self._part(part) for part in message.parts])
        if is_of(message, self._writer):
            return message
        return replace(message, parts=[self._foreign(part) for part in message.parts])

    def _foreign(self, part: Any) -> Any:  # noqa: ANN401  # a text or a call; the rest is gone by now
        if isinstance(part, TextPart):
            return replace(part, content=self._written(part.content))
        if isinstance(part, ToolCallPart):
            return replace(part, args=self._arguments(part.args))
        return part

    def _arguments(self, args: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON of a model, or none
        """Each by itself first, so that what is harmless stays; then as a whole, as a position in three of them is."""
        found = _parsed(args)
        kept = {name: self._argument(value) for name, value in found.items()}
        whole = json.dumps(kept, ensure_ascii=False)
        filtered = self._written(whole)
        return kept if filtered == whole else {"arguments": filtered}

    def _argument(self, value: Any) -> Any:  # noqa: ANN401  # JSON
        if isinstance(value, str):
            return self._written(value)
        text = json.dumps(value, ensure_ascii=False)
        filtered = self._written(text)
        return value if filtered == text else filtered

    def _part(self, part: Any) -> Any:  # noqa: ANN401  # any of the kinds of part a request has
        if isinstance(part, ToolReturnPart):
            return replace(part, content=self._result(part))
        if isinstance(part, UserPromptPart):
            return replace(part, content=self._prompt(part.content))
        if isinstance(part, RetryPromptPart):
            text = part.content if isinstance(part.content, str) else part.model_response()  # that quotes the arguments
            return replace(part, content=self._filtered(part.tool_name or "", text))
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

    def _written(self, text: str) -> str:
        """What another model wrote, in prose or as an argument."""
        return self._outgoing.filtered("", text, known_files=self._files, strict=_STRICT)

    def _picture(self, picture: BinaryContent) -> BinaryContent | str:
        return NO_PICTURE if self._outgoing.withholds(Data.IMAGES) else picture


def _files(messages: list[ModelMessage]) -> Iterator[str]:
    """Names of the files that calls were about, so that they are known without an ending or with blanks."""
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                yield from _named_files(part.args)


def _parsed(args: Any) -> dict[str, Any]:  # noqa: ANN401  # as the model gave them
    """The arguments of a call; what is no object is one argument."""
    if isinstance(args, str):
        try:
            args = json.loads(args)
        except (ValueError, RecursionError):
            return {"arguments": args}
    if isinstance(args, dict):
        return args
    return {} if args is None else {"arguments": args}


def _named_files(args: Any) -> Iterator[str]:  # noqa: ANN401  # as the model gave them
    for name, value in _parsed(args).items():
        if _FILE_ARGUMENT.search(str(name)) and isinstance(value, str) and _LOOKS_LIKE_ONE.search(value):
            yield value
            yield from (last for last in (re.split(r"[/\\]", value)[-1],) if _LOOKS_LIKE_ONE.search(last))
