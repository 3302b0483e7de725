import http.server
import threading

import pytest

from pymolcode_plugin.core.errors import ModelUnavailable
from pymolcode_plugin.llm import discover


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
    assert discover.listed(address, None) == ("qwen",)


@pytest.mark.parametrize(
    "body", [b"<html>Jenkins</html>", b"[1]", b"null", b'{"data": {"id": "x"}}', b'{"data": [{"id": null}]}', None]
)
def test_what_is_no_model_server_is_left_in_time(serve, body, monkeypatch):
    monkeypatch.setattr(discover, "_LIMIT_S", 0.3)
    with pytest.raises(ModelUnavailable):
        discover.listed(serve(body), None)


def test_an_ollama_elsewhere_is_asked_where_its_address_is_set_but_not_with_the_lock(serve, monkeypatch):
    proxy = serve(b'{"data": [{"id": "qwen"}]}')
    monkeypatch.setenv("HTTP_PROXY", proxy.removesuffix("/v1"))
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://gpu.example/v1")
    servers = (("ollama", "Ollama", proxy),)
    assert [item.base_url for item in discover.running(servers)] == ["http://gpu.example/v1"]
    assert discover.running(servers, this_machine_only=True) == ()
