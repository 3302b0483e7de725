"""Downloads one file over HTTP, whole or not at all; asynchronous, and nothing but bytes and limits is known here.

Proxies and certificates are httpx2's own business: `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR`.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import os
import tempfile
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import httpx2

from ..clients import new_client
from ..core.errors import ToolFailed

T = TypeVar("T")

_GZIP = b"\x1f\x8b"
_AGAIN = frozenset({429, 500, 502, 503, 504})
_CHUNK = 1 << 20
_STALE_S = 3600.0
_PART = ".part"
_HEADERS = {"User-Agent": "pymolcode", "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Limits:
    """How long and how much.

    Attributes:
        connect_s: Until a connection stands.
        read_s: Without a byte.
        n_bytes: Of the file, unpacked.
        n_tries: In all.
        pause_s: Before the second try; doubles.
        longest_pause_s: That is waited for a server that asks to.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    n_bytes: int = 500_000_000
    n_tries: int = 4
    pause_s: float = 0.5
    longest_pause_s: float = 30.0


class NotThere(ToolFailed):
    """The server says that there is no such file."""


class _TryAgain(ToolFailed):
    def __init__(self, message: str, *, pause_s: float | None = None) -> None:
        super().__init__(message)
        self.pause_s = pause_s


@contextlib.asynccontextmanager
async def client(limits: Limits) -> AsyncIterator[httpx2.AsyncClient]:
    """A client for some requests; made in a worker thread, because reading the certificates takes a while."""
    timeout = httpx2.Timeout(limits.read_s, connect=limits.connect_s)
    made = await asyncio.to_thread(
        lambda: new_client(timeout=timeout, follow_redirects=True, max_redirects=5, headers=_HEADERS)
    )
    async with made:
        yield made


async def read(http: httpx2.AsyncClient, url: str, limits: Limits) -> bytes:
    """The body of a small answer.

    Raises:
        NotThere: 404 or 410.
        ToolFailed: Anything else that is not a whole answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        return await save(http, url, path, limits, Path.read_bytes)


async def save(http: httpx2.AsyncClient, url: str, path: Path, limits: Limits, check: Callable[[Path], T]) -> T:
    """Write what `url` gives to `path`, unpacked; a download that fails or is cancelled leaves nothing.

    Args:
        http: See `client`.
        url: Where it is.
        path: Where it goes; an older file stays until the new one is whole and checked.
        limits: How long, how much, how often.
        check: Called in a worker thread with the whole file before it gets its name; what it returns is returned.

    Raises:
        NotThere: 404 or 410.
        ToolFailed: Not reachable, refused, too large, or cut; says what was tried.
    """
    for number in range(limits.n_tries):
        try:
            return await _save_once(http, url, path, limits, check)
        except _TryAgain as error:
            if number == limits.n_tries - 1:
                tries = f" ({limits.n_tries} tries)" if limits.n_tries > 1 else ""
                raise ToolFailed(f"{error.args[0]}{tries}.", hint="Try again later.") from error
            pause = limits.pause_s * 2**number if error.pause_s is None else error.pause_s
            await asyncio.sleep(min(pause, limits.longest_pause_s))
    raise AssertionError("at least one try is made")


async def _save_once(http: httpx2.AsyncClient, url: str, path: Path, limits: Limits, check: Callable[[Path], T]) -> T:
    host = httpx2.URL(url).host
    try:
        with _Part(path, limits.n_bytes) as part:
            async with http.stream("GET", url) as response:
                _need_file(response, url)
                async for chunk in response.aiter_bytes(_CHUNK):
                    await asyncio.to_thread(part.write, chunk)
            return await asyncio.to_thread(part.finish, check)
    except httpx2.TooManyRedirects as error:
        raise ToolFailed(f"{host} redirects in a circle.") from error
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        # Not the URL: what failed is the way to the host.
        raise _TryAgain(f"{host}: {_reason(error)}") from error
    except OSError as error:
        raise ToolFailed(f"{path.parent} cannot be written: {error.strerror or error}.") from error


def _need_file(response: httpx2.Response, url: str) -> None:
    """Raises what the status says."""
    status, host = response.status_code, response.url.host
    hops = [*response.history, response]
    if url.startswith("https:") and any(hop.url.scheme != "https" for hop in hops):
        raise ToolFailed(f"{httpx2.URL(url).host} redirects to an address without encryption; nothing was read.")
    if status in (404, 410):
        raise NotThere(f"{host} has no such file (status {status}).")
    if status in _AGAIN:
        raise _TryAgain(f"{host} answers with status {status}", pause_s=_retry_after(response))
    if status != httpx2.codes.OK:
        raise ToolFailed(f"{host} answers with status {status}.")


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds the server asks to wait, given as such or as a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _reason(error: Exception) -> str:
    reasons = {
        httpx2.ConnectTimeout: "no connection in time",
        httpx2.ConnectError: "cannot be reached",
        httpx2.ReadTimeout: "stopped sending",
        httpx2.RemoteProtocolError: "the connection was cut",
        httpx2.ReadError: "the connection was cut",
        httpx2.DecodingError: "what came is damaged",
        httpx2.ProxyError: "the proxy refused",
    }
    return next((text for kind, text in reasons.items() if isinstance(error, kind)), str(error) or type(error).__name__)


class _Part:
    """A file that is there only once it is whole. Its methods may run in a worker thread, one after the other."""

    def __init__(self, path: Path, n_bytes: int) -> None:
        self._path = path
        self._left = n_bytes
        self._limit = n_bytes
        self._unpack: zlib._Decompress | None = None
        self._begun = False
        self._lock = threading.Lock()

    def __enter__(self) -> _Part:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_stale(self._path.parent)
        number, name = tempfile.mkstemp(prefix=f".{self._path.name}-", suffix=_PART, dir=self._path.parent)
        self._file, self._part = os.fdopen(number, "wb"), Path(name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # After a cancellation the thread may still be in `write`; a file in use cannot be removed on Windows.
        with self._lock:
            self._file.close()
        self._part.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Append, unpacked where it is a gzip file.

        Raises:
            ToolFailed: It grows too large.
        """
        with self._lock:
            if not self._begun and chunk:
                self._begun = True
                self._unpack = zlib.decompressobj(31) if chunk.startswith(_GZIP) else None
            data = self._unpacked(chunk)
            self._left -= len(data)
            if self._left < 0:
                raise ToolFailed(f"The file is larger than {self._limit / 1e6:,.0f} MB; it was not read.")
            self._file.write(data)

    def _unpacked(self, chunk: bytes) -> bytes:
        if self._unpack is None:
            return chunk
        try:
            return self._unpack.decompress(chunk, self._left + 1)
        except zlib.error as error:
            raise _TryAgain("What came is damaged") from error

    def finish(self, check: Callable[[Path], T]) -> T:
        """It is whole: check it, then give it its name."""
        with self._lock:
            if self._unpack is not None and not self._unpack.eof:
                raise _TryAgain("The connection was cut")
            self._file.close()
            found = check(self._part)
            self._part.replace(self._path)
            return found


def _remove_stale(folder: Path) -> None:
    """PyMOL ends without cleaning up; what it left behind long ago is nobody's any more."""
    for part in folder.glob(f".*{_PART}"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _STALE_S:
                part.unlink()
