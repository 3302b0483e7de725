import http.server
import threading

import pytest

from pymolcode_plugin.auth.providers import find
from pymolcode_plugin.core.errors import ModelUnavailable, ProviderError
from pymolcode_plugin.llm import discover, model_list

from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.conformance

OLLAMA, CUSTOM = find("ollama"), find("custom")


@pytest.fixture
def serve():
    """A server that answers with the bytes it is given, or drips for ever where it is given none."""
    servers, over = [], threading.Event()

    def start(body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                if body is not None:
                    self.wfile.write(body)
                while body is None and not over.wait(0.02):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        return

            def log_message(self, *_args):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/v1"

    yield start
    over.set()
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_models_for_chat_are_listed(serve):
    address = serve(b'{"data": [{"id": "embed-1"}, {"id": "qwen"}]}')
    assert [model.id for model in discover.listed(CUSTOM, address)] == ["qwen"]


@pytest.mark.parametrize(
    "body", [b"<html>Jenkins</html>", b"[1]", b"null", b'{"data": {"id": "x"}}', b'{"data": [{"id": null}]}', None]
)
def test_what_is_no_model_server_is_left_in_time(serve, body, monkeypatch):
    monkeypatch.setattr(model_list, "_LIMIT_HERE_S", 0.5)
    with pytest.raises(ProviderError):
        discover.listed(CUSTOM, serve(body))


def test_an_address_where_nothing_answers_is_an_error_one_can_read():
    with pytest.raises(ModelUnavailable, match="No model server answers"):
        discover.listed(CUSTOM, "http://127.0.0.1:9/v1")


def test_only_servers_that_answer_like_one_are_found(serve):
    with ScriptedModel("x") as server:
        found = discover.running(
            ((OLLAMA, server.base_url), (CUSTOM, "http://127.0.0.1:9/v1"), (CUSTOM, serve(b"<html>")))
        )
    assert [(item.provider, item.name, item.models) for item in found] == [("ollama", "Ollama", ("scripted",))]


def test_each_server_is_at_its_usual_port_unless_it_is_set():
    usual = {entry.id: url for entry, url in discover.local_addresses({}, {})}
    assert usual == {entry: find(entry).base_url for entry in ("ollama", "lmstudio", "llamacpp")}
    set_here = discover.local_addresses({"lmstudio": "http://a/v1"}, {"OLLAMA_BASE_URL": "http://b/v1"})
    assert {entry.id: url for entry, url in set_here} == usual | {"lmstudio": "http://a/v1", "ollama": "http://b/v1"}


def test_a_server_elsewhere_is_asked_where_its_address_is_set_but_not_with_the_lock(serve, monkeypatch):
    with ScriptedModel("x") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        servers = ((OLLAMA, "http://gpu.example/v1"),)
        assert [item.base_url for item in discover.running(servers)] == ["http://gpu.example/v1"]
        assert proxy.n_listed == 1
        assert discover.running(servers, this_machine_only=True) == ()
        assert proxy.n_listed == 1
