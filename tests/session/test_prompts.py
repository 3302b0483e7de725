import stat
import subprocess
import sys

import pytest

from pymolcode_plugin import masking
from pymolcode_plugin.session import prompts as module
from pymolcode_plugin.session.prompts import Prompts


@pytest.fixture
def prompts(tmp_path):
    return Prompts(tmp_path / "home" / "prompts.jsonl")


def path_of(prompts):
    return prompts._path


def test_what_was_asked_in_one_session_is_there_in_the_next(prompts):
    for text in ("first", "second\nof two lines", "  second\nof two lines ", "日本語 ✓"):
        prompts.add(text)
    assert Prompts(path_of(prompts)).recent() == ("first", "second\nof two lines", "日本語 ✓")


def test_before_anything_was_asked_there_is_nothing(prompts):
    assert prompts.recent() == ()


def test_only_the_user_may_read_it(prompts):
    prompts.add("x")
    assert stat.S_IMODE(path_of(prompts).stat().st_mode) == 0o600
    assert stat.S_IMODE(path_of(prompts).parent.stat().st_mode) == 0o700


def test_keys_never_reach_the_disk(prompts):
    masking.hide("a-known-canary-secret")
    prompts.add("use a-known-canary-secret and\nsk-canary-0123456789abcdef please")
    written = path_of(prompts).read_text()
    assert "canary" not in written
    assert prompts.recent() == ("use ******** and\n******** please",)


def test_half_characters_and_lines_that_are_not_ours_do_no_harm(prompts):
    prompts.add("half \ud83d of one")
    with path_of(prompts).open("ab") as file:
        file.write(b'[1]\n{"text": 5}\nno json\n{"text": "good"}\n{"text": "cut in the mid')
    prompts.add("after the cut")
    assert prompts.recent() == ("half \ufffd of one", "good", "after the cut")


def test_what_was_pasted_by_the_megabyte_is_not_kept(prompts):
    prompts.add("x" * 1_000_000)
    assert prompts.recent() == ()


def test_the_file_stays_within_bounds_and_keeps_the_newest(prompts, monkeypatch):
    monkeypatch.setattr(module, "_MAX_BYTES", 2_000)
    for number in range(300):
        prompts.add(f"question {number}")
        assert path_of(prompts).stat().st_size <= 2_000
    recent = prompts.recent()
    assert recent[-1] == "question 299"
    assert len(recent) > 20
    assert recent == tuple(f"question {number}" for number in range(300 - len(recent), 300))


WRITE = """
import sys
from pathlib import Path
from pymolcode_plugin.session import prompts
prompts._MAX_BYTES = 4000
for number in range(60):
    prompts.Prompts(Path(sys.argv[1])).add(f"{sys.argv[2]} {number}")
"""


def test_several_pymols_write_at_once_and_no_line_is_broken(prompts):
    path_of(prompts).parent.mkdir()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(path_of(prompts)), name]) for name in ("one", "two", "three")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    lines = path_of(prompts).read_bytes().splitlines()
    assert len(prompts.recent()) == len(lines), "every line can be read"
    assert {"one 59", "two 59", "three 59"} <= set(prompts.recent())
