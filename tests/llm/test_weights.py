import hashlib
import http.server
import threading

import pytest

from pymolcode_plugin.core.errors import WeightsError
from pymolcode_plugin.llm import weights
from pymolcode_plugin.llm.catalogue import LocalModel, UrlSource

DATA = bytes(range(256)) * 8192


@pytest.fixture
def hub():
    """A server of one file that honours Range; `served` counts the bytes it sent."""
    served = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(DATA) - start))
            self.end_headers()
            self.wfile.write(DATA[start:])
            served.append(len(DATA) - start)

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.served = served
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def entry(hub):
    return LocalModel(
        id="tiny", title="Tiny", file="tiny.gguf", n_bytes=len(DATA), sha256=hashlib.sha256(DATA).hexdigest(),
        licence="MIT", n_ctx=512, profile="compact",
        sources=(UrlSource(url=f"http://127.0.0.1:{hub.server_port}/tiny.gguf"),),
    )  # fmt: skip


def nothing(*_args):
    pass


def test_a_broken_download_goes_on_where_it_stopped(hub, entry, tmp_path):
    (tmp_path / "tiny.gguf.part").write_bytes(DATA[:1_000_000])
    path = weights.fetch(entry, tmp_path, nothing)
    assert path.read_bytes() == DATA
    assert hub.served == [len(DATA) - 1_000_000]


def test_a_second_start_neither_loads_nor_hashes(hub, entry, tmp_path):
    path = weights.fetch(entry, tmp_path, nothing)
    steps = []
    assert weights.fetch(entry, tmp_path, lambda *step: steps.append(step)) == path
    assert steps == []


def test_corrupt_bytes_are_never_used(entry, tmp_path):
    wrong = entry.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(WeightsError, match="corrupt"):
        weights.fetch(wrong, tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_loaded(hub, entry, tmp_path, monkeypatch):
    usage = weights.shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(WeightsError, match=r"0\.0 GB are free"):
        weights.fetch(entry, tmp_path, nothing)
    assert hub.served == []


def test_a_file_changed_since_it_was_checked_is_checked_again(entry, tmp_path):
    path = weights.fetch(entry, tmp_path, nothing)
    path.write_bytes(DATA[:-1] + b"x")
    assert weights.verified(entry, tmp_path) is None
    with pytest.raises(WeightsError, match="corrupt"):
        weights.fetch(entry, tmp_path, nothing)
