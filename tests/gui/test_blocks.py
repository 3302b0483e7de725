import re
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui import blocks
from pymolcode_plugin.gui.blocks import Block, split_blocks


def parts(text):
    return [(block.kind, block.text) for block in split_blocks(text)]


def test_code_is_a_block_of_its_own_with_its_language_also_right_below_a_paragraph():
    assert split_blocks("one\n```Python\na\n\nb\n```\ntwo") == [
        Block("text", "one"), Block("code", "a\n\nb", "python"), Block("text", "two"),
    ]  # fmt: skip


def test_an_open_fence_swallows_what_follows_until_it_closes():
    assert split_blocks("one\n\n```\na\n\nb") == [Block("text", "one"), Block("code", "a\n\nb", "", closed=False)]


def test_a_fence_ends_only_with_as_many_of_the_same_marks():
    assert parts("````\n```\n~~~\n````\nx") == [("code", "```\n~~~"), ("text", "x")]


def test_code_in_a_list_loses_the_indent_of_the_list():
    assert parts("1. do\n\n   ```\n   a\n     b\n   ```\n2. then") == [
        ("text", "1. do"), ("code", "a\n  b"), ("text", "2. then"),
    ]  # fmt: skip


def test_a_table_is_a_block_also_right_below_a_paragraph():
    table = "| a | b |\n|---|:-:|\n| 1 | 2 |"
    assert parts(f"See:\n{table}\nafter") == [("text", "See:"), ("table", table), ("text", "after")]
    assert parts("a | b\nno rule") == [("text", "a | b\nno rule")]


def test_a_list_with_blank_lines_stays_together_so_that_its_numbers_go_on():
    text = "1. one\n\n2. two\n\n   more\n\nafter"
    assert parts(text) == [("text", "1. one\n\n2. two\n\n   more"), ("text", "after")]


def test_empty_text_has_no_blocks():
    assert split_blocks("\n\n") == []


LINES = st.lists(
    st.sampled_from(
        ["```", "```pml", "~~~", "", "a b", "abab " * 5, "|-|", "|a|b|", "- a", "2. b", "  c", "`a`", "x" * 90]
    ),
    max_size=30,
)


@given(LINES, st.integers(5, 60))
def test_blocks_hold_all_the_text_and_none_but_code_is_long(lines, limit):
    text = "\n".join(lines)
    with mock.patch.object(blocks, "_MAX_BLOCK_CHARS", limit):
        found = split_blocks(text)
    assert _letters("".join(block.language + block.text for block in found)) == _letters(text)
    assert all(len(block.text) <= 2 * limit + 20 for block in found if block.kind != "code")


def _letters(text):
    """Without blanks and fences, which code leaves out."""
    return re.sub(r"[\s`~]", "", text)


@given(LINES, st.integers(0, 300))
def test_only_the_last_block_changes_when_text_is_added(lines, cut):
    text = "\n".join(lines)
    before, after = split_blocks(text[:cut]), split_blocks(text)
    n_done = max(0, len(before) - 1)
    assert after[:n_done] == before[:n_done]


@given(LINES)
def test_code_written_down_again_is_the_same_code(lines):
    for block in split_blocks("\n".join(lines)):
        if block.kind == "code":
            assert split_blocks(block.markdown) == [block._replace(closed=True)]
