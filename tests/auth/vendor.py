"""A small server in the test's own loop, which answers as a vendor's would and keeps what it was asked."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> dict[str, str]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Says:
    """An answer: an object goes as JSON, bytes as they are; `cut` ends the connection without one."""

    data: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    def encoded(self) -> bytes:
        body = self.data if isinstance(self.data, bytes) else json.dumps(self.data).encode()
        head = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
        lines = [f"{name}: {value}" for name, value in (head | self.headers).items()]
        return "\r\n".join([f"HTTP/1.1 {self.status} Said", *lines, "", ""]).encode() + body


Answering = Callable[[Asked], Says]


class Vendor:
    """Answers by path.

    Attributes:
        url: Where it is.
        routes: What answers a path; anything else is a 404.
        asked: Every request, in order.
        broken: What went wrong in a route: a rule that a request broke, above all.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.routes: dict[str, Answering] = {}
        self.asked: list[Asked] = []
        self.broken: list[Exception] = []

    def to(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {
                name.lower(): text.strip() for name, _, text in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            url = urlsplit(target)
            asked = Asked(method, url.path, dict(parse_qsl(url.query)), headers, body)
            self.asked.append(asked)
            answer = self.routes.get(url.path, lambda _asked: Says({"error": "not_found"}, 404))(asked)
            if not answer.cut:
                writer.write(answer.encoded())
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass  # nobody is left to answer
        except Exception as error:  # noqa: BLE001  # raised when the test ends
            self.broken.append(error)
        finally:
            writer.close()


@asynccontextmanager
async def vendor() -> AsyncIterator[Vendor]:
    holder: list[Vendor] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await holder[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    holder.append(Vendor(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    try:
        yield holder[0]
    finally:
        server.close()
        await server.wait_closed()
    for error in holder[0].broken:
        raise error


def s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def id_token(**claims: object) -> str:
    """With a signature that nobody checks."""
    parts = ({"alg": "RS256"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])
