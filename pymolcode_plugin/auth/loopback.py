"""Takes the one answer that a browser brings back to this computer (RFC 8252), and shows how the sign-in ended."""

from __future__ import annotations

import asyncio
import contextlib
import html
import secrets
import string
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ..config import paths
from ..core.errors import SignInFailed

_HOST = "127.0.0.1"  # not "localhost", which may resolve to somewhere else (RFC 8252, 8.3)
_READ_S = 10.0
_END_S = 2.0
_MAX_HEAD = 16 * 1024
_MAX_FIELDS = 20


@dataclass(frozen=True)
class Page:
    """What the browser shows at the end."""

    title: str
    text: str


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    host: str
    query: str


class Loopback:
    """Listens for the answer to one request. Anything else gets a plain 4xx and changes nothing.

    Attributes:
        redirect_uri: Where the browser is to be sent.
    """

    def __init__(self, path: str, port: int, state: str) -> None:
        self.redirect_uri = f"http://{_HOST}:{port}{path}"
        self._path = path
        self._host = f"{_HOST}:{port}"
        self._state = state
        loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[dict[str, str]] = loop.create_future()
        self._page: asyncio.Future[Page] = loop.create_future()
        self._open: set[asyncio.Task[None]] = set()

    async def answer(self, limit_s: float) -> Mapping[str, str]:
        """The parameters that came; the browser waits from then on for `show`.

        Raises:
            SignInFailed: None came in time.
        """
        await asyncio.wait({self._answer}, timeout=limit_s)
        if not self._answer.done():
            raise SignInFailed(
                f"Nobody signed in in the browser within {limit_s / 60:.0f} minutes.", hint="Start the sign-in again."
            )
        return self._answer.result()

    def show(self, page: Page) -> None:
        """What the browser that brought the answer gets; the first one counts."""
        if not self._page.done():
            self._page.set_result(page)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one answer."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # streams run this in a task
        self._open.add(task)
        too_late = asyncio.get_running_loop().call_later(_READ_S, writer.transport.abort)
        try:
            request = _parsed(await reader.readuntil(b"\r\n\r\n"))
            too_late.cancel()
            writer.write(await self._response(request))
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # a browser that thought better of it, a port scan
        finally:
            too_late.cancel()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._open.discard(task)

    async def _response(self, request: _Request | None) -> bytes:
        if request is None or request.host != self._host or request.method != "GET":
            return _plain("400 Bad Request")
        if not secrets.compare_digest(request.path.encode(), self._path.encode()):
            return _plain("404 Not Found")
        answer = _answered(request.query)
        if answer is None or self._answer.done() or not self._has_state(answer):
            return _plain("400 Bad Request")
        self._answer.set_result(answer)
        return _shown(await asyncio.shield(self._page))

    def _has_state(self, answer: Mapping[str, str]) -> bool:
        return not self._state or secrets.compare_digest(answer.get("state", "").encode(), self._state.encode())

    async def end(self) -> None:
        """Let the browser have its page, and every other connection go."""
        self.show(Page("Not signed in", "The sign-in was stopped. You can close this tab."))
        if self._open:
            await asyncio.wait(self._open, timeout=0 if not self._answer.done() else _END_S / 2)
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=_END_S / 2)


@contextlib.asynccontextmanager
async def listening(path: str, *, port: int = 0, state: str = "") -> AsyncIterator[Loopback]:
    """Listen until the block ends; then nothing of it is left.

    Args:
        path: Of the redirect address; secret where the server knows no state.
        port: 0 for any that is free.
        state: What the answer must carry; empty where the server knows none.

    Raises:
        SignInFailed: The port is taken.
    """
    loopbacks: list[Loopback] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # border: `end` cancels what is left, which nobody waits for; streams before 3.12 report that as an error.
        with contextlib.suppress(asyncio.CancelledError):
            await loopbacks[0].serve(reader, writer)

    try:
        server = await asyncio.start_server(serve, _HOST, port, limit=_MAX_HEAD, start_serving=False)
    except OSError as error:
        where = f"Port {port}" if port else "A port"
        raise SignInFailed(
            f"{where} of this computer is not free for the answer of the browser: {error.strerror or error}.",
            hint="Another sign-in may be open; end it, or sign in another way.",
        ) from error
    loopbacks.append(Loopback(path, server.sockets[0].getsockname()[1], state))
    try:
        await server.start_serving()
        yield loopbacks[0]
    finally:
        server.close()
        await loopbacks[0].end()


def _parsed(head: bytes) -> _Request | None:
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    hosts = [line.partition(":")[2].strip() for line in lines[1:] if line.lower().startswith("host:")]
    if len(words) != 3 or len(hosts) != 1:
        return None
    try:
        url = urlsplit(words[1])
    except ValueError:
        return None
    return _Request(words[0], url.path, hosts[0].lower(), url.query)


def _answered(query: str) -> dict[str, str] | None:
    """The parameters of an answer; None where there is no code and no error, or one of them twice."""
    try:
        fields = parse_qs(query, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    if any(len(values) > 1 for values in fields.values()) or not fields.keys() & {"code", "error"}:
        return None
    return {name: values[0] for name, values in fields.items()}


def _plain(status: str) -> bytes:
    return _response(status, "text/plain; charset=utf-8", status.encode())


def _shown(page: Page) -> bytes:
    nonce = secrets.token_urlsafe(16)
    template = string.Template(paths.ui("signed_in.html").read_text(encoding="utf-8"))
    body = template.substitute(title=html.escape(page.title), text=html.escape(page.text), nonce=nonce)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return _response("200 OK", "text/html; charset=utf-8", body.encode(), f"Content-Security-Policy: {policy}")


def _response(status: str, kind: str, body: bytes, *headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        # The address of this page holds the code.
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
