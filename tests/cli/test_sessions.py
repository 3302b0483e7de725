import json
import os

import pytest

from pymolcode_plugin.cli.sessions import list_sessions, to_resume
from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.session import one_file

from ..session.chats import chat


@pytest.fixture
def two():
    root = paths.sessions_folder()
    chat(root, "2026-01-01_00-00-00", "find the \x1b[31msalt bridge", diff="added 1hpv (9 atoms)")
    chat(root, "2026-01-02_00-00-00", "make a figure")
    os.utime(root / "2026-01-01_00-00-00" / "transcript.jsonl", (1, 1))
    return root


def test_chats_are_listed_newest_first_without_escapes(two, capsys):
    assert list_sessions([]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "2026-01-02_00-00-00"
    assert first.endswith("1 turn  Make a figure")
    assert "salt bridge" in second
    assert "\x1b" not in second


def test_words_find_and_json_has_it_all(two, capsys):
    assert list_sessions(["salt", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["folder"], found["structures"]) == ("2026-01-01_00-00-00", ["1hpv"])
    assert list_sessions(["nothing"]) == 1


def test_without_any_it_says_so(capsys):
    assert list_sessions([]) == 1
    assert "No chats yet" in capsys.readouterr().err
    with pytest.raises(SessionError, match="No chats yet"):
        to_resume([])


def test_the_chat_to_go_on_with_is_found_by_id_words_or_age(two):
    assert "plugin.resume('2026-01-01_00-00-00')" in to_resume(["2026-01-01_00-00-00"])
    assert "plugin.resume('2026-01-01_00-00-00')" in to_resume(["salt"])
    assert "plugin.resume('2026-01-02_00-00-00')" in to_resume([])
    with pytest.raises(SessionError, match="2 chats may be meant"):
        to_resume(["done"])
    with pytest.raises(SessionError, match="all of these words"):
        to_resume(["..", "zzz"])


def test_a_file_becomes_a_chat(two, tmp_path):
    one_file.write(two / "2026-01-02_00-00-00", tmp_path / "x.pymolcode")
    line = to_resume([str(tmp_path / "x.pymolcode")])
    (new,) = [path.name for path in two.iterdir() if not path.name.startswith("2026-01-0")]
    assert f"plugin.resume('{new}')" in line


def test_a_name_that_could_be_code_is_not_made_a_line_of_it(two):
    evil = two / "x'); import os; ('"
    (two / "2026-01-02_00-00-00").rename(evil)
    with pytest.raises(SessionError, match="unusual name"):
        to_resume(["figure"])
