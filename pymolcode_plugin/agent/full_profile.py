"""The full profile: a model with native tool calls, through pydantic-ai, mapped to our own events.

Match events of pydantic-ai defensively: its minor versions may add kinds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic_ai import Agent, BinaryContent, Tool, ToolReturn, UsageLimits, capture_run_messages
from pydantic_ai.capabilities import ProcessHistory
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
    ToolCallPart,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import Model
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RunUsage
from pydantic_core import SchemaValidator, core_schema

from ..config import paths
from ..core.attachments import Picture
from ..core.errors import ProviderError
from ..core.events import Notice, TextDelta, ThinkingDelta, Usage
from ..core.tool import Tool as OurTool
from ..llm import failures
from ..masking import mask
from . import history_file
from .memory import Memory
from .profile import CallTool, Emit, Profile
from .window import is_too_long

_RETRIES = 3  # of a call that names no tool; what does not fit a tool is answered by the door
_MAX_CHARS = 100_000  # text and thinking of one turn; a model that repeats itself without end is cut off
_AN_OBJECT = SchemaValidator(core_schema.dict_schema(core_schema.str_schema()))
_WINDOW = 128_000  # where nobody says how much the model can hold
_MAX_MENDED = 4  # times that a refused request is sent again without something
_CUT = Notice(level="warning", text="The answer was cut at the length the model allows. Ask it to go on.")
_UNSEEN = "(A picture, which this model cannot see.)"


class FullProfile:
    """Keeps the history of one chat, tool calls and results included.

    Args:
        model: Any pydantic-ai model.
        tools: What the model may call.
        call_tool: The door: (call id, tool name, arguments) to a result.
        request_limit: Requests a turn may make, so that a model that never stops is stopped.
        begin_turn: Called when a turn begins.
        sees: Whether the model is given pictures; it is found out where its server refuses one.
        window: Tokens a request may hold, where that is known.
        may_summarise: Whether what was said may be given to the model to be summed up.
    """

    def __init__(
        self,
        model: Model,
        tools: tuple[OurTool[Any], ...],
        call_tool: CallTool,
        *,
        request_limit: int = 40,
        begin_turn: Callable[[], None] = lambda: None,
        sees: bool = True,
        window: int | None = None,
        may_summarise: Callable[[], bool] = lambda: True,
    ) -> None:
        self._call_tool = call_tool
        self._limits = UsageLimits(request_limit=request_limit)
        self._begin_turn = begin_turn
        self._sees = sees
        self._memory = Memory(model, window or _WINDOW, may_summarise)
        self._history: list[ModelMessage] = []
        self._emit: Emit = lambda _event: None
        self._agent = Agent(
            model,
            instructions=paths.resource("prompts/system.md").read_text(encoding="utf-8"),
            tools=[self._wrapped(tool) for tool in tools],
            retries=_RETRIES,
            capabilities=[ProcessHistory(self._fitting)],
        )

    async def run(self, turn_id: str, prompt: str, emit: Emit, images: tuple[Picture, ...] = ()) -> Usage:
        """One turn; what was said and done stays in the history even when the turn is cancelled or fails.

        Where the server refuses a request that holds a picture, it gets words instead, from then on; where it says
        that the request is too long, the history is made shorter, a few times at most.
        """
        self._begin_turn()
        self._emit = emit
        self._history = await self._memory.with_room(self._history, emit)
        asked: str | list[UserContent] | None = self._with_pictures(prompt, images)
        spent = RunUsage()
        for _ in range(_MAX_MENDED):
            try:
                return await self._remembered(turn_id, asked, emit, spent)
            except Exception as error:  # border: what the libraries raise, as an answer or inside of one
                mended = self._mended(error, emit)
                if mended is None:
                    raise
                self._history, asked = mended, None
        return await self._remembered(turn_id, asked, emit, spent)

    def forget(self) -> None:
        """Begin a new chat."""
        self._history = []
        self._memory.forget()

    @property
    def sees(self) -> bool:
        """See Profile."""
        return self._sees

    @property
    def steers(self) -> bool:
        """See Profile."""
        return True

    @property
    def remembers(self) -> bool:
        """See Profile."""
        return bool(self._history)

    def take_over(self, old: Profile) -> bool:
        """See Profile. The gate keeps back what another vendor's model thought; that one gets it again."""
        if not isinstance(old, FullProfile):
            return not old.remembers
        self._history = list(old._history)  # of the same class
        self._memory.take_over(old._memory)
        if not self._sees:
            self._history = _without_pictures(self._history)
        return True

    def remembered(self) -> Callable[[], bytes]:
        """See Profile."""
        history = list(self._history)
        return lambda: history_file.written(history)

    def remind(self, data: bytes) -> bool:
        """See Profile."""
        history = history_file.read(data)
        if history is None:
            return False
        self.forget()
        self._history = history if self._sees else _without_pictures(history)
        self._memory.note(self._history)
        return True

    async def compact(self, emit: Emit) -> str:
        """See Profile."""
        self._history, what = await self._memory.compacted(self._history, emit)
        return what

    async def _fitting(self, messages: list[ModelMessage]) -> list[ModelMessage]:
        """The history as the next request can carry it; it stays so."""

        def fitted() -> tuple[list[ModelMessage], Notice | None]:
            fitting, left_out = self._memory.fitting(messages)
            return _sendable(fitting), left_out

        sendable, left_out = await asyncio.to_thread(fitted)
        if left_out is not None:
            self._emit(left_out)
        return sendable

    def _mended(self, error: Exception, emit: Emit) -> list[ModelMessage] | None:
        """The history without what was refused; None where that is something else, or there is nothing to leave out."""
        if is_too_long(error):
            return self._memory.shorter(self._history, error, emit)
        blind = _without_pictures(self._history)
        if blind == self._history or not failures.may_be_the_picture(error):
            return None
        self._sees = False
        return blind

    def _with_pictures(self, prompt: str, images: tuple[Picture, ...]) -> str | list[UserContent]:
        """Pictures go first, so that the prompt still ends with what the user wrote."""
        if not images:
            return prompt
        shown = [BinaryContent(item.data, media_type=item.media_type) if self._sees else _UNSEEN for item in images]
        return [*shown, prompt]

    async def _remembered(
        self, turn_id: str, prompt: str | list[UserContent] | None, emit: Emit, spent: RunUsage
    ) -> Usage:
        with capture_run_messages() as messages:
            try:
                return await self._streamed(turn_id, prompt, emit, spent)
            finally:
                if messages:
                    self._history = list(messages)
                    self._memory.note(self._history)

    async def _streamed(
        self, turn_id: str, prompt: str | list[UserContent] | None, emit: Emit, spent: RunUsage
    ) -> Usage:
        usage, n_chars = Usage(), 0
        stream = self._agent.run_stream_events(
            prompt, message_history=self._history, usage_limits=self._limits, usage=spent
        )
        async with stream as events:
            async for event in events:
                mapped = _mapped(turn_id, event)
                if mapped is not None:
                    emit(mapped.model_copy(update={"text": mask(mapped.text)[: _MAX_CHARS - n_chars]}))
                    n_chars += len(mapped.text)
                if n_chars > _MAX_CHARS:
                    raise ProviderError(
                        "The model did not come to an end, so it was stopped.", hint="Ask for less at a time."
                    )
                result = getattr(event, "result", None)
                if getattr(event, "event_kind", "") == "agent_run_result" and result is not None:
                    usage = _usage(result.usage)
                    if result.response.finish_reason == "length":
                        emit(_CUT)
        return usage

    def _wrapped(self, tool: OurTool[Any]) -> Tool[None]:
        """Arguments go to the door unchecked, which is the one place that validates and refuses."""

        async def run(ctx: RunContext[None], /, **arguments: Any) -> ToolReturn:  # noqa: ANN401  # JSON of the model
            result = await self._call_tool(ctx.tool_call_id or "", tool.name, arguments)
            beside: list[UserContent] = []
            if result.image_png is not None:
                beside.append(BinaryContent(result.image_png, media_type="image/png") if self._sees else _UNSEEN)
            return ToolReturn(return_value=result.for_model, content=[*beside, *result.said] or None)

        wrapped: Tool[None] = Tool.from_schema(
            run, name=tool.name, description=tool.description, json_schema=tool.schema, takes_ctx=True
        )
        # Without it arguments that are a list or a word end the turn; so the model is told and tries again.
        wrapped.function_schema.validator = _AN_OBJECT
        return wrapped


def _sendable(messages: list[ModelMessage]) -> list[ModelMessage]:
    """The history without what no request can carry: half characters, which have no UTF-8, and endless parts."""
    sendable: list[ModelMessage] = []
    for message in messages:
        parts: Any = [_short_utf8(part) for part in message.parts]
        sendable.append(replace(message, parts=parts))
    return sendable


def _short_utf8(part: Any) -> Any:  # noqa: ANN401  # any of a dozen kinds of part
    name = "args" if isinstance(part, ToolCallPart) else "content"
    text = getattr(part, name, None)
    if not isinstance(text, str):
        return part
    kept = text if name == "args" else text[:_MAX_CHARS]  # half of JSON would be none
    kept = kept.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return part if kept == text else replace(part, **{name: kept})


def _without_pictures(messages: list[ModelMessage]) -> list[ModelMessage]:
    return [_blind(message) if isinstance(message, ModelRequest) else message for message in messages]


def _blind(message: ModelRequest) -> ModelRequest:
    parts = [_words(part) if isinstance(part, UserPromptPart) else part for part in message.parts]
    return replace(message, parts=parts)


def _words(part: UserPromptPart) -> UserPromptPart:
    if isinstance(part.content, str):
        return part
    return replace(part, content=[_UNSEEN if isinstance(item, BinaryContent) else item for item in part.content])


def _mapped(turn_id: str, event: object) -> TextDelta | ThinkingDelta | None:
    part = event.part if isinstance(event, PartStartEvent) else None
    delta = event.delta if isinstance(event, PartDeltaEvent) else None
    if isinstance(part, TextPart) and part.content:
        return TextDelta(turn_id=turn_id, text=part.content)
    if isinstance(delta, TextPartDelta) and delta.content_delta:
        return TextDelta(turn_id=turn_id, text=delta.content_delta)
    if isinstance(part, ThinkingPart) and part.content:
        return ThinkingDelta(turn_id=turn_id, text=part.content)
    if isinstance(delta, ThinkingPartDelta) and delta.content_delta:
        return ThinkingDelta(turn_id=turn_id, text=delta.content_delta)
    return None


def _usage(usage: RunUsage) -> Usage:
    return Usage(
        n_input_tokens=usage.input_tokens,
        n_cached_tokens=usage.cache_read_tokens,
        n_output_tokens=usage.output_tokens,
    )
