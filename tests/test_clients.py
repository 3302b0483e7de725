import threading

import httpx2
import pytest

from pymolcode_plugin import clients
from pymolcode_plugin.core.errors import ConfigError

from .https_server import HOST, https_server, proxy_to


@pytest.fixture
def making(monkeypatch):
    lock = threading.Lock()
    monkeypatch.setattr(clients, "_making", lock)
    return lock


def test_an_end_waits_for_the_client_that_is_being_made_and_lets_no_other_begin(making, monkeypatch):
    began, go_on, made = threading.Event(), threading.Event(), []

    def slow(**_options):
        began.set()
        go_on.wait(10)
        made.append(1)

    monkeypatch.setattr(clients.httpx2, "AsyncClient", slow)
    first = threading.Thread(target=clients.new_client, daemon=True)
    first.start()
    began.wait(10)
    ending = threading.Thread(target=clients.make_no_more, daemon=True)
    ending.start()
    assert ending.is_alive()
    go_on.set()
    ending.join(10)
    assert made == [1]
    threading.Thread(target=clients.new_client, daemon=True).start()
    assert making.locked(), "for good"
    assert made == [1]


def test_waiting_for_one_that_hangs_has_a_limit(making):
    making.acquire()
    clients.make_no_more(limit_s=0.01)
    assert making.locked()


@pytest.fixture
async def behind_a_proxy(tmp_path, monkeypatch):
    """A server whose certificate nobody trusts yet, by a name that only the proxy knows; what the proxy was asked."""
    async with https_server(tmp_path) as address, proxy_to(address) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        yield asked


async def test_the_users_proxy_and_certificates_are_honoured(behind_a_proxy, tmp_path, monkeypatch):
    monkeypatch.setenv("PYMOLCODE_CA_FILE", str(tmp_path / "ca.pem"))
    async with clients.new_client() as client:
        assert (await client.get(f"https://{HOST}/")).text == "hello"
    assert behind_a_proxy == [f"{HOST}:443"]


async def test_a_certificate_that_nobody_vouches_for_is_refused(behind_a_proxy):
    async with clients.new_client() as client:
        with pytest.raises(httpx2.ConnectError, match="certificate"):
            await client.get(f"https://{HOST}/")


async def test_certificates_that_cannot_be_read_are_said(tmp_path, monkeypatch):
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "not-there.pem"):
        monkeypatch.setenv("PYMOLCODE_CA_FILE", str(tmp_path / name))
        with pytest.raises(ConfigError, match=name) as raised:
            clients.new_client()
        assert "PEM" in raised.value.hint
