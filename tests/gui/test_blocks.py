import re
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


LINES = st.lists(st.sampled_from(["```", "~~~", "", "a b", "abab " * 5, "|-|", "- a", "`a`", "x" * 90]), max_size=30)


@given(LINES, st.integers(5, 60))
def test_blocks_hold_all_the_text_and_none_is_long(lines, limit):
    text = "\n".join(lines)
    with mock.patch.object(markdown, "_MAX_BLOCK_CHARS", limit):
        blocks = markdown.split_blocks(text)
    assert _letters("".join(blocks)) == _letters(text)
    assert all(len(block) <= 2 * limit + 20 for block in blocks)


def _letters(text):
    """Without blanks, and without the fences that a cut adds."""
    return re.sub(r"[\s`~]", "", text)


@given(LINES, st.integers(0, 300))
def test_only_the_last_block_changes_when_text_is_added(lines, cut):
    text = "\n".join(lines)
    before, after = markdown.split_blocks(text[:cut]), markdown.split_blocks(text)
    n_done = max(0, len(before) - 1)
    assert after[:n_done] == before[:n_done]


def test_code_that_is_cut_stays_code_on_both_sides():
    with mock.patch.object(markdown, "_MAX_BLOCK_CHARS", 40):
        blocks = markdown.split_blocks("```python\n" + "print(1)\n" * 10 + "```")
    assert len(blocks) > 1
    assert all(block.startswith("```python") and block.endswith("```") for block in blocks)


@pytest.mark.parametrize("bomb", ["- " * 3000 + "x", ">" * 4000, "|a" * 3000 + "|\n" + "|-" * 3000 + "|"])
def test_what_qt_would_take_seconds_for_is_shown_as_it_is_written(bomb):
    assert markdown.to_html(bomb).startswith("<pre")
