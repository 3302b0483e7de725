"""Mistral's chat completions, which look like OpenAI's and refuse what is not written as Mistral wants it.

Its own library would bring what we have already. Importing this is heavy; only `chat_models` does.

Source: https://docs.mistral.ai/api/endpoint/chat
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openai import omit
from openai.types import chat
from openai.types.chat import chat_completion_chunk
from pydantic_ai.messages import ModelResponseStreamEvent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIStreamedResponse

_AFTER_TOOLS: chat.ChatCompletionAssistantMessageParam = {"role": "assistant", "content": "OK"}


class MistralStreamedResponse(OpenAIStreamedResponse):
    """Reasoning comes as part of `content`, which is then a list: `[{"type": "thinking", "thinking": [...]}]`."""

    def _map_thinking_delta(self, choice: chat_completion_chunk.Choice) -> Iterable[ModelResponseStreamEvent]:
        content: Any = choice.delta.content
        if isinstance(content, list):
            choice.delta.content = _text(content) or None
            thinking = [item for item in content if isinstance(item, dict) and item.get("type") == "thinking"]
            reasoning = "".join(_text(item.get("thinking")) for item in thinking)
            choice.delta.reasoning = reasoning or None  # type: ignore[attr-defined]  # where others have it
        yield from super()._map_thinking_delta(choice)


class MistralChatModel(OpenAIChatModel):
    """Written as Mistral wants it."""

    @property
    def _streamed_response_cls(self) -> type[OpenAIStreamedResponse]:
        return MistralStreamedResponse

    def _get_stream_options(self, _model_settings: Any) -> Any:  # noqa: ANN401  # typed dicts of that library
        """`include_usage` is a 422; the last chunk tells the usage anyway."""
        return omit

    async def _map_messages(self, *args: Any, **kwargs: Any) -> list[chat.ChatCompletionMessageParam]:  # noqa: ANN401
        """A user's message after a tool's result (a picture, or what is said after a stop) is a 400."""
        messages = await super()._map_messages(*args, **kwargs)
        mapped: list[chat.ChatCompletionMessageParam] = []
        for message in messages:
            if mapped and mapped[-1]["role"] == "tool" and message["role"] == "user":
                mapped.append(_AFTER_TOOLS)
            mapped.append(message)
        return mapped


def _text(parts: object) -> str:
    """What the text parts of a list say together."""
    texts = (part.get("text") for part in parts if isinstance(part, dict)) if isinstance(parts, list) else ()
    return "".join(text for text in texts if isinstance(text, str))
