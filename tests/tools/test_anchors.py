import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pymolcode_plugin.tools.anchors import Anchored, AnchorUnknown, Change, Overlap, apply, split

# Few different lines, so that blocks repeat and runs occur.
lines_of_text = st.lists(st.sampled_from(["", "a", "b", "color red"]), min_size=1, max_size=12)


def resolved(lines, anchor):
    return Anchored(lines).change("delete", anchor, "", "").start


def test_an_anchor_is_eight_hex_digits_and_no_two_lines_share_one():
    names = Anchored(["a", "b", "a", "b", "", "", "a", "b", "a"]).names
    assert all(len(name) == 8 and set(name) <= set("0123456789abcdef") for name in names)
    assert len(set(names)) == len(names)


def test_anchors_survive_insertions_elsewhere():
    lines = ["load x.pdb", "color red", "zoom", "color red", "png x.png"]
    names = Anchored(lines).names
    longer = ["# new", *lines[:4], "ray", "# more", *lines[4:]]
    assert resolved(longer, f"2:{names[1]}") == 2
    assert resolved(longer, f"3:{names[2]}|zoom") == 3
    assert resolved(longer, names[1].upper()) == 2


def test_of_equal_lines_that_cannot_be_told_apart_none_is_found_after_a_change():
    lines = ["a", "x", "b", "a", "x", "b", "a", "x", "b"]
    names = Anchored(lines).names
    assert resolved(lines, names[4]) == 4
    with pytest.raises(AnchorUnknown) as error:
        resolved(["new", *lines], f"5:{names[4]}")
    assert error.value.near == 4


@given(lines_of_text, st.data())
def test_every_line_is_found_by_its_anchor(lines, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    assert resolved(lines, Anchored(lines).names[at]) == at


@given(lines_of_text, st.data())
def test_a_line_that_was_changed_or_removed_is_not_found(lines, data):
    at = data.draw(st.integers(0, len(lines) - 1))
    name = Anchored(lines).names[at]
    instead = data.draw(st.sampled_from([[], ["a"], ["b"], ["c"], [""], ["c", "d"]]))
    assume(instead != [lines[at]])
    with pytest.raises(AnchorUnknown):
        resolved([*lines[:at], *instead, *lines[at + 1 :]], name)


@given(lines_of_text, lines_of_text, st.data())
def test_a_line_that_is_found_has_the_text_it_was_read_with(before, after, data):
    at = data.draw(st.integers(0, len(before) - 1))
    try:
        found = resolved(after, Anchored(before).names[at])
    except AnchorUnknown:
        return
    assert after[found] == before[at]


def test_edits_that_make_no_sense_say_why():
    anchored = Anchored(["a", "b", "c"])
    first, _, last = anchored.names
    with pytest.raises(ValueError, match="is before"):
        anchored.change("replace", last, first, "x")
    with pytest.raises(ValueError, match="takes no end_anchor"):
        anchored.change("insert_after", first, last, "x")
    with pytest.raises(ValueError, match="takes no text"):
        anchored.change("delete", first, "", "x")


def test_edits_of_one_line_are_refused_and_neighbouring_ones_are_not():
    lines = ["a", "b", "c"]
    with pytest.raises(Overlap, match="line 2"):
        apply(lines, [Change(0, 2, ("x",)), Change(1, 2, ())])
    with pytest.raises(Overlap):
        apply(lines, [Change(0, 3, ("x",)), Change(1, 1, ("y",))])
    edits = [Change(1, 1, ("1",)), Change(1, 2, ("B",)), Change(2, 2, ("3",)), Change(1, 1, ("2",))]
    assert apply(lines, edits) == ["a", "1", "2", "B", "3", "c"]


def test_a_text_is_split_as_it_is_meant():
    assert split("a\r\nb\n") == ["a", "b"]
    assert split("") == [""]
    assert split("a\n\n") == ["a", ""]
