"""Selections that match something else than was probably meant: each trap says so, with the counts of both readings."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pymol

from .selection_text import Expression, Unreadable, parse

_BUDGET_S = 0.15  # counting the other readings must not make a large scene slow
_MAX_ALTERNATES = 20
_NO_HITS = -1
_PLACE = {"chain", "resi", "index", "id", "rank"}  # what means one thing in each object
_BY = ("byres", "bychain", "byobject", "bymolecule", "bysegment", "byfragment", "neighbor", "bycell", "byring")
_OF = ("within", "near_to", "beyond")


@dataclass
class Match:
    """A selection that matched, and ways to ask more about it on PyMOL's thread.

    Attributes:
        name: A hidden named selection that holds its atoms, so that nothing is evaluated twice.
        n_atoms: How many it has.
        objects: Where they are.
        chains: And in which chains.
    """

    cmd: Any
    text: str
    name: str
    n_atoms: int
    objects: tuple[str, ...]
    chains: tuple[str, ...]
    _counted: dict[str, int] = field(default_factory=dict)
    _until: float = field(default_factory=lambda: time.monotonic() + _BUDGET_S)

    def count(self, text: str) -> int:
        """Atoms of another selection; -1 where PyMOL cannot read it or there is no time left to ask."""
        if text not in self._counted:
            if time.monotonic() > self._until:
                return _NO_HITS
            try:
                self._counted[text] = int(self.cmd.count_atoms(text))
            except pymol.CmdException:
                self._counted[text] = _NO_HITS
        return self._counted[text]


def warnings(match: Match) -> tuple[str, ...]:
    """Every trap the selection stepped into; the text as PyMOL would read it."""
    try:
        tree = parse(match.text)
    except Unreadable:
        return ()
    found: dict[str, None] = {}
    for trap in _TRAPS:
        found.update(dict.fromkeys(trap(tree, match)))
    return tuple(found)


def _negative_numbers(tree: Expression, match: Match) -> Iterator[str]:
    for part in _properties(tree, "resi"):
        for item in re.split(r"[+,]", part.value.strip("\"'")):
            if re.fullmatch(r"-\d+\w?", item):
                single = f"resi \\{item}"
                yield (
                    f"`resi {item}` means up to {item[1:]} ({match.count(f'resi {item}')} atoms); "
                    f"for residue {item} alone write `{single}` ({_atoms(match.count(single))})."
                )


def _by_takes_all(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.kind != "prefix" or part.word not in _BY:
            continue
        inner = part.parts[0]
        if inner.kind != "infix" or inner.grouped or inner.implied:
            continue
        first = _leftmost(inner)
        rest = inner.text[len(first.text) :].strip()
        yield from _both(
            match, part, f"({part.word} {first.text}) {rest}", f"`{part.word}` takes all of `{inner.text}`"
        )


def _of_takes_all(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.kind != "near" or part.word not in _OF:
            continue
        target = part.parts[1]
        if target.kind == "infix" and not target.grouped:
            first = _leftmost(target)
            head = part.bare[: len(part.bare) - len(target.text)] + first.text
            rest = target.text[len(first.text) :].strip()
            yield from _both(match, part, f"({head}) {rest}", f"the distance is measured to all of `{target.text}`")


def _near_takes_all(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.kind != "near" or part.parts[0].kind != "infix" or part.parts[0].grouped:
            continue
        left = part.parts[0]
        if part.word in _OF and left.word == "and":
            continue  # the same atoms either way
        last = _rightmost(left)
        head = left.text[: len(left.text) - len(last.text)].strip()
        tail = part.bare[len(left.text) :].strip()
        yield from _both(match, part, f"{head} ({last.text} {tail})", f"`{part.word}` takes all of `{left.text}`")


def _not_takes_one(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.kind != "infix" or part.word not in ("and", "or") or part.parts[0].kind != "prefix":
            continue
        negated, other = part.parts
        if negated.word != "not" or negated.grouped or not _same_property(negated.parts[0], other):
            continue
        positive = f"{negated.parts[0].text} {'or' if part.word == 'and' else part.word} {other.text}"
        yield from _both(match, part, f"not ({positive})", f"`not` takes only `{negated.parts[0].text}`")


def _side_by_side(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.implied and not all(_is_named(item) for item in part.parts):
            both = match.count(f"({part.parts[0].text}) and ({part.parts[1].text})")
            yield (
                f"Between `{part.parts[0].text}` and `{part.parts[1].text}` stands no operator, which PyMOL reads as "
                f"`or` ({_atoms(match.count(part.text))}); with `and` it is {_atoms(both)}."
            )


def _loose_comma(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        if part.kind == "property" and part.value.endswith(","):
            yield (
                f"The comma in `{part.text}` adds an empty {part.word} to the list "
                f"({_atoms(match.count(part.text))}); write `and` between conditions, `+` between values."
            )


def _everything(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        inner = part.parts[0] if part.kind == "prefix" and part.word == "not" else None
        # `not hydro` where there are none is what was meant; a chain or a name that is not there is a mistake.
        is_specific = inner and any(item.kind in ("property", "compare", "name", "macro") for item in inner.walk())
        if inner and is_specific and match.count(inner.text) == 0:
            yield f"`{inner.text}` matches nothing, so `{part.text}` is everything ({_atoms(match.n_atoms)})."
    is_negation = tree.kind == "prefix" and tree.word == "not"
    is_narrow = any(item.kind in ("prefix", "near", "compare") for item in tree.walk()) and not is_negation
    if is_narrow and match.n_atoms == match.count("all") != match.count("byres first all"):
        yield f"`{match.text}` matches every atom there is ({match.n_atoms})."


def _missing_values(tree: Expression, match: Match) -> Iterator[str]:
    """Of a union, one part that adds nothing is easily overlooked."""
    for part in [*_properties(tree, "chain"), *_properties(tree, "resi")]:
        values = [item for item in re.split(r"[+,]", part.value.strip("\"'")) if item]
        unseen = [item for item in values if part.word != "chain" or item not in match.chains]
        absent = [item for item in unseen if match.count(f"{part.word} {item}") == 0] if len(values) > 1 else []
        if absent and len(absent) < len(values):
            yield f"Of `{part.text}`, {part.word} {' and '.join(absent)} matches nothing."
    for part in tree.walk():
        if part.kind == "infix" and part.word == "or":
            yield from (
                f"`{item.text}` matches nothing."
                for item in part.parts
                if item.word in ("chain", "resi", "segi") and match.count(item.text) == 0
            )


def _around_brings_back(tree: Expression, match: Match) -> Iterator[str]:
    for part in tree.walk():
        inner = part.parts[0] if part.kind == "prefix" and part.word in _BY else part
        if inner is part or inner.kind != "near" or inner.word != "around":
            continue
        centre = inner.parts[0]
        back = match.count(f"({part.text}) and ({centre.text})")
        if back > 0:
            yield (
                f"`around` leaves out `{centre.bare}`, but `{part.word}` brings {_atoms(back)} of it back; "
                f"add `and not {part.word} ({centre.bare})` if only the neighbours are meant."
            )


def _wildcard_for_element(tree: Expression, match: Match) -> Iterator[str]:
    for part in _properties(tree, "name"):
        if found := re.fullmatch(r"([A-Za-z]{1,2})\*", part.value):
            here, element = match.count(part.text), match.count(f"elem {found[1]}")
            if 0 < element != here > 0:
                yield f"`{part.text}` matches by name ({_atoms(here)}); the element is `elem {found[1]}` ({element})."


def _shortened_names(tree: Expression, match: Match) -> Iterator[str]:
    known = {name.lower() for name in match.cmd.get_names("all")}
    for part in tree.walk():
        if part.kind == "name" and part.word.lower() not in known and not re.search(r"[*?]", part.word):
            meant = next((name for name in match.cmd.get_names("all") if name.startswith(part.word)), "")
            if meant:
                yield f"There is no `{part.word}`; PyMOL completes it to `{meant}` ({_atoms(match.count(part.text))})."


def _twice_named(tree: Expression, match: Match) -> Iterator[str]:
    names = match.cmd.get_names("all")
    for part in tree.walk():
        if part.kind == "name" and names.count(part.word) > 1:
            yield f"`{part.word}` is an object and a selection; it means the object ({_atoms(match.count(part.text))})."


def _several_objects(tree: Expression, match: Match) -> Iterator[str]:
    if len(match.objects) < 2 or _names_objects(tree):
        return
    if any(_has(tree, word) for word in _PLACE):
        first, more = match.objects[0], "" if len(match.objects) < 5 else f" and {len(match.objects) - 4} more"
        yield (
            f"`{match.text}` is found in {len(match.objects)} objects: {', '.join(match.objects[:4])}{more}. "
            f"For one of them write `{first} and ({match.text})`."
        )


def _disabled_objects(tree: Expression, match: Match) -> Iterator[str]:
    if tree.word in ("all", "enabled", "visible") or _names_objects(tree) or _has_class(tree, "enabled"):
        return
    shown = set(match.cmd.get_names("public_objects", enabled_only=1))
    off = [name for name in match.objects if name not in shown]
    if off and len(off) < len(match.objects):
        yield f"It includes what is not displayed: {', '.join(off[:4])} is disabled; add `and enabled` to leave it out."


def _alternates(tree: Expression, match: Match) -> Iterator[str]:
    if match.n_atoms > _MAX_ALTERNATES or _has(tree, "alt") or not _has(tree, "name"):
        return
    twice = match.count(f"{match.name} and not alt ''+A")
    if twice > 0:
        yield f"{_atoms(twice)} of the {match.n_atoms} are second conformations; add `and alt ''+A` to count each once."


def _both(match: Match, part: Expression, other: str, why: str) -> Iterator[str]:
    """A warning where the other reading matches something else, and the first one is what PyMOL does."""
    here, there = match.count(part.text), match.count(other)
    if there > 0 and here > 0 and here != there:
        yield f"In `{part.text}` {why} ({_atoms(here)}); `{other}` would be {_atoms(there)}."


def _atoms(number: int) -> str:
    return f"{max(number, 0)} atom{'' if number == 1 else 's'}"


def _leftmost(part: Expression) -> Expression:
    while part.kind == "infix" and not part.grouped:
        part = part.parts[0]
    return part


def _rightmost(part: Expression) -> Expression:
    while part.kind == "infix" and not part.grouped:
        part = part.parts[1]
    return part


def _properties(tree: Expression, word: str) -> Iterator[Expression]:
    return (part for part in tree.walk() if part.kind == "property" and part.word == word)


def _has(tree: Expression, word: str) -> bool:
    return any(item.word == word for part in tree.walk() for item in part.conjuncts())


def _has_class(tree: Expression, word: str) -> bool:
    return any(part.kind == "class" and part.word == word for part in tree.walk())


def _same_property(one: Expression, other: Expression) -> bool:
    return one.kind == other.kind == "property" and one.word == other.word


def _is_named(part: Expression) -> bool:
    return all(item.kind in ("name", "macro", "infix") for item in part.walk())


def _names_objects(tree: Expression) -> bool:
    """The text says itself where it looks: an object, or a selection the person made."""
    return any(item.kind == "name" or item.word == "model" for part in tree.walk() for item in part.conjuncts())


_TRAPS: tuple[Callable[[Expression, Match], Iterator[str]], ...] = (
    _negative_numbers,
    _by_takes_all,
    _of_takes_all,
    _near_takes_all,
    _not_takes_one,
    _side_by_side,
    _loose_comma,
    _missing_values,
    _around_brings_back,
    _wildcard_for_element,
    _shortened_names,
    _twice_named,
    _everything,
    _several_objects,
    _disabled_objects,
    _alternates,
)
