"""The words people use, read from `resources/words.yaml`; data only, no reading of requests here."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

import yaml

from ...config import paths
from ...core.scene import Frozen


class Words(Frozen):
    """Phrases by kind and value; patterns are regular expressions over lower-case words."""

    phrases: dict[str, dict[str, str]]
    refusals: dict[str, str]
    small_talk: dict[str, str]
    amino_acids: dict[str, str]
    elements: dict[str, str]
    numbers: dict[str, str]
    typos: dict[str, str]
    atom_names: frozenset[str]
    colors: tuple[str, ...]
    color_phrases: dict[str, str]
    color_values: dict[str, str]


# Slips are mended towards words that name things and deeds, not towards little words: "thanks" is no "than".
_MENDED = ("verb", "instead", "fact", "rep", "word", "part", "unit", "site", "background", "transparency", "picture")
Pattern = tuple[str, str, re.Pattern[str]]
ONE_LETTER = dict(zip("ARNDCQEGHILKMFPSTWYV", (
    "ALA", "ARG", "ASN", "ASP", "CYS", "GLN", "GLU", "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "PHE", "PRO", "SER",
    "THR", "TRP", "TYR", "VAL",
), strict=True))  # fmt: skip


@functools.cache
def words() -> Words:
    """All of them."""
    data: Any = yaml.safe_load(paths.resource("words.yaml").read_text(encoding="utf-8"))
    return Words.model_validate(data)


@functools.cache
def patterns() -> tuple[Pattern, ...]:
    """(kind, value, pattern) of every phrase, in the order in which equals win."""
    known = words()
    table = [(kind, value, phrase) for kind, values in known.phrases.items() for value, phrase in values.items()]
    table += [("element", value, phrase) for value, phrase in known.elements.items()]
    table += [("color", color, color) for color in known.colors]
    table += [("color", value, phrase) for phrase, value in known.color_phrases.items()]
    return tuple((kind, value, re.compile(rf"(?:{phrase})(?![\w])")) for kind, value, phrase in table)


@functools.cache
def vocabulary() -> frozenset[str]:
    """Plain words long enough to mend a typing slip against."""
    known = words()
    texts = [phrase for kind in _MENDED for phrase in known.phrases[kind].values()]
    found = _plain([*texts, *known.amino_acids.values(), *known.colors, "angstroms?", "positions?"])
    return frozenset(found | {f"{word}s" for word in found})


@functools.cache
def all_words() -> frozenset[str]:
    """Every plain word of the phrases; none of them is a slip for another."""
    return frozenset(_plain(phrase for values in words().phrases.values() for phrase in values.values()))


def _plain(phrases: Iterable[str]) -> set[str]:
    """The words in regular expressions, endings that may be left out included: `cys(teines?)?` gives cysteines."""
    text = re.sub(r"\(\?[!=:][^)]*\)", "", " ".join(phrases))
    text = re.sub(r"([a-z]+)\(([a-z]+)\??\)\?", r"\1 \1\2", text)
    text = re.sub(r"([a-z]+)s\?", r"\1 \1s", text)
    return set(re.findall(r"[a-z]{4,}", text.replace("?", "")))
