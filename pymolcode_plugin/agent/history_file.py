"""What a model with tools remembers, as a file: pydantic-ai's own messages as JSON, without keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter

from ..masking import mask

_PROFILE = "full"
# Pictures, signatures and ids are no text: what looks like a key in them is chance, and changing it would break them.
_OPAQUE = frozenset({"data", "signature", "id", "tool_call_id", "provider_details", "provider_response_id"})
_KINDS = ("request", "response", "binary")


def written(history: list[ModelMessage]) -> bytes:
    """The file; takes a while for long chats, so in a worker thread."""
    messages = _masked(ModelMessagesTypeAdapter.dump_python(history, mode="json"))
    text = json.dumps({"profile": _PROFILE, "messages": messages}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def read(data: bytes) -> list[ModelMessage] | None:
    """The messages of a file; None where it is none, or is another profile's."""
    try:
        values = json.loads(data)
        if values["profile"] != _PROFILE:
            return None
        return ModelMessagesTypeAdapter.validate_python(values["messages"])
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def _masked(value: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        ours = "part_kind" in value or value.get("kind") in _KINDS
        return {name: item if ours and name in _OPAQUE else _masked(item) for name, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list) else value
