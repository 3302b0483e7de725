import httpx2
import pytest

from .node_servers import aimock, oauth_server

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
