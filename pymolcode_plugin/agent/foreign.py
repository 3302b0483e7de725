"""What another model wrote, as a request to this one may hold it.

A chat goes on with another model where the user picks one, and for a moment where one does not answer. What a model
thought is signed or encrypted by its vendor, and its parts have names there; another vendor refuses them, and so does
the same one for another account. So they are taken out of the request, never out of the history: whoever wrote them
gets them back.

Pure functions on pydantic-ai's messages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)

from ..llm.choice import Choice

WRITER = "pymolcode_writer"
# What Anthropic and OpenAI take; local servers give names like `functions.look:0`.
_USUAL_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_KEPT = (TextPart, ToolCallPart)  # the rest of an answer is reasoning, or a tool of the vendor's own


def writer_of(choice: Choice) -> str:
    """Who is asked: a digest of the address, the model and the account, since an address may hold a password."""
    key = choice.key.get_secret_value() if choice.key else ""
    who = (choice.provider, choice.api, choice.base_url, choice.name, choice.signed_in, choice.by_oauth, key)
    return hashlib.sha256(repr(who).encode()).hexdigest()[:16]


def signed(metadata: dict[str, Any] | None, writer: str) -> dict[str, Any]:
    """The metadata of an answer, which also says who wrote it; they are sent to nobody."""
    return {**(metadata or {}), WRITER: writer}


def is_of(message: ModelResponse, writer: str) -> bool:
    """Whether it came from there; what says of nobody, as a summary, is of somebody else."""
    return (message.metadata or {}).get(WRITER) == writer


def without_foreign_marks(messages: Sequence[ModelMessage], writer: str) -> list[ModelMessage]:
    """The messages for this writer: reasoning, names and signatures of others are gone, their words and calls stay."""
    ids = dict(_ids(messages, writer))
    found: list[ModelMessage] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            found.append(_renamed(message, ids) if ids else message)
        elif is_of(message, writer):
            found.append(message)
        else:
            plain = _plain(message, ids)
            found += [plain] if plain.parts or not message.parts else []
    return found


def _plain(message: ModelResponse, ids: dict[str, str]) -> ModelResponse:
    parts = [_unmarked(part, ids) for part in message.parts if isinstance(part, _KEPT)]
    return replace(message, parts=parts, provider_response_id=None, provider_details=None)


def _unmarked(part: Any, ids: dict[str, str]) -> Any:  # noqa: ANN401  # a text or a call
    plain = replace(part, id=None, provider_name=None, provider_details=None)
    if isinstance(plain, ToolCallPart) and plain.tool_call_id in ids:
        return replace(plain, tool_call_id=ids[plain.tool_call_id])
    return plain


def _ids(messages: Sequence[ModelMessage], writer: str) -> Iterator[tuple[str, str]]:
    """The ids of calls that others gave and not every vendor takes, and what they are called instead."""
    for message in messages:
        if isinstance(message, ModelResponse) and not is_of(message, writer):
            for part in message.parts:
                if isinstance(part, ToolCallPart) and not _USUAL_ID.fullmatch(part.tool_call_id):
                    yield part.tool_call_id, f"call_{hashlib.sha256(part.tool_call_id.encode()).hexdigest()[:24]}"


def _renamed(message: ModelRequest, ids: dict[str, str]) -> ModelRequest:
    parts = [
        replace(part, tool_call_id=ids[part.tool_call_id])
        if isinstance(part, (ToolReturnPart, RetryPromptPart)) and part.tool_call_id in ids
        else part
        for part in message.parts
    ]
    return replace(message, parts=parts)
