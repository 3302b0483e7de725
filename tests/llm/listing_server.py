"""A server that answers GET with what a test wrote down for each path, and remembers what it was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class ListingServer:
    """`answers` is by path: a JSON value, or a function of the query that gives one, or an int: a status."""

    def __init__(self, answers):
        self.answers = answers
        self.location = ""  # where a redirect leads
        self.asked = []  # (path, query, headers with lower-case names)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        owner = self.server.owner
        owner.asked.append((parts.path, query, {name.lower(): value for name, value in self.headers.items()}))
        answer = owner.answers.get(parts.path, 404)
        answer = answer(query) if callable(answer) else answer
        status = answer if isinstance(answer, int) else 200
        body = json.dumps({"error": {"message": "no"}} if isinstance(answer, int) else answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if owner.location:
            self.send_header("Location", owner.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
