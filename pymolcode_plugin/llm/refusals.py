"""Tells why a provider refused, from the status and the body of its answer; knows the vendors' words, asks nobody.

Statuses alone do not say it: an account without credit is a 429 at OpenAI, Z.ai and xAI, a 402 at DeepSeek, OpenRouter
and Hugging Face, a 400 at Anthropic; and what goes wrong after the first byte comes with a 200. The table of real
answers is `tests/llm/test_refusals.py`.

Source: https://developers.openai.com/api/docs/guides/error-codes, https://platform.claude.com/docs/en/api/errors,
https://ai.google.dev/gemini-api/docs/troubleshooting, https://openrouter.ai/docs/api/reference/errors-and-debugging,
https://docs.z.ai/api-reference/api-code, https://api-docs.deepseek.com/quick_start/error_codes,
https://console.groq.com/docs/errors
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator


class Kind(enum.Enum):
    """Why a request was refused.

    TOO_LONG: It does not fit into the model's window, or into what a minute may hold.
    USED_UP: The account's credit or quota; waiting for a moment does not help.
    UNSAFE: A filter of contents.
    WRONG_KEY: The key or token is none, or is no longer one.
    NOT_ALLOWED: The key is one, and may not do this.
    NO_SUCH_MODEL: Nor a deployment of that name.
    OVERLOADED: The provider or the model, for a moment.
    RATE_LIMITED: Too much of this account's, for a moment.
    BROKEN: The provider's own error.
    OTHER: Something in the request.
    """

    TOO_LONG = "too long"
    USED_UP = "used up"
    UNSAFE = "unsafe"
    WRONG_KEY = "wrong key"
    NOT_ALLOWED = "not allowed"
    NO_SUCH_MODEL = "no such model"
    OVERLOADED = "overloaded"
    RATE_LIMITED = "rate limited"
    BROKEN = "broken"
    OTHER = "other"


MOMENTARY = frozenset({Kind.OVERLOADED, Kind.RATE_LIMITED, Kind.BROKEN})

# What a status says where nothing else does.
_BY_STATUS = {
    401: Kind.WRONG_KEY, 402: Kind.USED_UP, 403: Kind.NOT_ALLOWED, 404: Kind.NO_SUCH_MODEL, 408: Kind.BROKEN,
    413: Kind.TOO_LONG, 429: Kind.RATE_LIMITED, 503: Kind.OVERLOADED, 529: Kind.OVERLOADED,
}  # fmt: skip
_FIRST_REFUSAL, _FIRST_BROKEN, _LAST = 400, 500, 600

# Values of `code`, `type`, `status` and `reason`, as they stand in the answers. Z.ai's and Mistral's are numbers.
_BY_CODE = {
    Kind.TOO_LONG: """
        context_length_exceeded exceed_context_size_error context_exceeded request_too_large
        model_max_prompt_tokens_exceeded 1261""",
    Kind.USED_UP: """
        insufficient_quota billing_hard_limit_reached billing_not_active billing_error credit_balance_exhausted
        organization_spend_limit_exceeded project_spend_limit_exceeded organization_usage_limit_exceeded
        usage_limit_reached usage_not_included quota_exceeded exceeded_current_quota_error payment_required
        1113 1308 1309 1310 1311 1313 1314 1315 1316 1317 1318 1319 1320 1321""",
    Kind.UNSAFE: """
        content_filter content_policy_violation responsibleaipolicyviolation prohibited_content 1301""",
    Kind.WRONG_KEY: """
        invalid_api_key api_key_invalid authentication_error unauthenticated wrong_api_key 1000 1001 1002 1003 1004""",
    Kind.NO_SUCH_MODEL: """
        model_not_found model_not_supported model_decommissioned deploymentnotfound not_found_error not_found
        invalid_model 1211 1500""",
    Kind.OVERLOADED: """
        overloaded_error overloaded server_is_overloaded slow_down unavailable service_unavailable
        service_unavailable_error engine_overloaded service_tier_capacity_exceeded 1305 3505""",
    Kind.RATE_LIMITED: """
        rate_limit_error rate_limit_exceeded rate_limited resource_exhausted too_many_requests ratelimitreached
        1300 1302 1303""",
    Kind.BROKEN: "server_error api_error internal_server_error internal timeout_error deadline_exceeded",
}
_CODES = {code: kind for kind, codes in _BY_CODE.items() for code in codes.split()}

# Sentences, where a vendor has no code of its own for it.
_BY_WORDS = {
    Kind.USED_UP: r"credit balance is too low|insufficient (balance|credits?|funds)|requires more credits"
    r"|run out of credits|used all available credits|monthly (spending limit|included credits)|limit: 0\b"
    r"|free-models-per-day|enable billing|\u4f59\u989d\u4e0d\u8db3|\u6b20\u8d39",  # Z.ai: no balance; in arrears
    Kind.UNSAFE: r"content exists risk|content (management policy|filter)|flagged (as|for)|was flagged"
    r"|usage (policy|guidelines)|requires moderation|safety (system|check|setting)",
    Kind.TOO_LONG: r"context.{0,20}(length|window|size|limit)|n_ctx|prompt is too long|too many (input )?tokens"
    r"|maximum (prompt length|number of tokens)|maximum.{0,20}tokens|token count.{0,30}exceeds"
    r"|request too large|reduce the length|too large for model with \d+ maximum context",
    Kind.WRONG_KEY: r"(incorrect|invalid|wrong) api key|api key not valid|api key.{0,20}(is )?(invalid|expired)",
    Kind.NO_SUCH_MODEL: r"no endpoints found for|not a valid model|model.{0,80}(does not exist|not found|not exist)"
    r"|invalid model\b|not supported by any provider|no models? (is )?loaded",
    Kind.OVERLOADED: r"overloaded|over capacity|capacity exceeded|at capacity|temporarily unavailable|server (is )?busy"
    r"|high demand|loading model",
    Kind.RATE_LIMITED: r"rate limit|too many requests",
}
_WORDS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _BY_WORDS.items()}
# In the order in which they are believed: the exact before the general.
_ORDER = (
    Kind.USED_UP, Kind.UNSAFE, Kind.TOO_LONG, Kind.WRONG_KEY, Kind.NO_SUCH_MODEL, Kind.OVERLOADED, Kind.RATE_LIMITED,
    Kind.BROKEN,
)  # fmt: skip
# What stands in these fields is the vendor's; in others may be what the user wrote (`flagged_input`).
_CODE_FIELDS = ("code", "type", "status", "reason", "error_type")
_SENTENCE_FIELDS = ("message", "detail", "raw", "error", "msg")
_PLACES = ("error", "innererror", "details", "metadata", "violations", "raw", "response")
_DEEPEST = 6


def kind_of(status: int | None, body: object) -> Kind:
    """Why it was refused.

    Args:
        status: Of the answer; None, or below 400, where the refusal came inside the stream.
        body: As parsed, or as text or bytes, with or without the `error` around it.
    """
    body = _parsed(body)
    codes, sentences = set[str](), list[str]()
    _collect(body, codes, sentences)
    told = _status(status, codes)
    by_status = _by_status(told)
    found = {kind for code in codes if (kind := _CODES.get(code)) is not None}
    found |= {kind for kind, words in _WORDS.items() if any(words.search(text) for text in sentences)}
    found |= {by_status} if by_status is not None else set()
    # 402 whatever it says; Gemini's daily quota has the words of that of a minute.
    if told == 402 or any("perday" in code for code in codes):
        return Kind.USED_UP
    if "flagged" in codes:
        return Kind.UNSAFE
    if "cannot" in codes:
        return Kind.OTHER
    # A refusal for good has a status of its own, so "overloaded" in its words is about something else.
    momentary = told is None or told in (408, 409, 429) or told >= _FIRST_BROKEN
    for kind in _ORDER:
        if kind in found and (momentary or kind not in MOMENTARY):
            return kind
    return by_status or Kind.OTHER


def _by_status(status: int | None) -> Kind | None:
    if status is None:
        return None
    return _BY_STATUS.get(status, Kind.BROKEN if _FIRST_BROKEN <= status < _LAST else None)


def _status(status: int | None, codes: set[str]) -> int | None:
    """The status of the answer, or that which the error inside an answer has as its code."""
    if status is not None and status >= _FIRST_REFUSAL:
        return status
    inside = [int(code) for code in codes if code.isdigit() and _FIRST_REFUSAL <= int(code) < _LAST]
    return inside[0] if inside else None


def _parsed(body: object) -> object:
    if isinstance(body, (bytes, bytearray)):
        body = bytes(body).decode("utf-8", "replace")
    if isinstance(body, str):
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return body
    return body


def _collect(value: object, codes: set[str], sentences: list[str], depth: int = 0) -> None:
    """Codes, in lower case, and sentences of an error in whatever it is wrapped."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        sentences.append(value)
    elif isinstance(value, list):
        for item in value:
            _collect(item, codes, sentences, depth + 1)
    elif isinstance(value, dict):
        codes.update(_codes(value))
        sentences += [text for field in _SENTENCE_FIELDS if isinstance(text := value.get(field), str)]
        for place in _PLACES:
            inner = value.get(place)
            _collect(_parsed(inner) if place == "raw" else inner, codes, sentences, depth + 1)


def _codes(value: dict[str, object]) -> Iterator[str]:
    for field in _CODE_FIELDS:
        code = value.get(field)
        if isinstance(code, (str, int)) and not isinstance(code, bool):
            yield str(code).lower()
    if "flagged_input" in value or "reasons" in value:  # OpenRouter's moderation
        yield "flagged"
    quota = value.get("quotaId")
    if isinstance(quota, str):
        yield quota.lower()
    message = value.get("message")
    if isinstance(message, str) and "no endpoints found that" in message.lower():  # OpenRouter's, with a 404
        yield "cannot"
