import hashlib
import json
import os
import pickle
import zlib

import pytest

from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.scene.history import History
from pymolcode_plugin.scene.recovery import load_recovered


@pytest.fixture
def folder(hiv_protease, tmp_path):
    """A folder that a session left."""
    hiv_protease.wizard("measurement")
    history = History(hiv_protease, tmp_path / "scene")
    history.keep()
    history.shelf.wait()
    return tmp_path / "scene"


class _Program:
    def __reduce__(self):
        return os.system, ("touch ran",)


def _doctor(folder, change):
    path = folder / "newest.state"
    first, _, body = path.read_bytes().partition(b"\n")
    plain = pickle.loads(zlib.decompress(body))
    body = zlib.compress(pickle.dumps(change(plain)))
    header = {**json.loads(first), "digest": hashlib.blake2b(body, digest_size=16).hexdigest()}
    path.write_bytes(json.dumps(header).encode() + b"\n" + body)


def test_a_state_is_read_as_it_was_written(hiv_protease, folder):
    wanted = History(hiv_protease).keep().hash
    hiv_protease.reinitialize()
    history = History(hiv_protease)
    mark = history.adopt(load_recovered(folder))
    assert mark.hash == wanted
    history.restore(mark.number)
    assert history.keep().hash == wanted


def test_the_wizard_is_not_in_the_file(folder):
    seen = {}
    _doctor(folder, lambda plain: seen.update(plain) or plain)
    assert seen["rest"].keys().isdisjoint({"wizard", "session", "cache"})


@pytest.mark.parametrize("key", ["wizard", "session", "cache", "anything"])
def test_a_key_that_is_never_written_is_not_passed_on(hiv_protease, folder, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _doctor(folder, lambda plain: {**plain, "rest": {**plain["rest"], key: pickle.dumps(_Program())}})
    history = History(hiv_protease)
    history.restore(history.adopt(load_recovered(folder)).number)
    assert not (tmp_path / "ran").exists()


def test_settings_that_this_pymol_does_not_have_are_passed_over(hiv_protease, folder):
    _doctor(folder, lambda plain: {**plain, "texts": {**plain["texts"], "no_such_setting": "1"}})
    history = History(hiv_protease)
    assert "no_such_setting" not in history.restore(history.adopt(load_recovered(folder)).number).text


def test_a_callback_object_is_not_passed_on(hiv_protease, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program = pickle.dumps(_Program())
    entry = ["evil", 0, 1, None, 5, [[5, "evil", 0, 0, [0] * 3, [0] * 3, 0, 0, None, 1, 0, [0] * 16, 0, None], program]]
    _doctor(folder, lambda plain: {**plain, "parts": [*plain["parts"], [entry, None]]})
    assert [part.name for part in load_recovered(folder).parts if part.kind == 5] == []


def test_a_program_in_the_file_is_refused_and_does_not_run(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _doctor(folder, lambda plain: {**plain, "texts": _Program()})
    with pytest.raises(SceneError, match=r"asks for posix.system|asks for nt.system"):
        load_recovered(folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "plain", [None, [], {}, {"parts": 3, "rest": {}, "texts": {}}, {"parts": [[["x"], None]], "rest": {}, "texts": {}}]
)
def test_nonsense_is_an_error_in_words(folder, plain):
    _doctor(folder, lambda _plain: plain)
    with pytest.raises(SceneError, match="makes no sense"):
        load_recovered(folder)


def test_a_file_cut_anywhere_is_an_error_in_words(folder):
    path = folder / "newest.state"
    data = path.read_bytes()
    for length in (0, 1, 20, data.index(b"\n"), data.index(b"\n") + 1, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(SceneError):
            load_recovered(folder)


def test_a_piece_that_is_changed_cut_or_gone_is_an_error_in_words(folder):
    piece = max((folder / "parts").iterdir(), key=lambda path: path.stat().st_size)
    data = piece.read_bytes()
    for content in (data[:-1], data[:10], b"", zlib.compress(b"something else")):
        piece.write_bytes(content)
        with pytest.raises(SceneError, match="damaged"):
            load_recovered(folder)
    piece.unlink()
    with pytest.raises(SceneError, match="cannot be read"):
        load_recovered(folder)
