import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui import atom_links
from pymolcode_plugin.gui.atom_links import Fact, Names, candidates, facts

NAMES = Names(frozenset({"478", "STI"}), frozenset({"1hpv", "protein"}), frozenset({"site_1", "sele"}))
FROM_LIGAND = "2.85 Å from /1hpv//A/ASP`25/OD1 to /1hpv//B/478`200/O4."
TWO_ATOMS = "(/1hpv//A/ASP`25/OD1) or (/1hpv//B/478`200/O4)"
FACTS = (
    *facts("measure", 'measure {"what":"distance","selections":["a","b"]}', FROM_LIGAND),
    *facts("query_atoms", 'query_atoms {"what":"count","selections":["organic"]}', "1,035 atoms in 1 residues."),
    *facts("measure", 'measure {"what":"angle","selections":["a","b","c"]}', "105.2°."),
)


def linked(text, names=NAMES, known=FACTS):
    return [(text[item.start : item.end], item.selection) for item in candidates(text, names, known)]


@pytest.mark.parametrize(
    ("text", "words", "selection"),
    [
        ("near ASP25.", "ASP25", "resn ASP+ASH and resi 25"),
        ("near Asp 25, too", "Asp 25", "resn ASP+ASH and resi 25"),
        ("Ile-50 of chain B", "Ile-50 of chain B", "resn ILE and resi 50 and chain B"),
        ("Ile50 (chain B)", "Ile50 (chain B)", "resn ILE and resi 50 and chain B"),
        ("Ile50(B)", "Ile50(B)", "resn ILE and resi 50 and chain B"),
        ("chain A Ile50", "chain A Ile50", "resn ILE and resi 50 and chain A"),
        ("A:Ile50", "A:Ile50", "resn ILE and resi 50 and chain A"),
        ("V82 of chain A", "V82 of chain A", "resn VAL and resi 82 and chain A"),
        ("A/25 and", "A/25", "not solvent and resi 25 and chain A"),
        ("residue 25", "residue 25", "not solvent and resi 25"),
        ("residues 45-55 of chain A", "residues 45-55 of chain A", "not solvent and resi 45-55 and chain A"),
        ("ILE 50 CD1", "ILE 50 CD1", "resn ILE and resi 50 and name CD1"),
        ("the ligand 478 B/200", "478 B/200", "resn 478 and resi 200 and chain B"),
        ("the ligand 478", "478", "resn 478"),
        ("STI binds", "STI", "resn STI"),
        ("in chain B", "chain B", "chain B"),
        ("of 1hpv", "1hpv", "%1hpv"),
        ("the object protein", "protein", "%protein"),
        ("as site_1", "site_1", "%site_1"),
        ("/1hpv//A/ASP`25/OD1 is", "/1hpv//A/ASP`25/OD1", "/1hpv//A/ASP`25/OD1"),
        ("is 2.85 Å away", "2.85 Å", TWO_ATOMS),
        ("about 2.9 Å", "2.9 Å", TWO_ATOMS),
        ("2.85 angstroms", "2.85 angstroms", TWO_ATOMS),
        ("has 1,035 atoms", "1,035 atoms", "organic"),
        ("has 1035 atoms", "1035 atoms", "organic"),
        ("at 105°", "105°", "(a) or (b) or (c)"),
    ],
)
def test_what_an_answer_speaks_of_is_found(text, words, selection):
    assert linked(text) == [(words, selection)]


@pytest.mark.parametrize(
    "text",
    [
        "his 25 books", "478 pages", "a protein", "2.8 Å", "3 Å", "1,035 residues", "35 atoms", "version 3.10",
        "in 2025", "H2O and C5", "chains are", "the residues", "50% of 12", "Foo25", "see http://x.org/A/25",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left_alone(text):
    assert linked(text) == []


def test_a_number_that_two_steps_reported_of_other_atoms_links_to_neither():
    twice = (*FACTS, Fact("2.85", "Å", "chain A"))
    assert linked("2.85 Å", known=twice) == []
    assert linked("2.85 Å", known=(*FACTS, FACTS[0])) == [("2.85 Å", TWO_ATOMS)]


def test_contacts_are_those_of_the_first_selection_near_the_second():
    arguments = 'query_atoms {"what":"contacts","selections":["polymer","organic"],"cutoff_angstrom":3.5}'
    (fact, cutoff) = facts("query_atoms", arguments, "12 residues of polymer within 3.5 Å of organic: ...")
    assert fact == Fact("12", "residues", "byres ((polymer) and not (organic) within 3.5 of (organic))")
    assert cutoff.unit == "Å"


def test_arguments_that_are_no_json_or_of_another_tool_say_nothing():
    assert facts("run_pymol", "count_atoms chain A", "35 atoms") == []
    assert facts("measure", "measure {broken", "2.85 Å") == []
    assert facts("measure", 'measure {"selections":"all"}', "2.85 Å") == []


PIECES = st.lists(
    st.sampled_from(
        ["ASP25", "Asp 25", "A/25", "chain A", "1hpv", "478", "ligand", "2.85 Å", "1,035 atoms", "of chain B", "(A)",
         "/1hpv//A/ASP`25/OD1", "residues 1-9", "D25", "`", "'", ";", "Å", "\n", "site_1", "%", "OD1", " and "]
    ) | st.text(max_size=6),
    max_size=25,
)  # fmt: skip
SAFE = re.compile(r"[\w%/`.'*+\- ()]*")


@given(PIECES, st.sampled_from(["", " "]))
def test_links_are_in_order_apart_from_each_other_and_their_expressions_hold_nothing_but_a_selection(pieces, between):
    text = between.join(pieces)
    found = candidates(text, NAMES, FACTS)
    assert len(found) <= atom_links.MAX_CANDIDATES
    end = 0
    for item in found:
        assert end <= item.start < item.end <= len(text)
        assert SAFE.fullmatch(item.selection)
        end = item.end


@given(st.floats(0.5, 99, allow_nan=False), st.integers(1, 2))
def test_a_distance_is_found_again_when_it_is_rounded(value, decimals):
    reported = f"{value:.2f}"
    known = (Fact(reported, "Å", "all"),)
    written = f"{float(reported):.{decimals}f}"
    assert linked(f"about {written} Å", known=known) == [(f"{written} Å", "all")]


def test_a_long_text_is_looked_through_in_no_time_and_bounded():
    import time

    text = "Asp25 of chain A is 2.85 Å from A/50 and /x//A/ASP`25/CA; " * 2000
    began = time.thread_time()
    assert len(candidates(text, NAMES, FACTS)) == atom_links.MAX_CANDIDATES
    assert time.thread_time() - began < 5
