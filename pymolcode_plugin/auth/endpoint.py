"""Requests to the addresses of a sign-in: encrypted, bounded, no redirects, and errors that repeat no secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

from ..address import on_this_machine
from ..clients import new_client
from ..core import tasks
from ..core.errors import SignInFailed
from ..masking import MASK, hide, mask_answer

T = TypeVar("T")

_LIMIT_S = 30.0
_MAX_BYTES = 256 * 1024
_MAX_CHARS = 200
_HEADERS = {"User-Agent": "pymolcode", "Accept": "application/json", "Accept-Encoding": "identity"}
# Values of these never come back in an error, whatever a server puts into its answer.
_SECRET_FIELDS = frozenset({"code", "code_verifier", "client_secret", "refresh_token", "device_code", "token"})
_CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client", "incorrect_client_credentials"})


class Unreachable(SignInFailed):
    """No answer, or one that says to come back: the same request may work later."""


class Refused(SignInFailed):
    """The server said no.

    Attributes:
        code: The `error` of RFC 6749, e.g. `invalid_grant`; empty where it gave none.
    """

    def __init__(self, message: str, *, code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """Status and JSON object of an answer; empty where it was none. Holds secrets, shows none."""

    host: str
    status: int
    data: Mapping[str, object] = field(repr=False)

    @property
    def error(self) -> str:
        """The `error` of RFC 6749, which some servers send with status 200."""
        found = self.data.get("error")
        return found if isinstance(found, str) else ""


async def client() -> httpx2.AsyncClient:
    """A client for some requests; made in a worker thread, because reading the certificates takes a while."""
    return await asyncio.to_thread(lambda: new_client(timeout=_LIMIT_S, headers=_HEADERS, follow_redirects=False))


def need_safe(url: str) -> str:
    """`url` if what is sent there is encrypted or stays on this machine.

    Raises:
        SignInFailed: It does neither.
    """
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError, ValueError):
        raise SignInFailed("An address of this sign-in cannot be read.") from None
    if parsed.userinfo or not parsed.host:
        raise SignInFailed("An address of this sign-in has no host, or a password in it.")
    if parsed.scheme != "https" and not on_this_machine(url):
        raise SignInFailed(f"The address of {parsed.host} is not encrypted (https); nothing was sent.")
    return url


async def post_form(
    http: httpx2.AsyncClient, url: str, form: Mapping[str, str], *, auth: tuple[str, str] | None = None
) -> Answer:
    """POST as a form; `auth` goes in the header.

    Raises:
        Unreachable: No answer, or 429 or 5xx.
        SignInFailed: The address is not encrypted, or the answer is no answer to this.
    """
    basic = httpx2.BasicAuth(*auth) if auth else None
    hide(*_secrets(form))
    return await _send(http, http.build_request("POST", need_safe(url), data=dict(form)), auth=basic)


async def post_json(http: httpx2.AsyncClient, url: str, body: Mapping[str, str]) -> Answer:
    """POST as JSON; raises as `post_form` does."""
    hide(*_secrets(body))
    return await _send(http, http.build_request("POST", need_safe(url), json=dict(body)))


async def get(http: httpx2.AsyncClient, url: str, *, bearer: str = "") -> Answer:
    """GET; raises as `post_form` does."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return await _send(http, http.build_request("GET", need_safe(url), headers=headers))


async def _send(http: httpx2.AsyncClient, request: httpx2.Request, *, auth: httpx2.Auth | None = None) -> Answer:
    host = request.url.host
    try:
        status, body = await within(_LIMIT_S, _read(http, request, auth), name="auth.request")
    except (asyncio.TimeoutError, httpx2.TimeoutException):
        raise Unreachable(f"{host} did not answer in time.", hint="Try again later.") from None
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise Unreachable(f"{host} cannot be reached ({type(error).__name__}).", hint=_way_out(error)) from None
    if 300 <= status < 400:
        raise SignInFailed(f"{host} redirects (status {status}); what was to be sent stays here.")
    if status >= 500 or status == 429:
        raise Unreachable(f"{host} answered with status {status}.", hint="Try again later.")
    return Answer(host, status, _object(body))


async def _read(http: httpx2.AsyncClient, request: httpx2.Request, auth: httpx2.Auth | None) -> tuple[int, bytes]:
    response = await http.send(request, stream=True, auth=auth, follow_redirects=False)
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise SignInFailed(f"{request.url.host} sent more than a sign-in needs; it was not read.")
    finally:
        await response.aclose()
    return response.status_code, bytes(body)


def _way_out(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "Its certificate is not trusted here; the setting `ca_file` names further ones."
    return "Check the connection and the proxy."


def _object(body: bytes) -> Mapping[str, object]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def refusal(answer: Answer, sent: Mapping[str, str] | None = None) -> Refused:
    """What the server said, in one line, without what was sent to it."""
    said = ": ".join(text for text in (answer.error, _text(answer.data.get("error_description"))) if text)
    what = one_line(said, _secrets(sent or {})) or f"status {answer.status} without a reason"
    hint = "Check the client id, and its secret." if answer.error in _CLIENT_ERRORS else ""
    return Refused(f"{answer.host} refused: {what}.", code=answer.error, hint=hint)


def _secrets(sent: Mapping[str, str]) -> list[str]:
    return [value for name, value in sent.items() if name in _SECRET_FIELDS]


def one_line(text: str, secrets: Iterable[str] = ()) -> str:
    """Text of a server as a person may read it: masked, printable, short."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    text = " ".join("".join(char if char.isprintable() else " " for char in mask_answer(text)).split())
    return (text if len(text) <= _MAX_CHARS else text[: _MAX_CHARS - 1] + "…").rstrip(".")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


async def within(limit_s: float, coroutine: Coroutine[Any, Any, T], *, name: str) -> T:
    """What `coroutine` returns, if in time; unlike `asyncio.wait_for` before 3.12 it never loses a cancellation.

    Raises:
        asyncio.TimeoutError: It was not in time, and was cancelled.
    """
    task = tasks.spawn(coroutine, name=name, on_error=lambda _error: None)  # whoever waits gets it
    try:
        await asyncio.wait({task}, timeout=limit_s)
        in_time = task.done()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if not in_time:
        raise asyncio.TimeoutError
    return task.result()
