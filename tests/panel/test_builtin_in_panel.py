"""The real built-in model behind the panel: its answers, its death, and its end with PyMOL."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..pymol_process import INSIDE, ROOT, environment
from .test_panel import play, transcript_kinds  # noqa: F401  # the fixture

pytestmark = [pytest.mark.window, pytest.mark.model]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """Where the first start leaves the evaluated instructions; on one processor they take minutes."""
    return tmp_path_factory.mktemp("prefixes")


@pytest.fixture
def weights(tmp_path, evaluated):
    """The model's file; the home of the window is that of a user who started the model before, but for the first."""
    path = os.environ.get("PYMOLCODE_WEIGHTS", "")
    if not Path(path).is_file():
        pytest.skip("PYMOLCODE_WEIGHTS names no file")
    kept = tmp_path / ".pymolcode" / "models" / "prefixes"
    shutil.copytree(evaluated, kept)
    yield path
    shutil.copytree(kept, evaluated, dirs_exist_ok=True)


def test_the_model_answers_and_when_it_is_killed_in_the_middle_the_next_message_starts_it_again(play, weights):  # noqa: F811
    seen = play("builtin", timeout_s=600, env={"PYMOLCODE_MODEL": "builtin", "PYMOLCODE_WEIGHTS": weights})
    assert "recoloured 8 atoms of 1hpv" in seen["first"]
    shown, state = seen["died"]
    assert "stopped in the middle" in shown
    assert "starts it again" in state
    assert seen["shown"].count("Done: recoloured") == 2
    assert transcript_kinds(seen).count("turn_finished") == 3


@pytest.mark.parametrize("end", ["quit", "close", "kill"])
def test_the_server_ends_with_pymol_however_it_ends_and_no_message_is_lost(tmp_path, weights, end):
    report = tmp_path / "seen.json"
    arguments = {"report": str(report), "scenario": "stay", "end": end}
    path = os.pathsep.join((str(INSIDE), str(ROOT)))
    env = environment(
        tmp_path,
        PYTHONPATH=path,
        PYMOLCODE_TEST_ARGUMENTS=json.dumps(arguments),
        PYMOLCODE_MODEL="builtin",
        PYMOLCODE_WEIGHTS=weights,
    )
    command = [sys.executable, "-m", "pymol", "-q", str(INSIDE / "scenarios.py")]
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seen = _wait_for(
            lambda: json.loads(report.read_text()) if report.is_file() and report.read_text() else None, 200
        )
        if end == "kill":
            os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        _wait_for(lambda: not _alive(seen["server"]) or None, 10)
    finally:
        process.kill()
        process.wait()
    assert transcript_kinds(seen) == ["turn_started", "step_started", "step_finished", "text_delta", "turn_finished"]


@pytest.mark.parametrize("content", [b"", b"GGUF but no more", None])
def test_a_broken_weight_file_is_said_and_what_needs_no_model_still_works(play, weights, tmp_path, content):  # noqa: F811
    broken = tmp_path / "broken.gguf"
    with Path(weights).open("rb") as whole:
        broken.write_bytes(whole.read(20_000_000) if content is None else content)
    seen = play("broken_weights", timeout_s=200, env={"PYMOLCODE_MODEL": "builtin", "PYMOLCODE_WEIGHTS": str(broken)})
    assert "could not start" in seen["failed"][0]
    assert seen["red"] == 758
    assert "could not start" in seen["shown"]


def test_without_weights_the_panel_offers_to_download_them(play):  # noqa: F811
    seen = play("broken_weights", timeout_s=200, env={"PYMOLCODE_MODEL": "builtin", "PYMOLCODE_WEIGHTS": ""})
    assert seen["failed"] == ["Not downloaded (1.1 GB)", True]
    assert seen["red"] == 758
    assert "Press Download at the top of the panel." in seen["shown"]
    assert "`" not in seen["shown"], "no command that a Plugin Manager installation lacks"


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_for(look, limit_s):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    raise TimeoutError
