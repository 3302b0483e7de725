"""What the loopback listener takes, what it turns away, and what is left of it."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

import pytest

from pymolcode_plugin.auth import loopback
from pymolcode_plugin.auth.loopback import Loopback, Page, listening
from pymolcode_plugin.core.errors import SignInFailed

pytestmark = pytest.mark.conformance

STATE = "state-canary-0123456789"


async def ask(door: Loopback, target: str, *, host: str | None = None, method: str = "GET", raw: bytes = b"") -> str:
    """One request as bytes; the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.redirect_uri).port)
    host = urlsplit(door.redirect_uri).netloc if host is None else host
    writer.write(raw or f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode())
    try:
        return (await asyncio.wait_for(reader.read(), 5)).decode()
    finally:
        writer.close()
        await writer.wait_closed()


async def is_closed(door: Loopback) -> bool:
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.redirect_uri).port)
    except OSError:
        return True
    writer.close()
    return False


async def test_the_answer_is_taken_and_the_browser_waits_for_the_page():
    async with listening("/callback", state=STATE) as door:
        browser = asyncio.ensure_future(ask(door, f"/callback?code=c0de&state={STATE}"))
        assert await door.answer(5) == {"code": "c0de", "state": STATE}
        await asyncio.sleep(0)
        assert not browser.done()
        door.show(Page("Signed in", "Done."))
        page = await browser
    assert page.startswith("HTTP/1.1 200 OK")
    assert "Signed in" in page
    assert await is_closed(door)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/favicon.ico", 404),
        ("/", 404),
        (f"/callback/?code=x&state={STATE}", 404),
        ("/callback", 400),
        (f"/callback?state={STATE}", 400),
        ("/callback?code=x", 400),
        ("/callback?code=x&state=other", 400),
        ("/callback?code=x&state=%C3%A9", 400),
        (f"/callback?code=x&code=y&state={STATE}", 400),
        (f"/callback?code=x&state={STATE}&" + "&".join(f"a{i}=1" for i in range(50)), 400),
        (f"http://[::1/callback?code=x&state={STATE}", 400),
    ],
)
async def test_what_is_not_ours_is_turned_away_and_does_not_end_the_wait(target, status):
    async with listening("/callback", state=STATE) as door:
        answer = await ask(door, target)
        assert answer.startswith(f"HTTP/1.1 {status} ")
        assert "text/plain" in answer
        assert STATE not in answer
        browser = asyncio.ensure_future(ask(door, f"/callback?code=right&state={STATE}"))
        assert (await door.answer(5))["code"] == "right"
        door.show(Page("Signed in", ""))
        await browser


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
async def test_another_host_header_is_turned_away(host):
    async with listening("/callback", state=STATE) as door:
        assert (await ask(door, f"/callback?code=x&state={STATE}", host=host)).startswith("HTTP/1.1 400 ")
        with pytest.raises(SignInFailed, match="Nobody signed in"):
            await door.answer(0)


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS"])
async def test_another_method_is_turned_away(method):
    async with listening("/callback", state=STATE) as door:
        answer = await ask(door, f"/callback?code=x&state={STATE}", method=method)
        assert answer.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
)
async def test_what_is_no_request_is_turned_away(raw):
    async with listening("/callback", state=STATE) as door:
        assert (await ask(door, "", raw=raw)).startswith("HTTP/1.1 400 ")


async def test_a_head_without_end_is_dropped():
    async with listening("/callback", state=STATE) as door:
        try:
            answer = await ask(door, "", raw=b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n")
        except ConnectionError:
            answer = ""
        assert answer == ""


async def test_only_the_first_answer_counts():
    async with listening("/callback", state=STATE) as door:
        browser = asyncio.ensure_future(ask(door, f"/callback?code=first&state={STATE}"))
        assert (await door.answer(5))["code"] == "first"
        assert (await ask(door, f"/callback?code=second&state={STATE}")).startswith("HTTP/1.1 400 ")
        assert (await door.answer(5))["code"] == "first"
        door.show(Page("Signed in", ""))
        assert (await browser).startswith("HTTP/1.1 200 ")


async def test_the_page_is_escaped_and_loads_nothing_from_anywhere():
    async with listening("/callback", state=STATE) as door:
        browser = asyncio.ensure_future(ask(door, f"/callback?error=x&state={STATE}"))
        await door.answer(5)
        door.show(Page("<b>&", "<script>alert(1)</script> $title ${nonce}"))
        page = await browser
    head, body = page.split("\r\n\r\n", 1)
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $title ${nonce}" in body
    assert "&lt;b&gt;&amp;" in body
    assert not re.search(r"(src|href)=|url\(|https?:", body)
    for header in ("Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff"):
        assert header in head
    policy = re.search(r"Content-Security-Policy: (.*)", head).group(1)
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    nonce = re.search(r"'nonce-([\w-]+)'", policy).group(1)
    assert f'<style nonce="{nonce}">' in body


async def test_a_browser_that_waits_is_told_when_the_sign_in_is_stopped():
    async with listening("/callback", state=STATE) as door:
        browser = asyncio.ensure_future(ask(door, f"/callback?code=c&state={STATE}"))
        await door.answer(5)
    assert "was stopped" in await browser


async def test_connections_that_say_nothing_do_not_keep_it_open():
    async with listening("/callback", state=STATE) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.redirect_uri).port)
        writer.write(b"GET /callback")
        await writer.drain()
        await ask(door, "/")  # so the silent one is there too
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < loopback._END_S
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert await is_closed(door)


async def test_nobody_comes_in_time():
    with pytest.raises(SignInFailed, match="Nobody signed in in the browser"):
        async with listening("/callback", state=STATE) as door:
            await door.answer(0.01)
    assert await is_closed(door)


async def test_a_port_that_is_taken_is_said():
    async with listening("/callback", state=STATE) as door:
        port = urlsplit(door.redirect_uri).port
        with pytest.raises(SignInFailed, match=f"Port {port} of this computer is not free"):
            async with listening("/callback", port=port, state="other"):
                pass


async def test_a_port_can_be_fixed():
    async with listening("/callback", state=STATE) as door:
        port = urlsplit(door.redirect_uri).port
    async with listening("/auth/callback", port=port, state=STATE) as door:
        assert door.redirect_uri == f"http://127.0.0.1:{port}/auth/callback"


async def test_it_listens_on_this_computer_only():
    async with listening("/callback", state=STATE) as door:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", urlsplit(door.redirect_uri).port)


async def test_without_a_state_the_path_is_the_secret():
    async with listening("/callback/secret") as door:
        assert (await ask(door, "/callback?code=x")).startswith("HTTP/1.1 404 ")
        browser = asyncio.ensure_future(ask(door, "/callback/secret?code=c0de"))
        assert await door.answer(5) == {"code": "c0de"}
        door.show(Page("Signed in", ""))
        await browser


async def test_a_connection_that_is_still_open_at_the_end_is_no_failure_of_the_loop():
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context))
    async with listening("/callback", state=STATE) as door:
        _reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.redirect_uri).port)
        writer.close()
        _reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(door.redirect_uri).port)
    writer.close()
    await asyncio.sleep(0)
    assert reported == []
