import os
import zipfile

import pytest

from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.session import bundle, one_file
from pymolcode_plugin.session.bundle import Manifest
from pymolcode_plugin.session.opening import opened
from pymolcode_plugin.session.title import rename
from pymolcode_plugin.session.trust import Signer

from .chats import chat

PICTURE = f"images/{'0' * 32}.png"


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path / "session.key")


@pytest.fixture
def saved(tmp_path, signer):
    """A session as one file."""
    folder = chat(tmp_path / "sessions", "one", "hello")
    bundle.keep(folder, {"memory": b"m", "scene": b"s"}, signer, about=Manifest())
    rename(folder, "Mine")
    (folder / "images").mkdir()
    (folder / PICTURE).write_bytes(b"png")
    (folder / "notes.txt").write_text("not the session's")
    one_file.write(folder, tmp_path / "chat.pymolcode")
    return tmp_path / "chat.pymolcode"


def test_a_session_goes_through_one_file(saved, tmp_path, signer):
    folder = one_file.read(saved, tmp_path / "other")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "about.json", PICTURE, "lock", "manifest.json", "memory-1.json", "scene-1.pse", "transcript.jsonl",
    ]  # fmt: skip
    found = opened(folder, tmp_path / "other", signer)
    assert (found.saved.trusted, found.saved.read("scene"), len(found.events)) == (True, b"s", 5)
    assert found.transcript.folder == folder


def test_to_another_installation_it_is_somebody_elses(saved, tmp_path):
    folder = one_file.read(saved, tmp_path / "other")
    found = opened(folder, tmp_path / "other", Signer(tmp_path / "other.key"))
    assert not found.saved.trusted


def archive(tmp_path, *names, data=b"x", times=1):
    path = tmp_path / "evil.pymolcode"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, data * times)
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "/etc/evil", "images/../../evil", "C:\\evil", "..\\evil", "lock"),
        *("images/evil.png", "scene-1.exe", "a/b", "memory-1.json/../x"),
    ],
)
def test_names_that_no_session_has_are_refused_before_anything_is_unpacked(tmp_path, name):
    with pytest.raises(SessionError, match="cannot be opened as a chat"):
        one_file.read(archive(tmp_path, "manifest.json", name), tmp_path / "root")
    assert not (tmp_path / "root").exists()


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    bomb = archive(tmp_path, "transcript.jsonl", data=b"\0" * 2**20, times=64)
    with pytest.raises(SessionError, match="unpacks to too much"):
        one_file.read(bomb, tmp_path / "root")
    monkeypatch.setattr(one_file, "_MAX_BYTES", 2**20)
    with pytest.raises(SessionError, match="too large"):
        one_file.read(bomb, tmp_path / "root")


def test_an_entry_that_says_less_than_it_holds_is_refused(tmp_path):
    path = archive(tmp_path, "transcript.jsonl", times=1000)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24  # the size in the directory
    data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(SessionError, match="cannot be opened"):
        one_file.read(path, tmp_path / "root")
    assert list((tmp_path / "root").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_in_it_is_a_file_with_its_text(tmp_path):
    path = tmp_path / "evil.pymolcode"
    with zipfile.ZipFile(path, "w") as made:
        entry = zipfile.ZipInfo("transcript.jsonl")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    folder = one_file.read(path, tmp_path / "root")
    assert not (folder / "transcript.jsonl").is_symlink()
    assert (folder / "transcript.jsonl").read_text() == "/etc/passwd"


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100])
def test_what_is_no_such_file_is_said(tmp_path, data):
    (tmp_path / "x.pymolcode").write_bytes(data)
    with pytest.raises(SessionError, match=r"x\.pymolcode cannot be opened as a chat"):
        one_file.read(tmp_path / "x.pymolcode", tmp_path / "root")
    with pytest.raises(SessionError, match="No such file"):
        one_file.read(tmp_path / "gone.pymolcode", tmp_path / "root")


def test_a_cut_file_leaves_no_session(saved, tmp_path):
    data = bytearray(saved.read_bytes())
    data[60:90] = b"\xff" * 30
    saved.write_bytes(data)
    with pytest.raises(SessionError, match="cannot be opened"):
        one_file.read(saved, tmp_path / "other")
    assert not (tmp_path / "other").exists() or list((tmp_path / "other").iterdir()) == []


def test_nothing_said_is_nothing_to_save_and_a_failure_leaves_the_old_file(saved, tmp_path):
    with pytest.raises(SessionError, match="nothing was said"):
        one_file.write(tmp_path, saved)
    assert zipfile.is_zipfile(saved)
    with pytest.raises(SessionError, match="cannot be written"):
        one_file.write(tmp_path / "sessions" / "one", tmp_path / "no folder" / "x.pymolcode")
