"""Turns what the model libraries raise into our errors, in words for a person, without secrets."""

from __future__ import annotations

import re

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

_MAX_DETAIL = 300
# What pydantic-ai says of an answer without content: of an endpoint that is no model's, or a model with nothing to say.
_ABOUT_KEYS = (401, 403)
_OVERLOADED = (503, 529)
_FOR_NOW = (408, 429)
# How OpenAI, Anthropic, Gemini, Mistral, xAI and llama.cpp say it.
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|prompt is too long|too many (input )?tokens|maximum.{0,20}tokens"
    r"|token count.{0,30}exceeds|exceeds the (available|maximum) context",
    re.IGNORECASE,
)
_NOTHING = ("ended without content", "output retries")
_HINTS = {
    401: "Check the key, or sign in again.",
    403: "Check that the key may use this model.",
    404: "Check the model's name and the base URL.",
    413: "The conversation is too long for it; start a new chat.",
    429: "Wait a little, or use another model.",
}


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
    if isinstance(error, exceptions.ModelHTTPError):
        return _refused(error, model, source)
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


def _refused(error: exceptions.ModelHTTPError, model: str, source: str) -> PymolcodeError:
    detail = mask_answer(_said(error.body))[:_MAX_DETAIL]
    status = error.status_code
    hint = _HINTS.get(status, "Send again later." if status >= httpx2.codes.INTERNAL_SERVER_ERROR else "")
    if status in _ABOUT_KEYS and source:
        hint = f"{hint} ({source})"
    if too_long(error):
        hint = _HINTS[413]
    did = "is overloaded" if status in _OVERLOADED else "refused the request"
    message = _sentence(f"{model} {did} ({status}){': ' if detail else ''}{detail}")
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        wait_s = _retry_after_s(error)
        if wait_s is not None:
            hint = f"It asks to wait {wait_s:,.0f} s. {hint}"
        return RateLimited(message, retry_after_s=wait_s, hint=hint)
    return Rejected(message, status=status, hint=hint)


def too_long(error: BaseException) -> bool:
    """Whether the provider says that the request does not fit into the model's window."""
    if not isinstance(error, exceptions.ModelHTTPError):
        return False
    return error.status_code == 413 or (error.status_code == 400 and bool(_TOO_LONG.search(_said(error.body))))


def another_may_answer(error: BaseException) -> bool:
    """Whether this is about the provider's moment, not about the request, so that another model may do."""
    if isinstance(error, exceptions.ModelHTTPError):
        return error.status_code in _FOR_NOW or error.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR
    if any(isinstance(cause, PymolcodeError) for cause in _causes(error)):
        return isinstance(error, (ModelUnavailable, ProviderTimeout, RateLimited, StreamBroken))
    return _network_failure(error, "") is not None


def _retry_after_s(error: BaseException) -> float | None:
    """What the answer's header says, which the libraries keep with their own error."""
    for cause in _causes(error):
        response = getattr(cause, "response", None)
        value = getattr(response, "headers", {}).get("retry-after") if response is not None else None
        try:
            return float(value) if value else None
        except ValueError:
            return None  # a date; the clock here may be another
    return None


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
