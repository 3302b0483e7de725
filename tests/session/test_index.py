import json
import os

import pytest

from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.core.events import Notice
from pymolcode_plugin.session import bundle, index
from pymolcode_plugin.session.bundle import KeptScene, Manifest
from pymolcode_plugin.session.index import Index
from pymolcode_plugin.session.title import rename
from pymolcode_plugin.session.transcript import Transcript
from pymolcode_plugin.session.trust import Signer

from .chats import chat


@pytest.fixture
def root(tmp_path):
    return tmp_path / "sessions"


@pytest.fixture
def listed(tmp_path, root):
    return lambda: Index(root, tmp_path / "cache.json").sessions()


def test_a_session_is_listed_with_what_it_is_about(root, listed):
    chat(
        root,
        "one",
        "colour it red",
        "again",
        answer="It is **red**.",
        diff="added 1hpv (1,631 atoms); added measure01 (measurement of 1 value)",
        commands=("fetch 4HHB, async=0", "color red"),
        model="built-in",
    )
    (one,) = listed()
    assert (one.folder, one.n_turns, one.model) == ("one", 2, "built-in")
    assert one.structures == ("4HHB", "1hpv") or one.structures == ("1hpv", "4HHB")
    assert one.title == "Colour it red · 1hpv, 4HHB"
    assert one.preview[-2:] == (("You", "again"), ("Agent", "It is **red**."))
    assert one.updated_at == pytest.approx((root / "one" / "transcript.jsonl").stat().st_mtime)


def test_objects_of_the_kept_scene_come_first(root, listed, tmp_path):
    folder = chat(root, "one", "x", diff="added 4hhb (1 atom)")
    scene = KeptScene(objects=("1HPV", "map"))
    bundle.keep(folder, {"scene": b"s"}, Signer(tmp_path / "k"), about=Manifest(), scene=scene)
    assert listed()[0].structures == ("1HPV", "map", "4hhb")


def test_the_newest_is_first_and_folders_in_which_nothing_was_said_are_left_out(root, listed):
    chat(root, "old", "first")
    chat(root, "new", "second")
    os.utime(root / "old" / "transcript.jsonl", (1, 1))
    (root / "empty").mkdir()
    (root / "file").touch()
    assert [item.folder for item in listed()] == ["new", "old"]


def test_what_did_not_change_is_not_read_again_and_what_did_is(root, listed, monkeypatch):
    for name in ("one", "two", "three"):
        chat(root, name, f"about {name}")
    assert len(listed()) == 3
    read = []
    original = index.summarised
    monkeypatch.setattr(index, "summarised", lambda folder: read.append(folder.name) or original(folder))
    assert len(listed()) == 3
    assert read == []
    rename(root / "two", "Another name")
    assert {item.title for item in listed()} == {"About one", "Another name", "About three"}
    assert read == ["two"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99, "entries": {}}', '{"entries": {"one": 7}}'])
def test_a_cache_that_is_wrong_is_made_again(root, listed, tmp_path, text):
    chat(root, "one", "hello")
    (tmp_path / "cache.json").write_text(text)
    assert [item.title for item in listed()] == ["Hello"]
    assert json.loads((tmp_path / "cache.json").read_text())["entries"].keys() == {"one"}


def test_without_a_folder_there_is_nothing(listed):
    assert listed() == []


def test_a_session_is_removed_whole_but_never_one_that_is_open(root, tmp_path):
    chat(root, "one", "hello")
    sessions = Index(root, tmp_path / "cache.json")
    transcript = Transcript(root / "two")
    transcript.append(Notice(text="x"))
    with pytest.raises(SessionError, match="open"):
        sessions.remove("two")
    sessions.remove("one")
    assert [path.name for path in root.iterdir()] == ["two"]
    for name in ("one", "..", "../sessions", ""):
        with pytest.raises(SessionError, match="gone"):
            sessions.remove(name)
