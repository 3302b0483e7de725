"""The one rule by which a request to a model is made again; the vendors' libraries make none of their own.

Made again is what a moment later may go well: no connection, or one that broke before the answer began, and refusals
for the moment. How long to wait the provider says, else twice as long each time. What asks for more than the limit is
given back at once, so that its time can be told or another model tried. Once an answer began nothing is repeated.
"""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import itertools
import json
import math
import random
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from . import refusals
from .refusals import Kind

Tell = Callable[[str, float], None]

_FIRST_REFUSAL = 400
# Others, as 409 of a lock, where `x-should-retry` says so.
_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 529})
_BRIEFLY = frozenset({500})  # more often than not it is the same each time: a local server's template, a broken model
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 8.0
_JITTER = 0.25
_MAX_BODY = 100_000
_TOLD_FROM_S = 2.0  # a shorter wait is not worth a line
# "Please try again in 1m47.5854s", "Please retry after 6 seconds", "try again in 20ms"
_IN_WORDS = re.compile(
    r"(?:try again|retry) (?:in|after) (?=\d)"
    r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m(?!s))?(?:(?P<s>\d+(?:\.\d+)?) ?(?P<unit>ms|s))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Patience:
    """How often and how long; the rest is for tests, which do not wait.

    Attributes:
        limit_s: All waits of a request together.
        n_again: Further tries where it was refused for the moment.
        n_briefly: Further tries where there is no connection, or an error of the provider's own.
        sleep: Waits; whoever cancels the task ends it.
        now: Seconds since 1970, for a date that the provider names.
        chance: 0..1; so that not everybody comes back at once.
    """

    limit_s: float = 30.0
    n_again: int = 5
    n_briefly: int = 2
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random

    def wait_s(self, number: int, asked_s: float | None, waited_s: float, *, briefly: bool) -> float | None:
        """Before the further try of that number, from 0; None where there is none."""
        if number >= (self.n_briefly if briefly else self.n_again):
            return None
        # What the provider asks for is the least; ours may be a little shorter.
        ours = min(_FIRST_WAIT_S * 2**number, _LONGEST_WAIT_S) * (1 - _JITTER * self.chance())
        wait_s = asked_s * (1 + _JITTER / 10 * self.chance()) if asked_s else ours
        return wait_s if waited_s + wait_s <= self.limit_s else None


DEFAULT = Patience()


class PatientClient(httpx2.AsyncClient):
    """A client that keeps to the rule; each try is authorised, and shown to the hooks, by itself.

    Args:
        tell: Told why it waits and for how long, in seconds, once for a request, and not of a short wait.
        patience: How long; `DEFAULT` at the time of each request unless it is given.
        options: Of `httpx2.AsyncClient`.
    """

    def __init__(self, *, tell: Tell | None = None, patience: Patience | None = None, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._tell = tell
        self._patience = patience

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:  # noqa: ANN401
        """As the client's own; the answer is the last one, its body read where it is a refusal for the moment."""
        patience = self._patience or DEFAULT
        waited_s, told = 0.0, False
        for number in itertools.count():
            try:
                response = await super().send(request, stream=stream, **options)
                if response.status_code < _FIRST_REFUSAL:
                    return response
                why, wait_s = await _after_refusal(response, patience, number, waited_s)
                if wait_s is None:
                    return response
            except httpx2.TransportError as error:
                wait_s = patience.wait_s(number, None, waited_s, briefly=True) if _may_come_back(error) else None
                if wait_s is None:
                    raise
                why = "cannot be reached" if isinstance(error, _NO_CONNECTION) else "broke the connection"
            waited_s += wait_s
            if self._tell is not None and not told and waited_s >= _TOLD_FROM_S:
                told = True
                self._tell(why, wait_s)
            await patience.sleep(wait_s)
        raise AssertionError("the tries have an end")


_NO_CONNECTION = (httpx2.ConnectError, httpx2.ConnectTimeout)


def _may_come_back(error: httpx2.TransportError) -> bool:
    """Not where it was silent for minutes, nor where its certificate is not trusted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return False
        cause = cause.__cause__ or cause.__context__
    return isinstance(error, (*_NO_CONNECTION, httpx2.NetworkError, httpx2.RemoteProtocolError))


async def _after_refusal(
    response: httpx2.Response, patience: Patience, number: int, waited_s: float
) -> tuple[str, float | None]:
    """Why it was refused, in words, and how long to wait; None where it is not asked again."""
    status = response.status_code
    may = {"true": True, "false": False}.get(response.headers.get("x-should-retry", "").strip().lower())
    if may is False or (status not in _STATUSES and not may):
        return "", None
    body = await response.aread()  # whoever gets the response reads the same again
    kind = refusals.kind_of(status, body[:_MAX_BODY])
    if kind not in refusals.MOMENTARY and not (may and kind is Kind.OTHER):
        return "", None
    asked_s = asked_wait_s(response.headers, body[:_MAX_BODY], now=patience.now)
    wait_s = patience.wait_s(number, asked_s, waited_s, briefly=status in _BRIEFLY and asked_s is None)
    if wait_s is not None:
        await response.aclose()
    did = {Kind.OVERLOADED: "is overloaded", Kind.RATE_LIMITED: "asks to slow down"}.get(kind, "failed")
    return f"{did} ({status})", wait_s


def asked_wait_s(headers: Mapping[str, str], body: object, *, now: Callable[[], float] = time.time) -> float | None:
    """Seconds the provider asks to wait; None where it says nothing of that.

    Args:
        headers: With names in any case where they are of httpx2, else in lower case.
        body: As parsed, or as text or bytes: Gemini says it there, others in their sentence only.
        now: Seconds since 1970.
    """
    by_header = _by_header(headers, now)
    if by_header is not None:
        return by_header
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    if not isinstance(text, str):
        text = json.dumps(text, default=str)
    delay = re.search(r'"retryDelay": ?"(\d+(?:\.\d+)?)s"', text)
    if delay is not None:
        return _seconds(delay[1])
    return _in_words(text)


def _by_header(headers: Mapping[str, str], now: Callable[[], float]) -> float | None:
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        seconds = _seconds(value) if value else None
        if seconds is not None:
            return seconds / divisor
    try:
        date = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
        date = date if date.tzinfo is not None else date.replace(tzinfo=datetime.timezone.utc)
        return max(0.0, date.timestamp() - now())
    except (TypeError, ValueError, OverflowError):
        return None


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _in_words(text: str) -> float | None:
    found = _IN_WORDS.search(text)
    if found is None or not any(found.group("h", "m", "s")):
        return None
    seconds = float(found["s"] or 0) / (1000 if (found["unit"] or "").lower() == "ms" else 1)
    return int(found["h"] or 0) * 3600 + int(found["m"] or 0) * 60 + seconds
