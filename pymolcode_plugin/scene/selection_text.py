"""Reads a selection expression as PyMOL's selector does: its words, how strongly they bind, and what belongs together.

It never decides what is valid, PyMOL does; it tells the parts of a text apart so that each can be counted by itself.
Source: https://pymolwiki.org/index.php/Selection_Algebra, and the precedences of PyMOL's own selector.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["property", "compare", "class", "name", "macro", "prefix", "infix", "near"]

# How strongly operators bind; a higher number binds first. Every `by...` word takes all of a following and/or.
_NOT, _AND, _OR, _NEAR, _BY, _SIDE_BY_SIDE = 70, 60, 40, 30, 20, 10
_PREFIXES = {"not": _NOT, "first": _NEAR, "last": _NEAR, "bycalpha": _NEAR, "bound_to": 50} | dict.fromkeys(
    ("byres", "bychain", "byobject", "bymolecule", "bysegment", "byfragment", "bycell", "byring", "neighbor"), _BY
)
_INFIXES = {"and": _AND, "and not": _AND, "or": _OR, "in": _OR, "like": _OR}
_OF = ("within", "near_to", "beyond")
_AROUND = ("around", "expand", "extend", "gap")
_PROPERTIES = (
    "name", "elem", "resi", "resn", "chain", "segi", "model", "index", "id", "rank", "alt", "flag", "ss", "state",
    "rep", "color", "cartoon_color", "ribbon_color", "numeric_type", "text_type", "custom", "pepseq", "stereo", "label",
)  # fmt: skip
_COMPARED = ("b", "q", "partial_charge", "formal_charge", "x", "y", "z")
CLASSES = (
    "all", "none", "hetatm", "hydro", "acceptors", "donors", "visible", "enabled", "masked", "protected", "center",
    "bonded", "origin", "fixed", "restrained", "polymer", "polymer.protein", "polymer.nucleic", "organic", "inorganic",
    "solvent", "guide", "present", "metals", "backbone", "sidechain",
)  # fmt: skip
_ALSO = {
    "!": "not", "&": "and", "|": "or", "+": "or", "-": "and not", "*": "all", "nbr.": "neighbor",
    "byfrag": "byfragment", "bf.": "byfragment", "byresidue": "byres", "byresi": "byres", "br.": "byres",
    "br;": "byres", "b;": "byres", "bc.": "bychain", "byobj": "byobject", "bo.": "byobject", "bto.": "bound_to",
    "bymol": "bymolecule", "bm.": "bymolecule", "byseg": "bysegment", "bysegi": "bysegment", "bs.": "bysegment",
    "bca.": "bycalpha", "l.": "like", "het": "hetatm", "hydrogens": "hydro", "h.": "hydro", "hba.": "acceptors",
    "hbd.": "donors", "acc.": "acceptors", "don.": "donors", "v.": "visible", "a.": "around", "x.": "expand",
    "xt.": "extend", "n.": "name", "n;": "name", "symbol": "elem", "element": "elem", "e.": "elem", "residue": "resi",
    "resident": "resi", "resid": "resi", "i.": "resi", "i;": "resi", "altloc": "alt", "f.": "flag",
    "pc.": "partial_charge", "fc.": "formal_charge", "msk.": "masked", "nt.": "numeric_type", "tt.": "text_type",
    "c.": "chain", "c;": "chain", "segment": "segi", "segid": "segi", "s.": "segi", "object": "model", "o.": "model",
    "m.": "model", "m;": "model", "idx.": "index", "w.": "within", "nto.": "near_to", "be.": "beyond",
    "ps.": "pepseq", "fxd.": "fixed", "rst.": "restrained", "pol.": "polymer", "org.": "organic", "ino.": "inorganic",
    "sol.": "solvent", "pr.": "present", "resname": "resn", "r.": "resn", "r;": "resn", "bb.": "backbone",
    "sc.": "sidechain",
}  # fmt: skip
_KNOWN = {*_PREFIXES, *_INFIXES, *_OF, *_AROUND, *_PROPERTIES, *_COMPARED, *CLASSES} - {"and not"}
_TOKEN = re.compile(r"""[!&|()<>=%]|[^\s!&|()<>=%"]*"[^"]*"[^\s!&|()<>=%]*|[^\s!&|()<>=%]+""")
_MACRO_FIELDS = ("model", "segi", "chain", "resi", "name")


@dataclass(frozen=True)
class Expression:
    """A part of a selection.

    Attributes:
        kind: `near` covers `within ... of` (two parts) and `around` (one part).
        word: The keyword in its long form, e.g. `resi` for `i.`; for names and macros the text itself.
        value: Of a property, a comparison or a distance.
        parts: Its operands.
        text: As it was written, with its parentheses.
        grouped: It stands in parentheses.
        implied: An `or` that nobody wrote: two selections side by side.
        inside: Of a part in parentheses, the text in them.
    """

    kind: Kind
    word: str
    text: str
    value: str = ""
    parts: tuple[Expression, ...] = ()
    grouped: bool = False
    implied: bool = False
    inside: str = ""

    @property
    def bare(self) -> str:
        """The text without the parentheses around it."""
        return self.inside or self.text

    def walk(self) -> Iterator[Expression]:
        """This part and all below it, from the left."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def conjuncts(self) -> tuple[Expression, ...]:
        """What has to hold at once: the parts of all `and`s, one if there is none."""
        if self.kind == "macro":
            return macro_parts(self) or (self,)
        if self.kind == "infix" and self.word == "and":
            return tuple(item for part in self.parts for item in part.conjuncts())
        return (self,)


class Unreadable(Exception):
    """The text is no selection as far as we know; PyMOL's own word counts."""


def keyword(word: str) -> str:
    """The long form of a selection keyword, or an empty string."""
    lower = word.lower()
    long = _ALSO.get(lower, lower)
    return long if long in _KNOWN or long == "and not" else ""


def words(text: str) -> list[str]:
    """The text in the pieces PyMOL's selector sees."""
    return _TOKEN.findall(text)


@functools.lru_cache(maxsize=256)
def parse(text: str) -> Expression:
    """Read a selection.

    Raises:
        Unreadable: It is none.
    """
    return _Reader(text).read()


def macro_parts(macro: Expression) -> tuple[Expression, ...]:
    """An atom macro such as /1hpv//A/ASP`25/CA as the properties it stands for."""
    steps = macro.text.strip("()").split("/")
    fields: tuple[str, ...] = _MACRO_FIELDS
    if macro.text.lstrip("(").startswith("/"):
        steps = steps[1:]
    else:
        fields = fields[max(0, len(fields) - len(steps)) :]
    found: list[Expression] = []
    for field, step in zip(fields, steps, strict=False):
        found += [_property(word, value) for word, value in _macro_step(field, step) if value not in ("", "*")]
    return tuple(found)


def _macro_step(field: str, step: str) -> list[tuple[str, str]]:
    before, tick, after = step.partition("`")
    if field == "resi" and tick:
        return [("resn", before), ("resi", after)]
    if field == "resi" and not re.match(r"\\?-?\d", step):
        return [("resn", step)]
    if field == "name" and tick:
        return [("name", before), ("alt", after)]
    return [(field, step)]


def _property(word: str, value: str) -> Expression:
    return Expression("property", word, f"{word} {value}", value)


class _Reader:
    """Precedence climbing over the words of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = [match.span() for match in _TOKEN.finditer(text)]
        self._at = 0

    def read(self) -> Expression:
        found = self._expression(0)
        if self._at != len(self._spans):
            raise Unreadable(self._text)
        return found

    def _word(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._text[slice(*self._spans[at])] if at < len(self._spans) else ""

    def _take(self) -> str:
        word = self._word()
        if not word:
            raise Unreadable(self._text)
        self._at += 1
        return word

    def _written(self, start: int) -> str:
        return self._text[self._spans[start][0] : self._spans[self._at - 1][1]]

    def _expression(self, strength: int) -> Expression:
        start = self._at
        left = self._operand()
        while word := self._word():
            grown = self._grown(left, keyword(word), strength, start)
            if grown is None:
                return left
            left = grown
        return left

    def _grown(self, left: Expression, word: str, strength: int, start: int) -> Expression | None:
        """`left` with the operator that follows it, or None where that binds less than `strength`."""
        if self._word() == ")":
            return None
        if word in _INFIXES:
            if _INFIXES[word] <= strength:
                return None
            self._at += 1
            right = self._expression(_INFIXES[word])
            return Expression("infix", word, self._written(start), parts=(left, right))
        if word in _OF or word in _AROUND:
            return self._near(left, word, start) if strength < _NEAR else None
        if strength >= _SIDE_BY_SIDE:
            return None
        right = self._expression(_SIDE_BY_SIDE)
        return Expression("infix", "or", self._written(start), parts=(left, right), implied=True)

    def _near(self, left: Expression, word: str, start: int) -> Expression:
        self._at += 1
        distance = self._take()
        if not re.fullmatch(r"[\d.]+", distance):
            raise Unreadable(self._text)
        parts: tuple[Expression, ...] = (left,)
        if word in _OF:
            if self._take().lower() != "of":
                raise Unreadable(self._text)
            parts = (left, self._expression(_NEAR))
        return Expression("near", word, self._written(start), distance, parts)

    def _operand(self) -> Expression:
        start = self._at
        word = self._take()
        long = keyword(word)
        if word == "(":
            inner = self._expression(0)
            if self._take() != ")":
                raise Unreadable(self._text)
            return replace(inner, grouped=True, text=self._written(start), inside=inner.bare)
        if long in _PREFIXES:
            inner = self._expression(_PREFIXES[long])
            return Expression("prefix", long, self._written(start), parts=(inner,))
        if long in CLASSES:
            return Expression("class", long, word)
        if long in _PROPERTIES:
            value = self._take()
            return Expression("property", long, self._written(start), value)
        if long in _COMPARED:
            return self._comparison(long, start)
        return self._named(word, long, start)

    def _comparison(self, long: str, start: int) -> Expression:
        operator, number = self._take(), self._take()
        if operator not in ("<", ">", "=", "in"):
            raise Unreadable(self._text)
        return Expression("compare", long, self._written(start), f"{operator}{number}")

    def _named(self, word: str, long: str, start: int) -> Expression:
        if long or word in ")<>=":
            raise Unreadable(self._text)
        if word == "%":
            word = self._take()
            return Expression("name", word, self._written(start))
        if "/" in word or "`" in word:
            return Expression("macro", word, word)
        return Expression("name", word.removeprefix("?").removeprefix("%"), word)
