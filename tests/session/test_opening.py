import json
import os
import subprocess
import sys

import pytest

from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.core.events import Notice, StepFinished
from pymolcode_plugin.session import bundle, lock
from pymolcode_plugin.session.bundle import Manifest
from pymolcode_plugin.session.opening import opened
from pymolcode_plugin.session.title import read_about, rename
from pymolcode_plugin.session.transcript import Transcript
from pymolcode_plugin.session.trust import Signer

from .chats import chat


@pytest.fixture
def root(tmp_path):
    return tmp_path / "sessions"


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path / "session.key")


def test_a_session_is_gone_on_with_where_it_was(root, signer):
    folder = chat(root, "one", "hello")
    bundle.keep(folder, {"memory": b"m"}, signer, about=Manifest())
    found = opened(folder, root, signer)
    assert (found.transcript.folder, found.said, found.saved.read("memory")) == (folder, (), b"m")
    assert not any(event.undoable for event in found.events if isinstance(event, StepFinished))
    found.transcript.append(Notice(text="more"))
    assert list(found.transcript.events())[-1] == Notice(text="more")
    assert len(list(found.transcript.events())) == 6
    assert lock.is_open(folder)


WRITER = """
import sys
from pathlib import Path
from pymolcode_plugin.core.events import Notice
from pymolcode_plugin.session import lock
from pymolcode_plugin.session.transcript import Transcript
folder = Path(sys.argv[1])
transcript = Transcript.reopened(folder, lock.take(folder))
for line in sys.stdin:
    transcript.append(Notice(text=line.strip()))
    print("written", flush=True)
"""


def test_one_that_is_open_elsewhere_is_opened_as_a_copy_and_neither_disturbs_the_other(root, signer):
    folder = chat(root, "one", "hello")
    rename(folder, "Mine")
    bundle.keep(folder, {"memory": b"m", "scene": b"s"}, signer, about=Manifest())
    (folder / "images").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:

        def write(text):
            other.stdin.write(f"{text}\n")
            other.stdin.flush()
            assert other.stdout.readline() == "written\n"

        write("before")
        found = opened(folder, root, signer)
        assert found.transcript.folder != folder
        assert found.said == ("This session is open in another PyMOL; a copy of it is open here.",)
        assert (found.saved.folder, found.saved.trusted) == (found.transcript.folder, True)
        assert (found.saved.read("memory"), found.saved.read("scene")) == (b"m", b"s")
        assert read_about(found.transcript.folder).origin == "one"
        assert read_about(found.transcript.folder).title == "Mine"
        for number in range(20):
            write(f"theirs {number}")
            found.transcript.append(Notice(text=f"ours {number}"))
        other.stdin.close()
        other.wait()
    theirs = [event.text for event in Transcript(folder).events() if event.kind == "notice"]
    ours = [event.text for event in found.transcript.events() if event.kind == "notice"]
    assert theirs == ["before", *(f"theirs {number}" for number in range(20))]
    assert ours == ["before", *(f"ours {number}" for number in range(20))]


def test_what_another_installation_wrote_stays_as_it_is(root, signer, tmp_path):
    folder = chat(root, "one", "hello")
    bundle.keep(folder, {"scene": b"s"}, Signer(tmp_path / "other.key"), about=Manifest())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = opened(folder, root, signer)
    assert found.transcript.folder != folder
    assert not found.saved.trusted
    assert "not written by this installation" in found.said[0]
    bundle.keep(found.transcript.folder, {"memory": b"m"}, signer, about=Manifest())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_manifest_costs_the_scene_and_not_the_chat(root, signer):
    folder = chat(root, "one", "hello")
    (folder / bundle.FILE).write_text("{")
    found = opened(folder, root, signer)
    assert len(found.events) == 5
    assert found.saved is None
    assert "damaged" in found.said[0]


def test_a_session_of_the_earlier_pymolcode_becomes_one_of_ours(root, signer):
    folder = root / "abc"
    folder.mkdir(parents=True)
    (folder / "chat.json").write_text(json.dumps({"messages": [{"role": "user", "content": "hi"}]}))
    (folder / "scene.pse").write_bytes(b"pickle")
    found = opened(folder, root, signer)
    assert (found.scene, found.saved, found.transcript.folder != folder) == (b"pickle", None, True)
    assert [event.kind for event in found.transcript.events()] == ["turn_started", "turn_finished"]
    assert sorted(path.name for path in folder.iterdir()) == ["chat.json", "scene.pse"]


def test_what_is_not_there_is_said(root, signer):
    with pytest.raises(SessionError, match="gone"):
        opened(root / "nothing", root, signer)
    (root / "empty").mkdir(parents=True)
    (root / "empty" / "chat.json").write_text("{}")
    with pytest.raises(SessionError, match="Nothing can be read"):
        opened(root / "empty", root, signer)
    assert [path.name for path in root.iterdir()] == ["empty"]


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_is_no_session(root, signer, tmp_path):
    chat(tmp_path, "elsewhere", "hello")
    root.mkdir()
    (root / "one").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SessionError, match="gone"):
        opened(root / "one", root, signer)
