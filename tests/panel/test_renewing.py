"""A refresh token that can be used once, and a PyMOL that quits while it is used; a real window."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore

from ..pymol_process import ROOT, run_inside

pytestmark = pytest.mark.window

SLOW_S = 1.0  # what a token endpoint may take; PyMOL has begun to quit by then


class TokenEndpoint(BaseHTTPRequestHandler):
    """Uses the refresh token up at once, and answers a while later."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.forms.append(form)
        threading.Event().wait(SLOW_S)
        body = json.dumps({"access_token": "new-access", "refresh_token": "r2", "expires_in": 3600}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def endpoint():
    with ThreadingHTTPServer(("127.0.0.1", 0), TokenEndpoint) as server:
        server.forms = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("end", ["quit", "close"])
def test_a_pymol_that_quits_in_the_middle_of_a_refresh_keeps_the_new_token(endpoint, tmp_path, end):
    home = tmp_path / ".pymolcode"
    store = TokenStore(home / "auth.json")
    store.put(
        Credential(
            provider_id="google",
            access_token=SecretStr("old-access"),
            token_type="Bearer",
            refresh_token=SecretStr("r1"),
            expires_at=1.0,
            metadata={"client_id": "mine", "token_url": f"http://127.0.0.1:{endpoint.server_port}/token"},
        )
    )
    seen = run_inside("renewing", tmp_path, more_path=ROOT, env={"PYMOLCODE_HOME": str(home)}, end=end)
    assert seen["asked"]
    assert len(endpoint.forms) == 1
    assert "refresh_token=r1" in endpoint.forms[0]
    assert store.get("google").refresh_token.get_secret_value() == "r2"
