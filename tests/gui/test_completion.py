import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui.completion import Finder, Trigger, choices, trigger


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("/", Trigger("command", "/", "")),
        ("/mo", Trigger("command", "/mo", "mo")),
        ("/mode ", Trigger("argument", "", "", "mode")),
        ("/mode  au", Trigger("argument", "au", "au", "mode")),
        ("/mode auto x", None),
        ("show /mo", None),
        ("/1hpv", None),
        ("@", Trigger("mention", "@", "")),
        ("colour @1h", Trigger("mention", "@1h", "1h")),
        ("colour @1hpv ", None),
        ("colour @chain ", Trigger("mention", "@chain ", "chain ")),
        ("colour @chain A", Trigger("mention", "@chain A", "chain A")),
        ("colour @chain A ", None),
        ('load @"my fi', Trigger("mention", '@"my fi', "my fi")),
        ('load @"my file"', None),
        ("ada@exam", None),
        ("(@/1hpv//", Trigger("mention", "@/1hpv//", "/1hpv//")),
        ("first\nsecond @x", Trigger("mention", "@x", "x")),
        ("", None),
    ],
)
def test_what_asks_to_be_completed(before, found):
    assert trigger(before) == found


def test_the_words_that_may_follow_a_command_and_not_what_stands_for_others():
    assert choices("[ask|auto|plan]") == ("ask", "auto", "plan")
    assert choices("[step]") == ("step",)
    assert choices("[MODEL]") == choices("") == ()


@pytest.fixture
def finder():
    names = ["o:1hpv", "o:hpv_copy", "o:my_1hpv", "o:xhxpxv", "s:hpv", "s:site", "f:1hpv.pdb"]
    return Finder(names, kind=lambda name: name[0], searched=lambda name: name[2:])


def test_they_come_by_kind_the_best_first(finder):
    found = {group.kind: group.items for group in finder.found("hpv")}
    assert found == {
        "o": ("o:hpv_copy", "o:1hpv", "o:my_1hpv", "o:xhxpxv"),
        "s": ("s:hpv",),
        "f": ("f:1hpv.pdb",),
    }


def test_nothing_written_is_everything_in_its_order(finder):
    assert [group.n_found for group in finder.found("")] == [4, 2, 1]


def test_case_and_the_order_of_words_do_not_matter():
    finder = Finder(["A chain 1hpv", "B chain 1hpv"], kind=lambda _: "c", searched=str)
    (group,) = finder.found("CHAIN b")
    assert group.items == ("B chain 1hpv",)


def test_going_on_and_going_back_finds_what_looking_anew_finds(finder):
    for query in ("h", "hp", "hpv", "hpv_", "h", "zz", "zzz", "", "si", "1hpv.p", "1"):
        anew = Finder(finder._items, kind=lambda name: name[0], searched=lambda name: name[2:])
        assert finder.found(query) == anew.found(query), query


def test_of_many_only_the_first_are_shown_and_all_are_counted():
    finder = Finder([f"object{number}" for number in range(5_000)], kind=lambda _: "o", searched=str)
    (group,) = finder.found("ob")
    assert (len(group.items), group.n_found) == (60, 5_000)


def rank(text, words):
    """How well words fit a text, as one would look it up: 0 the best; None where one does not."""
    total = 0
    for word in words:
        letters, at = iter(text), text.find(word)
        if not all(letter in letters for letter in word):
            return None
        if at < 0:
            total += 6
        elif at == 0:
            total += text != word
        else:
            total += 3 if text[at - 1].isalnum() else 2
    return total


@given(
    st.lists(st.tuples(st.sampled_from("osc"), st.text("ab1_ ", max_size=9)), max_size=30),
    st.lists(st.text("ab1_ ", min_size=1, max_size=3), max_size=6),
)
def test_while_a_query_is_written_what_fits_is_what_looking_at_each_name_says(names, pieces):
    finder = Finder(names, kind=lambda name: name[0], searched=lambda name: name[1])
    query = ""
    for piece in pieces:
        query += piece
        words = query.split()
        expected = {}
        for name in names:
            if rank(name[1], words) is not None:
                expected.setdefault(name[0], []).append(name)
        found = {group.kind: list(group.items) for group in finder.found(query)}
        assert found == {kind: sorted(items, key=lambda name: rank(name[1], words)) for kind, items in expected.items()}
