import pytest

from pymolcode_plugin.agent.compact.language import parse_steps
from pymolcode_plugin.agent.compact.recipes import recipes
from pymolcode_plugin.agent.compact.targets import Target, parse_target, selection


@pytest.mark.parametrize(("request_text", "steps"), recipes())
def test_every_recipe_is_of_the_language_and_prints_as_it_is_written(request_text, steps):
    parsed = parse_steps(steps)
    assert parse_steps("; ".join(step.text for step in parsed)) == parsed


@pytest.mark.parametrize(
    "line",
    [
        "explode",
        "color",
        "color red blue",
        "show sticks | chain=A chain=B",
        "select x",
        "color red | nonsense",
        "turn w 90",
    ],
)
def test_what_is_not_of_the_language_is_an_error(line):
    with pytest.raises(ValueError, match=r"."):
        parse_steps(line)


def test_an_empty_line_is_no_step():
    assert parse_steps(" ; ") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ligand", "organic"),
        ("chain=A resi=10-20", "chain A and resi 10-20"),
        ("sidechain resn=ILE resi=50", "polymer and sidechain and resn ILE and resi 50"),
        ("protein near=4:ligand", "(byres (polymer.protein within 4 of organic)) and not organic"),
        ("sidechain near=4:ligand", "(byres (all within 4 of organic)) and not organic and polymer and sidechain"),
        ("element=O near=4:ligand", "((elem O) within 4 of organic) and not organic"),
        ("all but chain=A", "not (chain A)"),
        ("", "all"),
    ],
)
def test_a_target_compiles_to_a_selection(text, expected):
    assert selection(parse_target(text)) == expected


def test_every_word_compiles_to_a_selection_that_pymol_accepts(cmd, hiv_protease):
    from pymolcode_plugin.agent.compact.targets import WORDS

    for word in WORDS:
        assert hiv_protease.count_atoms(selection(Target(word=word))) >= 0
    assert hiv_protease.count_atoms(selection(Target(word="ligand"))) == 35
