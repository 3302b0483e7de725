from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui import markdown
from pymolcode_plugin.gui.markdown import split_blocks


def test_a_code_fence_stays_one_block():
    assert split_blocks("one\n\n```\na\n\nb\n```\n\ntwo") == ["one", "```\na\n\nb\n```", "two"]


def test_an_open_fence_swallows_what_follows_until_it_closes():
    assert split_blocks("one\n\n```\na\n\nb") == ["one", "```\na\n\nb"]


def test_empty_text_has_no_blocks():
    assert split_blocks("\n\n") == []


@given(st.text(alphabet="ab` \n~|-", max_size=400), st.integers(5, 60))
def test_blocks_hold_all_the_text_and_none_is_long(text, limit):
    with mock.patch.object(markdown, "_MAX_BLOCK_CHARS", limit):
        blocks = markdown.split_blocks(text)
    kept = "".join("".join(blocks).split()).replace("`", "").replace("~", "")
    assert kept == "".join(text.split()).replace("`", "").replace("~", "")
    assert all(len(block) <= 3 * limit + 10 for block in blocks)


@given(st.text(alphabet="ab` \n", max_size=300), st.integers(0, 300))
def test_only_the_last_block_changes_when_text_is_added(text, cut):
    before, after = markdown.split_blocks(text[:cut]), markdown.split_blocks(text)
    assert after[: len(before) - 1] == before[:-1]


def test_code_that_is_cut_stays_code_on_both_sides():
    with mock.patch.object(markdown, "_MAX_BLOCK_CHARS", 40):
        blocks = markdown.split_blocks("```python\n" + "print(1)\n" * 10 + "```")
    assert len(blocks) > 1
    assert all(block.startswith("```python") and block.endswith("```") for block in blocks)


@pytest.mark.parametrize("bomb", ["- " * 3000 + "x", ">" * 4000, "|a" * 3000 + "|\n" + "|-" * 3000 + "|"])
def test_what_qt_would_take_seconds_for_is_shown_as_it_is_written(bomb):
    assert markdown.to_html(bomb).startswith("<pre")
