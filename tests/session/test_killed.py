"""A session is opened after its process was killed before each of 50 steps on the disk, in order."""

import os
import signal
import subprocess
import sys

import pytest

from pymolcode_plugin.session import bundle, lock
from pymolcode_plugin.session.opening import opened
from pymolcode_plugin.session.transcript import Transcript
from pymolcode_plugin.session.trust import Signer

from . import writer
from .chats import chat

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL, fork")
N_KILLS = 50


@pytest.fixture(scope="module")
def kill():
    """Writes a session in a process of its own, and kills it before its n-th step."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.session.writer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writing:

        def kill(step, folder):
            writing.stdin.write(f"{step} {folder}\n")
            writing.stdin.flush()
            pid = int(writing.stdout.readline())
            assert lock.is_open(folder), "while it stands still, it still has the session"
            os.kill(pid, signal.SIGKILL)
            assert writing.stdout.readline() == "dead\n"

        yield kill
        writing.stdin.close()


@pytest.mark.parametrize("step", range(1, N_KILLS + 1))
def test_the_session_opens_with_what_belongs_together(kill, tmp_path, step):
    folder = chat(tmp_path, "one", "hello")
    signer = Signer(tmp_path / "session.key")
    writer.turn(Transcript.reopened(folder, lock.take(folder)), signer, 0)
    kill(step, folder)
    found = opened(folder, tmp_path, signer)
    assert found.said == ()
    assert found.transcript.folder == folder, "the dead process has no lock any more"
    assert found.saved.trusted
    number = int(found.saved.manifest.scene.mark)
    assert found.saved.read("memory") == b"memory %d" % number
    assert found.saved.read("scene") == b"scene %d " % number * 1000
    told = [event.text for event in found.events if event.kind == "notice"]
    assert told[: number + 1] == [f"turn {one}" for one in range(number + 1)]
    assert len(told) <= number + 2
    pictures = [event.image_png for event in found.events if event.kind == "step_finished"][1:]
    assert pictures == [b"\x89PNG%d" % one for one in range(len(pictures))], "every one that is named is there"
    writer.turn(found.transcript, signer, 100)
    assert bundle.load(folder, signer).read("memory") == b"memory 100"
    left = sorted(path.name.split("-")[0] for path in folder.iterdir())
    assert left == ["images", "lock", "manifest.json", "memory", "scene", "transcript.jsonl"], "nothing is left over"
    found.transcript.close()


def test_the_steps_reach_through_several_turns(kill, tmp_path):
    """So that the kills above meet every step of one."""
    folder = chat(tmp_path, "one", "hello")
    kill(N_KILLS, folder)
    found = opened(folder, tmp_path, Signer(tmp_path / "session.key"))
    assert int(found.saved.manifest.scene.mark) >= 2
    found.transcript.close()
