"""How a server is asked: encrypted, in bounds, and without repeating a secret."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.auth import endpoint
from pymolcode_plugin.core.errors import SignInFailed

from ..https_server import HOST, https_server, proxy_to
from .vendor import Says

pytestmark = pytest.mark.conformance


@pytest.fixture
async def http():
    async with await endpoint.client() as client:
        yield client


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example/token",
        "http://127.0.0.1:4011/token",
        "http://127.9.9.9/token",
        "http://[::1]:4011/token",
        "http://localhost/token",
    ],
)
def test_encrypted_addresses_and_this_computer_are_asked(url):
    assert endpoint.need_safe(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/token",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://0.0.0.0/",
        "http://192.168.0.1/",
        "https://user:canary@issuer.example/",
        "https://",
        "https:///token",
        "//issuer.example/token",
        "ftp://issuer.example/",
        "file:///etc/passwd",
        "",
        "https://[::1",
        "https://a b/",
        "https://\x00/",
    ],
)
async def test_other_addresses_are_not(http, url):
    with pytest.raises(SignInFailed) as failure:
        await endpoint.post_form(http, url, {"code": "canary"})
    assert "canary" not in failure.value.message


async def test_a_host_that_is_not_there_is_said(http):
    with pytest.raises(endpoint.Unreachable, match=r"127\.0\.0\.1 cannot be reached"):
        await endpoint.get(http, "http://127.0.0.1:9/x")


async def test_a_server_that_drips_is_left_in_time(http, monkeypatch):
    monkeypatch.setattr(endpoint, "_LIMIT_S", 0.2)

    async def drip(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        try:
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.wait({asyncio.ensure_future(reader.read())}, timeout=0.05)
        except (OSError, RuntimeError):
            pass
        writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        with pytest.raises(endpoint.Unreachable, match="did not answer in time"):
            await endpoint.get(http, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


async def test_a_redirect_takes_nothing_along(http, vendor):
    vendor.routes["/token"] = lambda _asked: Says({}, 307, {"location": "/elsewhere"})
    with pytest.raises(SignInFailed, match="redirects"):
        await endpoint.post_form(http, f"{vendor.url}/token", {"code": "canary"})
    assert vendor.to("/elsewhere") == []


async def test_a_certificate_that_is_not_trusted_says_which_setting_helps(tmp_path, monkeypatch):
    async with https_server(tmp_path) as address, proxy_to(address) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        async with await endpoint.client() as http:
            with pytest.raises(endpoint.Unreachable) as failure:
                await endpoint.get(http, f"https://{HOST}/")
    assert "ca_file" in failure.value.message
    assert asked == [f"{HOST}:443"]


async def test_a_proxy_and_a_certificate_of_the_users_own_are_honoured(tmp_path, monkeypatch):
    async with https_server(tmp_path) as address, proxy_to(address) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("PYMOLCODE_CA_FILE", str(tmp_path / "ca.pem"))
        async with await endpoint.client() as http:
            answer = await endpoint.get(http, f"https://{HOST}/")
    assert (answer.status, answer.data) == (200, {})
    assert asked == [f"{HOST}:443"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"[" * 100_000, b"\xff\xfe"])
async def test_what_is_no_object_is_an_empty_one(http, vendor, body):
    vendor.routes["/x"] = lambda _asked: Says(body)
    assert (await endpoint.get(http, f"{vendor.url}/x")).data == {}


def test_an_answer_does_not_show_what_it_holds():
    answer = endpoint.Answer("acme.example", 200, {"access_token": "canary"})
    assert "canary" not in repr(answer)


@given(st.text(max_size=2000), st.text(min_size=1, max_size=40))
def test_a_servers_words_are_one_short_printable_line_without_secrets(text, secret):
    said = endpoint.one_line(f"{text}{secret}{text}", [secret])
    assert len(said) <= 200
    assert said.isprintable()
    assert secret not in said or secret in endpoint.one_line(text) + "********… " * 2


async def test_within_gives_up_in_time_and_passes_everything_on():
    async def fails():
        raise ValueError("x")

    assert await endpoint.within(5, asyncio.sleep(0, "result"), name="test") == "result"
    with pytest.raises(ValueError, match="x"):
        await endpoint.within(5, fails(), name="test")
    with pytest.raises(asyncio.TimeoutError):
        await endpoint.within(0.01, asyncio.sleep(60), name="test")
    running = asyncio.ensure_future(endpoint.within(60, asyncio.sleep(60), name="test"))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(asyncio.all_tasks()) == 1
