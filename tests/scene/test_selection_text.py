import random

import pymol
import pytest

from pymolcode_plugin.scene.selection_text import Expression, Unreadable, keyword, macro_parts, parse

_LEAVES = [
    "chain A", "chain B", "resi 20-40", "organic", "polymer", "name CA", "elem N", "solvent", "resn ASP", "b > 30",
    "1hpv", "%1hpv", "i. 30", "q=1",
]  # fmt: skip
# Of `byres` and `first` after a stronger operator PyMOL takes less than the whole rest, by an accident of its stack.
_PREFIXES = ["not", "!", "bound_to"]
_INFIXES = ["and", "or", "&", "|"]


def _written(part: Expression) -> str:
    """With every parenthesis that the reading implies."""
    inner = [_written(item) for item in part.parts]
    if part.kind == "prefix":
        return f"({part.word} {inner[0]})"
    if part.kind == "infix":
        return f"({inner[0]} {part.word} {inner[1]})"
    if part.kind == "near":
        of = f" of {inner[1]}" if len(inner) > 1 else ""
        return f"({inner[0]} {part.word} {part.value}{of})"
    return f"({part.bare})"


def _random_text(chance: random.Random, depth: int) -> str:
    kind = chance.randint(0, 5) if depth else 0
    one, other = (_random_text(chance, depth - 1) if depth else "" for _ in range(2))
    return [
        chance.choice(_LEAVES),
        f"{chance.choice(_PREFIXES)} {one}",
        f"{one} {chance.choice(_INFIXES)} {other}",
        f"{one} within 4 of {other}",
        f"{one} around 4",
        f"({one})",
    ][kind]


def _atoms(cmd, text):
    try:
        return cmd.count_atoms(text)
    except pymol.CmdException:
        return "refused"


@pytest.mark.parametrize("seed", range(150))
def test_pymol_reads_a_text_as_the_reading_with_all_its_parentheses(hiv_protease, seed):
    text = _random_text(random.Random(seed), 3)
    assert _atoms(hiv_protease, text) == _atoms(hiv_protease, _written(parse(text)))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("byres chain A and name CA", "(byres ((chain A) and (name CA)))"),
        ("not chain A and chain B", "((not (chain A)) and (chain B))"),
        ("all within 5 of organic and chain A", "((all) within 5 of ((organic) and (chain A)))"),
        ("chain A and organic around 5", "(((chain A) and (organic)) around 5)"),
        ("br. organic or i. 25", "(byres ((organic) or (i. 25)))"),
        ("chain A resi 25", "((chain A) or (resi 25))"),
    ],
)
def test_what_binds_first(text, reading):
    assert _written(parse(text)) == reading


def test_a_macro_stands_for_its_properties():
    parts = macro_parts(parse("/1hpv//A/ASP`25/CA"))
    assert [part.text for part in parts] == ["model 1hpv", "chain A", "resn ASP", "resi 25", "name CA"]
    assert [part.text for part in macro_parts(parse("A/25/"))] == ["chain A", "resi 25"]


@pytest.mark.parametrize("text", ["resi 25 and", "((", "chain", "within 5 of organic", "b 5", "all within 5 organic"])
def test_what_is_no_selection_is_not_read(text):
    with pytest.raises(Unreadable):
        parse(text)


def test_every_keyword_we_know_is_one_to_pymol(cmd):
    from pymolcode_plugin.scene import selection_text

    known = {*selection_text.CLASSES, "chain", "resi", "resn", "name", "elem", "segi", "byres", "within", "and"}
    for word in known - {"polymer.protein", "polymer.nucleic"}:
        assert keyword(word) == word
        cmd.pseudoatom(word)
        assert f"{word}_" in cmd.get_names(), word
        cmd.delete("*")
