"""How much a model can hold, as a refusal says it: providers word it in their own ways, and some give no number."""

from __future__ import annotations

import re

from ..llm import failures

_N = r"(\d[\d,_]{2,})"
# The first that is found counts; where the limit and what was sent stand side by side, the limit is the one after `>`.
_LIMITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"> ?{_N}",  # Anthropic
        rf"maximum (?:context|prompt|input|sequence) length (?:is|of) {_N}",  # OpenAI and who copies it, xAI
        rf"maximum number of (?:input )?tokens(?: allowed)?(?: is| of)? ?\(?{_N}",  # Gemini
        rf"with {_N} maximum context",  # Mistral
        rf"context (?:length|window|size|limit)(?: of| is|:)? ?\(?{_N}",  # llama.cpp
        rf"\bn_ctx\b\W{{0,4}}{_N}",  # llama.cpp, beside its message
        rf"\blimit:? {_N}, requested",  # Groq, of a minute
    )
)


def is_too_long(error: BaseException) -> bool:
    """Whether the provider says that the request does not fit into the model's window."""
    return failures.too_long(error) or (failures.is_bad_request(error) and limit_in(error) is not None)


def limit_in(error: BaseException) -> int | None:
    """Tokens that a request may hold, where the refusal says it."""
    body = failures.refusal_text(error)
    found = next((match for match in (pattern.search(body) for pattern in _LIMITS) if match), None)
    return int(re.sub(r"\D", "", found[1])) if found else None
