import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.core.mentions import as_written, chain_of, mentioned, place_of, residue_of, without_marks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("colour @1hpv red", ("1hpv",)),
        ("is @1hpv's chain A (@/1hpv//A) longer than @2abc?", ("1hpv", "/1hpv//A", "2abc")),
        ('show @"my own file.pdb".', ("my own file.pdb",)),
        ("what is @site: a pocket. And @site.", ("site",)),
        ("@/1hpv//B/478`200 and @scene:F1", ("/1hpv//B/478`200", "scene:F1")),
        ("write to ada@example.org @ noon", ()),
        ("\"@1hpv\" and [@2abc] and '@3def'", ("1hpv", "2abc", "3def")),
        ("@éclair.pdb @\ud800", ("éclair.pdb",)),
        ('@"not closed', ()),
        ("@...", ()),
    ],
)
def test_what_a_text_mentions(text, found):
    assert mentioned(text) == found


@given(st.text(max_size=40))
def test_what_is_written_of_a_name_mentions_that_name_and_nothing_else(name):
    written = as_written(name)
    if written:
        assert mentioned(f"look at {written} now") == (name,)
        assert mentioned(f"({written}), please.") == (name,)


@pytest.mark.parametrize("name", ["", " ", 'a"b', "a\nb"])
def test_what_nothing_can_mention_is_not_written(name):
    assert as_written(name) == ""


def test_residues_are_written_as_pymol_reads_them():
    assert chain_of("1hpv", "A") == "/1hpv//A"
    assert residue_of("1hpv", "B", "478", "200") == "/1hpv//B/478`200"
    assert residue_of("x", "A", "LIG", "-5") == "/x//A/LIG`\\-5"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour @1hpv red.", "colour 1hpv red."),
        ("show @/1hpv//A.", "show chain A of 1hpv."),
        ("zoom @/1hpv//B/478`200", "zoom residue 200 of chain B of 1hpv"),
        ('load @"my own.pdb"', "load my own.pdb"),
        ("recall @scene:F1", "recall F1"),
        ("ada@example.org", "ada@example.org"),
        ("@...", "@..."),
    ],
)
def test_the_text_without_its_marks_is_what_one_would_say(text, said):
    assert without_marks(text) == said


def test_where_a_chain_or_a_residue_is_can_be_read_back():
    assert place_of(chain_of("1hpv", "A")) == ("1hpv", "A", "")
    assert place_of(residue_of("x", "", "LIG", "-5")) == ("x", "", "-5")
    assert place_of("site") is None
    assert place_of("/1hpv//A/25/CA") is None
