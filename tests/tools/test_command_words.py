"""Titles of cards for PyMOL commands: words where every part is understood, else the command itself."""

import pytest

from pymolcode_plugin.tools.command_words import in_words, title


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("color red, chain A", "Colour chain A red"),
        ("color red", "Colour everything red"),
        ("show sticks, resn 478", "Show sticks of resn 478"),
        ("as cartoon", "Show everything as cartoon"),
        ("select site, byres polymer within 4 of organic", "Select site: byres polymer within 4 of organic"),
        ("delete all", "Delete everything"),
        ("remove solvent", "Remove atoms: solvent"),
        ("zoom organic, 5", "Zoom on organic"),
        ("distance d, (chain A, chain B), organic", "Measure d: from (chain A, chain B) to organic"),
        ("cealign target, mobile", "Superpose mobile on target"),
        ("set cartoon_transparency, 0.5, 1hpv", "Set cartoon_transparency to 0.5 for 1hpv"),
        ("load /a/very/long/way/1hpv.pdb, it", "Load 1hpv.pdb as it"),
        ("reinitialize", "Delete everything and reset all settings"),
    ],
)
def test_what_is_understood_is_said_in_words(line, words):
    assert in_words(line) == words
    assert title(line) == words


@pytest.mark.parametrize(
    "line",
    [
        "delete a; delete b",  # two commands
        "fetch 1hpv, type=pdb1",  # an argument by its name
        "align a, b, cutoff=3",
        "show sticks, a, b, c",  # more than it takes
        "select",  # fewer
        "ramp_new r, m, [0, 1], [red, blue]",
        "color red, (chain A",
        "label all, 'it",
        "delete all # not really",
        "cmd.delete('all')",
        "/delete = 1",
        "@script.pml",
        "spectrum b",
    ],
)
def test_what_is_not_understood_in_all_its_parts_stays_as_it_is(line):
    assert in_words(line) == ""
    assert title(line) == line


def test_more_commands_are_counted_and_long_ones_cut():
    assert title("\n color red, chain A\n\nzoom\nray\n") == "Colour chain A red (+2 more)"
    assert len(title(f"select s, {'x' * 200}")) == 80
    assert title(f"select s, {'x' * 200}\nray").endswith("xx… (+1 more)"), "what is cut says so"
    assert title(" \n") == "Nothing to run"
