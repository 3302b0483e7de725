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
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

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
_SALT = secrets.token_bytes(16)
_KEPT = (TextPart, ToolCallPart)  # the rest of an answer is reasoning, or a tool of the vendor's own


@dataclass(frozen=True)
class Writer:
    """Who is asked, in digests: these marks go with a history, also to disk.

    Attributes:
        place: The address and the model.
        account: The key, too, and so for this run of the program only: reasoning is encrypted for an account.
    """

    place: str
    account: str

    @property
    def mark(self) -> str:
        """As it stands in a message's metadata."""
        return f"{self.place}:{self.account}"


def writer_of(choice: Choice) -> Writer:
    """Whoever answers for this choice."""
    address = urlsplit(choice.base_url)
    host = address.netloc.rpartition("@")[2]  # a password may stand before it
    place = repr((choice.provider, choice.api, address.scheme, host, address.path, choice.name))
    account = repr((choice.signed_in, choice.by_oauth, choice.key.get_secret_value() if choice.key else ""))
    return Writer(
        hashlib.blake2b(place.encode(), digest_size=8).hexdigest(),
        hashlib.blake2b(account.encode(), digest_size=8, key=_SALT).hexdigest(),
    )


def signed(metadata: dict[str, Any] | None, writer: Writer) -> dict[str, Any]:
    """The metadata of an answer, which also says who wrote it; they are sent to nobody."""
    return {**(metadata or {}), WRITER: writer.mark}


def is_of(message: ModelResponse, writer: Writer) -> bool:
    """Whether it came from there; what says of nobody, as a summary, is of somebody else."""
    return _mark(message).partition(":")[0] == writer.place


def _mark(message: ModelResponse) -> str:
    return str((message.metadata or {}).get(WRITER, ""))


def without_foreign_marks(messages: Sequence[ModelMessage], writer: Writer) -> list[ModelMessage]:
    """The messages for this writer: reasoning, names and signatures of others are gone, their words and calls stay."""
    ids = dict(_ids(messages, writer))
    found: list[ModelMessage] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            found.append(_renamed(message, ids) if ids else message)
        elif _mark(message) == writer.mark:
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


def _ids(messages: Sequence[ModelMessage], writer: Writer) -> Iterator[tuple[str, str]]:
    """The ids of calls that others gave and not every vendor takes, and what they are called instead."""
    for message in messages:
        if isinstance(message, ModelResponse) and _mark(message) != writer.mark:
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
