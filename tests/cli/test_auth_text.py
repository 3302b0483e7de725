"""Widths, words for times, and text that somebody else wrote."""

import pytest

from pymolcode_plugin.cli.auth_text import clock, duration, plain, table, wrapped
from pymolcode_plugin.masking import hide

from .auth_command import KEY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.5, "less than a minute"), (59.9, "1 minute"), (899.8, "15 minutes"), (5400, "1 hour"), (260000, "3 days")],
)
def test_durations_are_words(seconds, words):
    assert duration(seconds) == words


def test_a_countdown_is_minutes_and_seconds():
    assert clock(65.9) == "1:05"


def test_what_others_wrote_moves_no_cursor_and_holds_no_secret():
    hide(KEY)
    assert plain(f"a\x1b[2Jb\r\n\u202e{KEY} Bearer abcdefgh") == "a [2Jb ******** ********"
    assert plain("x" * 300) == "x" * 197 + "..."


def test_lines_keep_to_the_width_but_addresses_stay_whole():
    address = "https://example.org/" + "x" * 60
    lines = wrapped(f"Open this address in a browser: {address} and wait", indent=4, width=30).split("\n")
    assert f"    {address}" in lines
    assert all(len(line) <= 30 for line in lines if address not in line)
    assert wrapped("word " * 50, width=0) == "word " * 50


def test_a_table_that_is_too_wide_becomes_blocks_and_nothing_is_cut():
    heads, rows = ["MODEL", "CAN", "CONTEXT"], [["vendor/a-model-with-a-long-name", "TI", "200k"], ["b", "", "1M"]]
    assert table(heads, rows, width=0)[0] == f"{'MODEL':<31}  CAN  CONTEXT"
    assert table(heads, rows, width=31) == [
        "vendor/a-model-with-a-long-name",
        "  can      TI",
        "  context  200k",
        "b",
        "  context  1M",
    ]
    assert table(heads, [], width=80) == ["MODEL  CAN  CONTEXT"]
