import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import ModelUnavailable, PymolcodeError, StreamBroken
from pymolcode_plugin.llm.builtin import BuiltinServer

GRAMMAR = 'root ::= "red" | "blue"'


@pytest.fixture
def weights():
    path = os.environ.get("PYMOLCODE_WEIGHTS", "")
    assert path, "PYMOLCODE_WEIGHTS must name the built-in model's file; `python3 -m installer test` sets it"
    return Path(path)


@pytest.fixture
async def server(weights):
    server = BuiltinServer(weights)
    await server.start()
    yield server
    await server.stop()


@pytest.mark.model
async def test_the_model_answers_under_a_grammar_from_a_prefix_kept_on_disk(server):
    prefix = "The sky is blue, blood is red. " * 20
    await server.warm(prefix)
    await server.stop()
    await server.start()
    await server.warm(prefix)
    answer = await server.complete(prefix + "Blood is", grammar=GRAMMAR, max_tokens=4)
    assert answer.text in ("red", "blue")
    assert answer.n_cached > 100
    assert answer.n_prompt < 10


@pytest.mark.model
async def test_a_killed_server_is_said_and_starts_again(server):
    os.kill(server._process.pid, signal.SIGKILL)
    server._process.wait()
    with pytest.raises(PymolcodeError, match="built-in model"):
        await server.complete("x", grammar=GRAMMAR, max_tokens=4)
    await server.start()
    assert (await server.complete("x", grammar=GRAMMAR, max_tokens=4)).text in ("red", "blue")


@pytest.fixture
def dying():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.3)"]) as process:
        yield process


async def test_a_child_that_breaks_off_before_it_is_over_is_not_taken_for_alive(tmp_path, dying):
    def break_off(_request):
        raise httpx2.ReadError("")

    server = BuiltinServer(tmp_path / "any.gguf")
    server._client = httpx2.AsyncClient(base_url="http://127.0.0.1", transport=httpx2.MockTransport(break_off))
    server._process = dying
    assert server.alive
    with pytest.raises(StreamBroken):
        await server.complete("x", grammar=GRAMMAR, max_tokens=4)
    assert not server.alive


@pytest.mark.model
async def test_the_key_is_in_no_process_list_and_no_repr(server):
    command_line = Path(f"/proc/{server._process.pid}/cmdline").read_text()
    environment = Path(f"/proc/{server._process.pid}/environ").read_text()
    assert server.key not in command_line + environment + repr(server)


async def test_a_file_that_is_no_model_is_said(tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF but not really")
    server = BuiltinServer(broken)
    with pytest.raises(ModelUnavailable, match="could not start"):
        await server.start()
    assert not server.alive


async def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    in_the_way = tmp_path / "home"
    in_the_way.mkdir()
    (in_the_way / "logs").write_text("a file where a folder should be")
    monkeypatch.setenv("PYMOLCODE_HOME", str(in_the_way))
    with pytest.raises(ModelUnavailable, match="could not start"):
        await BuiltinServer(tmp_path / "any.gguf").start()


@pytest.mark.model
async def test_without_room_for_the_evaluated_prefix_the_model_works_all_the_same(server, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "_slot_name", lambda _prefix: "no_such_folder/x.slot")
    await server.warm("The sky is blue, blood is red. " * 5)
    assert (await server.complete("Blood is", grammar=GRAMMAR, max_tokens=4)).text in ("red", "blue")


@pytest.mark.model
async def test_a_kept_prefix_that_was_cut_is_evaluated_anew(server):
    prefix = "The sky is blue, blood is red. " * 15
    await server.warm(prefix)
    file = next((paths.models_folder() / "prefixes").glob("*.slot"))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    await server.stop()
    await server.start()
    await server.warm(prefix)
    assert file.read_bytes() == whole
    assert (await server.complete(prefix + "Blood is", grammar=GRAMMAR, max_tokens=4)).n_cached > 100
