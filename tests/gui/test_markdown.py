from pymolcode_plugin.gui.markdown import split_blocks


def test_a_code_fence_stays_one_block():
    assert split_blocks("one\n\n```\na\n\nb\n```\n\ntwo") == ["one", "```\na\n\nb\n```", "two"]


def test_an_open_fence_swallows_what_follows_until_it_closes():
    assert split_blocks("one\n\n```\na\n\nb") == ["one", "```\na\n\nb"]


def test_empty_text_has_no_blocks():
    assert split_blocks("\n\n") == []
