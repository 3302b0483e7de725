import os
from pathlib import Path

import pytest

from pymolcode_plugin import whole_files


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path):
    target, link = tmp_path / "real.png", tmp_path / "link.png"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    whole_files.write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert {item.name for item in tmp_path.iterdir()} == {"link.png", "real.png"}


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(*_args, **_more):
        raise OSError("no space left")

    monkeypatch.setattr(whole_files, "finish", full)
    with pytest.raises(OSError, match="no space"):
        whole_files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


def test_what_is_put_is_the_users_alone_and_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "piece"
    whole_files.put(path, b"old")
    assert path.read_bytes() == b"old"
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600

    def full(*_args):
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        whole_files.put(path, b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["piece"]


def test_what_was_killed_is_taken_away_and_what_somebody_made_by_hand_stays(tmp_path):
    path = tmp_path / "auth.json"
    left, empty = whole_files.begin(path), whole_files.begin(path).parent
    left.write_bytes(b"half")
    theirs = [tmp_path / ".auth-backups" / "auth.json", tmp_path / ".auth.json.part-mine" / "notes.txt"]
    for kept in theirs:
        kept.parent.mkdir()
        kept.write_bytes(b"theirs")
    whole_files.discard_left(path)
    assert not left.parent.exists()
    assert not empty.exists()
    assert [kept.read_bytes() for kept in theirs] == [b"theirs"] * 2
