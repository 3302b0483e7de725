"""A real HTTP server on loopback that answers as it is told, the bad ways too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes | str = b"", status: int = 200, **headers: object) -> Answer:
    """A whole answer; header names are given with `_` for `-`."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": len(data)} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())

    async def send(writer):
        writer.write(head.encode() + b"\r\n" + data)
        await writer.drain()

    return send


def cut(body: str, n_bytes: int) -> Answer:
    """An answer whose connection ends before its body does."""

    async def send(writer):
        await reply(body[:n_bytes], Content_Length=len(body))(writer)

    return send


def stalled(body: str, n_bytes: int, began: asyncio.Event) -> Answer:
    """An answer that stops in the middle of its body until the client goes."""

    async def send(writer):
        await reply(body[:n_bytes], Content_Length=len(body))(writer)
        began.set()
        await writer.wait_closed()

    return send


class StructureServer:
    """Answers by path; of several answers for one path each is given once, the last for good."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[str] = []
        self.base = ""

    def answer(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def alphafold(self, accession: str, cif_url: str) -> None:
        self.answer(f"/api/prediction/{accession}", reply(json.dumps([{"cifUrl": cif_url}])))

    async def __aenter__(self) -> StructureServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader, writer) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode()
        self.requests.append(path)
        waiting = self.answers.get(path, [reply("no", status=404)])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        try:
            await answer(writer)
        finally:
            writer.close()
