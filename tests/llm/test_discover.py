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


def test_an_address_of_ollama_that_is_elsewhere_is_not_asked(serve, monkeypatch):
    proxy = serve(b'{"data": [{"id": "qwen"}]}')
    monkeypatch.setenv("HTTP_PROXY", proxy.removesuffix("/v1"))
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://gpu.example/v1")
    assert discover.listed("http://gpu.example/v1", None) == ("qwen",), "it could be reached"
    assert discover.running((("ollama", "Ollama", proxy),)) == ()
