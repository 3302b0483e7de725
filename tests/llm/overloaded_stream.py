"""A server of every wire format whose answers begin well, with 200, and then say that it is overloaded."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_CHUNK = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
_BEGUN = {
    "id": "resp_1", "object": "response", "created_at": 0, "model": "m", "output": [], "tools": [],
    "parallel_tool_calls": True, "tool_choice": "auto", "status": "in_progress",
}  # fmt: skip
_MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
    "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 0},
}  # fmt: skip
_OVERLOADED = "Overloaded. Please try again later."


class OverloadedStream:
    """Counts how often it was asked; `url` without a path."""

    def __init__(self, url):
        self.url = url
        self.n_asked = 0


@contextlib.contextmanager
def overloaded_stream():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.count = OverloadedStream(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.count
        finally:
            server.shutdown()
            thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        self.server.count.n_asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event, data in _events(self.path.partition("?")[0]):
            name = f"event: {event}\n" if event else ""
            self.wfile.write(f"{name}data: {json.dumps(data)}\n\n".encode())


def _events(path):
    """As the vendors' documentation shows them."""
    if path.endswith("/chat/completions"):
        delta = {"role": "assistant", "content": ""}
        yield "", {**_CHUNK, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        yield "", {"error": {"message": _OVERLOADED, "type": "server_error", "code": 503}}
    elif path.endswith("/responses"):
        failed = {"code": "server_is_overloaded", "message": _OVERLOADED}
        yield "response.created", {"type": "response.created", "sequence_number": 0, "response": _BEGUN}
        response = {**_BEGUN, "status": "failed", "error": failed}
        yield "response.failed", {"type": "response.failed", "sequence_number": 1, "response": response}
    elif path.endswith("/messages"):
        yield "message_start", {"type": "message_start", "message": _MESSAGE}
        block = {"type": "thinking", "thinking": "", "signature": ""}
        yield "content_block_start", {"type": "content_block_start", "index": 0, "content_block": block}
        yield "error", {"type": "error", "error": {"type": "overloaded_error", "message": _OVERLOADED}}
    else:
        yield "", {"candidates": [{"content": {"role": "model", "parts": [{"text": ""}]}, "index": 0}]}
        yield "", {"error": {"code": 503, "message": _OVERLOADED, "status": "UNAVAILABLE"}}
