"""The full profile: a model with native tool calls, through pydantic-ai, mapped to our own events.

Match events of pydantic-ai defensively: its minor versions may add kinds.
"""

from __future__ import annotations

from typing import Any

from pydantic_ai import Agent, BinaryContent, Tool, ToolReturn, UsageLimits, capture_run_messages
from pydantic_ai.messages import (
    ModelMessage,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)
from pydantic_ai.models import Model
from pydantic_ai.tools import RunContext
from pydantic_ai.usage import RunUsage

from ..config import paths
from ..core.events import Event, TextDelta, ThinkingDelta, Usage
from ..core.tool import Tool as OurTool
from .profile import CallTool, Emit

_RETRIES = 3  # of a call that names no tool; what does not fit a tool is answered by the door


class FullProfile:
    """Keeps the history of one chat, tool calls and results included.

    Args:
        model: Any pydantic-ai model.
        tools: What the model may call.
        call_tool: The door: (call id, tool name, arguments) to a result.
        request_limit: Requests a turn may make, so that a model that never stops is stopped.
    """

    def __init__(
        self, model: Model, tools: tuple[OurTool[Any], ...], call_tool: CallTool, *, request_limit: int = 40
    ) -> None:
        self._call_tool = call_tool
        self._limits = UsageLimits(request_limit=request_limit)
        self._history: list[ModelMessage] = []
        self._agent = Agent(
            model,
            instructions=paths.resource("prompts/system.md").read_text(encoding="utf-8"),
            tools=[self._wrapped(tool) for tool in tools],
            retries=_RETRIES,
        )

    async def run(self, turn_id: str, prompt: str, emit: Emit) -> Usage:
        """One turn; what was said and done stays in the history even when the turn is cancelled or fails."""
        with capture_run_messages() as messages:
            try:
                return await self._streamed(turn_id, prompt, emit)
            finally:
                if messages:
                    self._history = list(messages)

    def forget(self) -> None:
        """Begin a new chat."""
        self._history = []

    async def _streamed(self, turn_id: str, prompt: str, emit: Emit) -> Usage:
        usage = Usage()
        stream = self._agent.run_stream_events(prompt, message_history=self._history, usage_limits=self._limits)
        async with stream as events:
            async for event in events:
                mapped = _mapped(turn_id, event)
                if mapped is not None:
                    emit(mapped)
                result = getattr(event, "result", None)
                if getattr(event, "event_kind", "") == "agent_run_result" and result is not None:
                    usage = _usage(result.usage)
        return usage

    def _wrapped(self, tool: OurTool[Any]) -> Tool[None]:
        """Arguments go to the door unchecked, which is the one place that validates and refuses."""

        async def run(ctx: RunContext[None], **arguments: Any) -> ToolReturn:  # noqa: ANN401  # JSON of the model
            result = await self._call_tool(ctx.tool_call_id or "", tool.name, arguments)
            picture = [BinaryContent(result.image_png, media_type="image/png")] if result.image_png else None
            return ToolReturn(return_value=result.for_model, content=picture)

        return Tool.from_schema(
            run, name=tool.name, description=tool.description, json_schema=tool.args.model_json_schema(), takes_ctx=True
        )


def _mapped(turn_id: str, event: object) -> Event | None:
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
