"""A chat-completions server that says what a test wrote down: text, tool calls, errors, cut streams, silence."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Cut:
    """Some text, then the connection ends in the middle."""

    def __init__(self, text):
        self.text = text


class Limit:
    """Some text, which the model's own limit of length cut."""

    def __init__(self, text):
        self.text = text


class Silence:
    """Some text, then nothing for as long as the test lasts."""

    def __init__(self, text=""):
        self.text = text


class Status:
    """An HTTP error with a body."""

    def __init__(self, code, message=""):
        self.code, self.message = code, message


class ScriptedModel:
    """Answers the n-th request with the n-th turn, and every later one with the last turn.

    A turn is text, a (tool name, arguments) pair with a dict or raw text, a list of such pairs, or one of the
    classes above.
    """

    def __init__(self, *turns):
        self.turns = turns
        self.requests = []
        self.headers = []
        self.models = ("scripted",)  # what it lists: names, or entries as a provider writes them
        self.n_listed = 0  # times it was asked for its models
        self.location = ""  # where a redirect leads
        self.broken_off = threading.Event()
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.script = self
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self):
        return {
            "PYMOLCODE_MODEL": "openai-chat:scripted",
            "OPENAI_BASE_URL": self.base_url,
            "OPENAI_API_KEY": "sk-test-canary-1",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.script.n_listed += 1
        self._json(
            200, {"data": [item if isinstance(item, dict) else {"id": item} for item in self.server.script.models]}
        )

    def do_POST(self):
        script = self.server.script
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.requests.append(body)
        script.headers.append({name.lower(): value for name, value in self.headers.items()})
        turn = script.turns[min(len(script.requests), len(script.turns)) - 1]
        if isinstance(turn, Status):
            self._json(turn.code, {"error": {"message": turn.message or "no"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._stream(turn)

    def _json(self, code, value):
        data = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        if code == 307:
            self.send_header("Location", self.server.script.location)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, turn):
        text = getattr(turn, "text", turn if isinstance(turn, str) else "")
        for word in text.split(" ") if text else ():
            self._delta({"content": word + " "})
        if isinstance(turn, Cut):
            return
        if isinstance(turn, Silence):
            self._wait_until_broken_off()
            return
        calls = turn if isinstance(turn, list) else [turn] if isinstance(turn, tuple) else []
        for index, (name, arguments) in enumerate(calls):
            raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
            call_id = f"call{len(self.server.script.requests)}_{index}"
            head = {
                "index": index,
                "id": call_id,
                "type": "function",
                "function": {"name": name, "arguments": ""},
            }
            self._delta({"tool_calls": [head]})
            self._delta({"tool_calls": [{"index": index, "function": {"arguments": raw}}]})
        self._delta(
            {},
            finish="length" if isinstance(turn, Limit) else "tool_calls" if calls else "stop",
            usage={"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107},
        )
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _wait_until_broken_off(self):
        with contextlib.suppress(OSError):
            while not self.server.script.over.wait(0.02):
                self._chunk(b": still here\n\n")
        self.server.script.broken_off.set()

    def _delta(self, delta, finish=None, usage=None):
        chunk = {
            "id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted",
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
        }  # fmt: skip
        if usage:
            chunk["usage"] = usage
        self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())

    def _chunk(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()
