"""Turns what the model libraries raise into our errors, in words for a person, without secrets."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import httpx2
import openai
from pydantic_ai import exceptions

from ..core.errors import (
    ModelUnavailable,
    ProviderError,
    ProviderTimeout,
    PymolcodeError,
    RateLimited,
    Rejected,
    StreamBroken,
)
from ..masking import mask_answer
from . import refusals
from .patience import asked_wait_s
from .refusals import Kind

_MAX_DETAIL = 300
_MAX_BODY = 100_000
_FIRST_REFUSAL = _BAD_REQUEST = 400
_LIBRARIES = ("openai", "anthropic", "google")
_MINUTES_FROM_S, _HOURS_FROM_S = 120, 7200
# What pydantic-ai says of an answer without content: of an endpoint that is no model's, or a model with nothing to say.
_NOTHING = ("ended without content", "output retries")
_HINTS = {
    Kind.TOO_LONG: "The conversation is too long for it; start a new chat.",
    Kind.USED_UP: "The account has no credit or quota left there; add some, or use another model.",
    Kind.UNSAFE: "Its filter of contents refused; ask in other words, or use another model.",
    Kind.WRONG_KEY: "Check the key, or sign in again.",
    Kind.NOT_ALLOWED: "Check that the key may use this model.",
    Kind.NO_SUCH_MODEL: "Check the model's name and the base URL.",
    Kind.OVERLOADED: "Send again later, or use another model.",
    Kind.RATE_LIMITED: "Wait a little, or use another model.",
    Kind.BROKEN: "Send again later.",
    Kind.OTHER: "",
}
_DID = {Kind.OVERLOADED: "is overloaded", Kind.RATE_LIMITED: "is asked too often", Kind.BROKEN: "failed"}
_ABOUT_KEYS = frozenset({Kind.WRONG_KEY, Kind.NOT_ALLOWED})
# Where the answer's own says nothing, or something else: Gemini refuses a wrong key with 400, xAI an empty account with
# 403, and inside an answer there is none.
_STATUS_OF = {
    Kind.TOO_LONG: 413, Kind.USED_UP: 402, Kind.UNSAFE: 400, Kind.WRONG_KEY: 401, Kind.NOT_ALLOWED: 403,
    Kind.NO_SUCH_MODEL: 404, Kind.OVERLOADED: 503, Kind.RATE_LIMITED: 429, Kind.BROKEN: 500, Kind.OTHER: 400,
}  # fmt: skip
# The account at another vendor may have credit, and another model other limits; a wrong key stays to be seen.
_ANOTHER_MAY = refusals.MOMENTARY | {Kind.USED_UP}
# llama.cpp and Ollama fail with a 500 at a picture that the model cannot see; only words tell that from a bad moment.
_PICTURE = re.compile(r"image|picture|vision|multi-?modal|mmproj", re.IGNORECASE)


def explained(error: BaseException, *, model: str, source: str = "") -> PymolcodeError:
    """Our error for any exception of a turn; our own errors are returned as they are.

    Args:
        error: What was raised.
        model: Its name, for people.
        source: Where the model and its key came from, for a refusal of the key.
    """
    ours = next((cause for cause in _causes(error) if isinstance(cause, PymolcodeError)), None)
    if ours is not None:
        return ours
    if isinstance(error, exceptions.UsageLimitExceeded):
        return ProviderError(
            f"{model} did not come to an end within the requests one turn may make (request_limit).",
            hint="What it did stands; undo it or ask for less at a time.",
        )
    refusal = _refusal(error)
    if refusal is not None and refusal.kind is not None:
        return _refused(refusal, refusal.kind, model, source)
    by_network = _network_failure(error, model)
    if by_network is not None:
        return by_network
    if isinstance(error, exceptions.UnexpectedModelBehavior) and "max retries" in str(error):
        return ProviderError(
            f"{model} keeps calling a tool that does not exist, or in a way that does not fit.",
            hint="Ask in other words, or use another model.",
        )
    if isinstance(error, exceptions.UnexpectedModelBehavior) and any(words in str(error) for words in _NOTHING):
        return ProviderError(
            f"{model} gave an empty answer.",
            hint="Send again; if it stays so, check the model's name and the base URL.",
        )
    if isinstance(error, exceptions.UnexpectedModelBehavior):
        return ProviderError(f"{model} answered something that makes no sense: {_short(error)}", hint="Send again.")
    if isinstance(error, (exceptions.ModelAPIError, openai.APIError)):
        return StreamBroken(f"{model} failed: {_short(error)}", hint="Send again.")
    return ProviderError(f"{model} failed: {type(error).__name__}: {_short(error)}", hint="Send again.")


def _network_failure(error: BaseException, model: str) -> PymolcodeError | None:
    for cause in _causes(error):
        if isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout)):
            return ModelUnavailable(f"{model} cannot be reached.", hint="Check the network and the base URL.")
        if isinstance(cause, (httpx2.TimeoutException, openai.APITimeoutError)):
            return ProviderTimeout(f"{model} did not answer in time.", hint="Send again.")
        if isinstance(cause, (httpx2.TransportError, openai.APIConnectionError)):
            return StreamBroken(f"The connection to {model} broke in the middle.", hint="Send again to go on.")
    return None


@dataclass(frozen=True)
class _Refusal:
    """What the provider answered in place of the model, before the answer or inside it.

    Attributes:
        kind: None where it does not say why, so that it may be anything.
        status: None where it came inside the answer.
    """

    kind: Kind | None
    status: int | None
    body: object
    wait_s: float | None


def _refusal(error: BaseException) -> _Refusal | None:
    """What the libraries keep of it with their errors, in their various ways; None where it is no refusal."""
    causes = _causes(error)
    if not isinstance(error, exceptions.ModelAPIError) and not any(_is_vendors(cause) for cause in causes):
        blocked = getattr(exceptions, "ContentFilterError", None)
        filtered = blocked is not None and isinstance(error, blocked)
        return _Refusal(Kind.UNSAFE, None, _short(error), None) if filtered else None
    status = next((code for cause in causes if (code := _status(cause)) is not None), None)
    body = next((body for cause in causes if (body := _body(cause))), None)
    said = body if body is not None or status is not None else str(error)[:_MAX_BODY]
    kind = refusals.kind_of(status, said)
    if status is None and kind is Kind.OTHER:
        return _Refusal(None, None, said, None)
    return _Refusal(kind, status, said, _wait_s(causes, body))


def _is_vendors(error: BaseException) -> bool:
    """Whether it is of a vendor's library, which older pydantic-ai lets out of a stream as it is."""
    return type(error).__module__.partition(".")[0] in _LIBRARIES or _status(error) is not None


def _status(error: BaseException) -> int | None:
    """`status_code` of pydantic-ai, OpenAI and Anthropic, `code` of google-genai; that of the answer says nothing."""
    for name in ("status_code", "code"):
        status = getattr(error, name, None)
        if isinstance(status, int) and status >= _FIRST_REFUSAL:
            return status
    return None


def _body(error: BaseException) -> object:
    return getattr(error, "body", None) or getattr(error, "details", None)


def _wait_s(causes: list[BaseException], body: object) -> float | None:
    responses = (getattr(cause, "response", None) for cause in causes)
    found = next((headers for item in responses if (headers := getattr(item, "headers", None)) is not None), None)
    return asked_wait_s(found if found is not None else {}, body)


def _refused(refusal: _Refusal, kind: Kind, model: str, source: str) -> PymolcodeError:
    detail = mask_answer(_said(refusal.body))[:_MAX_DETAIL]
    hint = _HINTS[kind]
    if kind in _ABOUT_KEYS and source:
        hint = f"{hint} ({source})"
    status = f" ({refusal.status})" if refusal.status is not None else ""
    message = _sentence(f"{model} {_DID.get(kind, 'refused the request')}{status}{': ' if detail else ''}{detail}")
    if kind is Kind.RATE_LIMITED:
        if refusal.wait_s is not None:
            hint = f"It asks to wait {_duration(refusal.wait_s)}. {hint}"
        return RateLimited(message, retry_after_s=refusal.wait_s, hint=hint)
    own = refusal.status if kind not in (Kind.WRONG_KEY, Kind.USED_UP) else None
    return Rejected(message, status=own or _STATUS_OF[kind], hint=hint)


def _duration(seconds: float) -> str:
    if seconds < _MINUTES_FROM_S:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < _HOURS_FROM_S else f"{seconds / 3600:,.0f} h"


def too_long(error: BaseException) -> bool:
    """Whether the provider says that the request does not fit into the model's window."""
    return _kind(error) is Kind.TOO_LONG


def is_bad_request(error: BaseException) -> bool:
    """Whether the provider calls the request itself wrong, whatever it says of it."""
    refusal = _refusal(error)
    return refusal is not None and refusal.status == _BAD_REQUEST


def refusal_text(error: BaseException) -> str:
    """All that a refusal holds; empty where it is none."""
    refusal = _refusal(error)
    if refusal is None:
        return ""
    return refusal.body if isinstance(refusal.body, str) else json.dumps(refusal.body, default=str)


def may_be_the_picture(error: BaseException) -> bool:
    """Whether a request with a picture may have been refused because of that, and will be each time."""
    refusal = _refusal(error)
    if refusal is None:
        return False
    unclear = refusal.kind in (None, Kind.BROKEN) and _PICTURE.search(_said(refusal.body)) is not None
    return refusal.kind is Kind.OTHER or unclear


def another_may_answer(error: BaseException) -> bool:
    """Whether this is about the provider's moment or the account there, not about the request."""
    if any(isinstance(cause, PymolcodeError) for cause in _causes(error)):
        return isinstance(error, (ModelUnavailable, ProviderTimeout, RateLimited, StreamBroken))
    return _kind(error) in _ANOTHER_MAY or _network_failure(error, "") is not None


def momentary_inside(error: BaseException) -> bool:
    """Whether it was refused for the moment inside an answer, where the HTTP client (`patience`) cannot see that."""
    statuses = (getattr(getattr(cause, "response", None), "status_code", None) for cause in _causes(error))
    by_http = any(isinstance(status, int) and status >= _FIRST_REFUSAL for status in statuses)
    return not by_http and _kind(error) in refusals.MOMENTARY


def _kind(error: BaseException) -> Kind | None:
    refusal = _refusal(error)
    return refusal.kind if refusal is not None else None


def _said(body: object) -> str:
    """The sentence in a refusal, which servers wrap in different ways; all of it where there is none."""
    inner = body
    while isinstance(inner, dict):
        inner = next((inner[key] for key in ("error", "message", "detail") if inner.get(key)), None)
    return inner if isinstance(inner, str) else str(body or "")


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what caused it; the innermost first, because it is the most exact."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain[::-1]


def _short(error: BaseException) -> str:
    return _sentence(mask_answer(" ".join(str(error).split()))[:_MAX_DETAIL])


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
