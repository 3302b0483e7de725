"""Why a valid selection matches nothing, and what is there instead."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pymol
import yaml

from ..config import paths
from .selection_text import Expression, Unreadable, parse

_MAX_READ = 60_000  # atoms read one by one to name what there is
_MAX_NAMED = 12
_MAX_OBJECTS = 4
_REPRESENTATIONS = (
    "cartoon", "ribbon", "lines", "sticks", "spheres", "surface", "mesh", "dots", "nonbonded", "nb_spheres", "labels",
)  # fmt: skip


@functools.cache
def known_words() -> dict[str, dict[str, list[str]]]:
    """`resources/selection_words.yaml`: what people call things, and what PyMOL calls them."""
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(
        paths.resource("selection_words.yaml").read_text(encoding="utf-8")
    )
    return data


def explain(cmd: Any, selection: str) -> str:
    """One or two sentences; call on PyMOL's thread, for a selection that matches no atom."""
    if not cmd.count_atoms("all"):
        return "The scene has no atoms yet: load or fetch a structure first."
    try:
        tree = parse(selection)
    except Unreadable:
        return ""
    return " ".join(dict.fromkeys(_Blame(cmd).of(tree)))


@dataclass
class _Blame:
    """Walks down to the parts that are empty by themselves.

    `within` narrows every question to what stands beside the part, so that the answer is about that place.
    """

    cmd: Any
    within: str = "all"

    def count(self, text: str) -> int:
        try:
            return int(self.cmd.count_atoms(text))
        except pymol.CmdException:
            return -1

    def of(self, part: Expression) -> list[str]:
        if part.kind == "infix" or part.kind == "macro":
            return self._together(part)
        if part.kind == "near":
            return self._near(part)
        if part.kind == "prefix":
            inner = part.parts[0]
            if part.word == "not":
                return [f"`{inner.text}` is everything there is, so `{part.text}` is nothing."]
            return self.of(inner) if self.count(inner.text) == 0 else [f"`{part.text}` matches nothing."]
        return [self.leaf(part)]

    def _together(self, part: Expression) -> list[str]:
        if part.kind == "infix" and part.word != "and":
            empty = [item for item in part.parts if self.count(item.text) == 0]
            return [line for item in empty for line in self.of(item)] or [f"`{part.text}` matches nothing."]
        conjuncts = part.conjuncts()
        if conjuncts == (part,):
            return [f"`{part.text}` matches nothing."]
        if part.kind == "macro" and (meant := _shifted_macro(self, part)):
            return [meant]
        empty = [item for item in conjuncts if self.count(item.text) == 0]
        if empty:
            there = [item.text for item in conjuncts if item not in empty]
            beside = _Blame(self.cmd, " and ".join(f"({text})" for text in there) or "all")
            beside = beside if beside.count(beside.within) > 0 else self
            return [line for item in empty for line in beside.of(item)]
        return [self._no_overlap(conjuncts)]

    def _no_overlap(self, conjuncts: Sequence[Expression]) -> str:
        for number, one in enumerate(conjuncts):
            for other in conjuncts[number + 1 :]:
                if self.count(f"({one.text}) and ({other.text})") == 0:
                    return self._pair(one, other)
        pair = " and ".join(f"`{item.text}` ({self.count(item.text)} atoms)" for item in conjuncts)
        return f"No atom is in all of {pair}."

    def _pair(self, one: Expression, other: Expression) -> str:
        both = f"`{one.text}` ({self.count(one.text)} atoms) and `{other.text}` ({self.count(other.text)} atoms)"
        if one.kind == other.kind == "property" and one.word == other.word:
            together = f"{one.word} {one.value}+{other.value}"
            return (
                f"No atom has two of {one.word}, so `and` gives nothing; for both write `{together}` "
                f"({self.count(together)} atoms)."
            )
        if one.kind == "near" and one.word == "around" and one.parts[0].bare == other.bare:
            return f"`around` leaves out `{other.text}` itself; `expand` keeps it."
        for this, that in ((one, other), (other, one)):
            if where := self._where(this, that):
                return f"{both} have no atom in common: {where}"
        if one.kind in ("class", "name", "prefix") and other.kind in ("class", "name", "prefix"):
            joined = f"{one.text} or {other.text}"
            return f"{both} have no atom in common; for both write `{joined}` ({self.count(joined)} atoms)."
        return f"{both} have no atom in common."

    def _where(self, this: Expression, place: Expression) -> str:
        """Where `this` is, given that it is not in the chain, object or residue `place`."""
        if place.kind == "property" and place.word == "chain":
            return f"`{this.text}` is in {_list('chain', self.cmd.get_chains(this.text))}."
        if place.kind == "name" or (place.kind == "property" and place.word == "model"):
            return f"`{this.text}` is in {', '.join(self.cmd.get_object_list(this.text)[:_MAX_NAMED])}."
        if place.kind == "property" and {place.word, this.word} == {"resi", "resn"}:
            number = this if this.word == "resi" else place
            names = ", ".join(_Blame(self.cmd, number.text).values("resn")[:_MAX_NAMED])
            return f"`{number.text}` is {names}."
        if place.kind == "property" and place.word in ("resi", "resn", "name"):
            return _Blame(self.cmd, this.text).leaf(place)
        return ""

    def _near(self, part: Expression) -> list[str]:
        empty = [item for item in part.parts if self.count(item.text) == 0]
        if empty:
            other = self._measured_from_the_first(part)
            return other + [line for item in empty for line in self.of(item)]
        if part.word == "around" and self.count(part.parts[0].text) == self.count("all"):
            return ["`around` leaves out the selection itself, and here that is everything."]
        for factor in (2, 4, 8):
            distance = f"{float(part.value) * factor:g}"
            wider = self.count(
                re.sub(rf"({part.word})\s+{re.escape(part.value)}", rf"\1 {distance}", part.bare, count=1)
            )
            if wider > 0:
                return [f"Nothing is that near; with {distance} Å it would be {wider} atoms."]
        return ["Nothing is that near."]

    def _measured_from_the_first(self, part: Expression) -> list[str]:
        """`all within 5 of X and Y` measures to `X and Y`; say so where `X` alone was meant."""
        target = part.parts[-1]
        if len(part.parts) < 2 or target.kind != "infix" or target.grouped:
            return []
        first = target
        while first.kind == "infix" and not first.grouped:
            first = first.parts[0]
        head = part.bare[: len(part.bare) - len(target.text)] + first.text
        other = f"({head}) {target.text[len(first.text) :].strip()}"
        n = self.count(other)
        return [f"`{part.word}` measures to all of `{target.text}`; `{other}` has {n} atoms."] if n > 0 else []

    def leaf(self, part: Expression) -> str:
        describe = _LEAVES.get(part.word) if part.kind == "property" else None
        text = describe(self, part.value.strip("\"'")) if describe else ""
        if not text and part.kind == "name":
            text = self._name(part)
        if not text and part.kind == "class":
            text = _CLASSES.get(part.word, "")
        if not text and part.kind == "compare":
            text = self._range(part.word)
        where = "" if self.within == "all" else f" in `{self.within.removeprefix('(').removesuffix(')')}`"
        if ") and (" in where:
            where = f" in `{self.within}`"
        return f"`{part.text}` matches nothing{where}. {text}".strip()

    def _name(self, part: Expression) -> str:
        names = self.cmd.get_names("public")
        if part.word not in names:
            if part.word in self.cmd.get_chains("all"):
                return f"For the chain write `chain {part.word}`."
            return f"The objects and selections are {', '.join(names[:_MAX_NAMED])}."
        kind = self.cmd.get_type(part.word)
        return "That selection is empty." if kind == "selection" else f"It is a {kind.removeprefix('object:')}."

    def _range(self, word: str) -> str:
        values: list[float] = []
        names = {"b": "b", "q": "q", "partial_charge": "partial_charge", "formal_charge": "formal_charge"}
        if word not in names or self.count(self.within) > _MAX_READ:
            return ""
        self.cmd.iterate(self.within, f"note({names[word]})", space={"note": values.append}, quiet=1)
        return f"{word} runs from {min(values):g} to {max(values):g} here." if values else ""

    def values(self, word: str) -> list[str]:
        """What there is of a property, most frequent first; empty where that is too much to read."""
        if not 0 < self.count(self.within) <= _MAX_READ:
            return []
        found: dict[str, int] = {}

        def note(value: str) -> None:
            found[value] = found.get(value, 0) + 1

        self.cmd.iterate(self.within, f"note({word})", space={"note": note}, quiet=1)
        return sorted(found, key=lambda item: -found[item])

    def objects(self) -> list[str]:
        """The first molecules that `within` reaches; naming more would tell nobody more."""
        return list(self.cmd.get_object_list(self.within) or ())[:_MAX_OBJECTS]

    def residues(self, text: str) -> dict[tuple[str, str, str], int]:
        """Atoms per (chain, resi, resn) of a selection of few atoms, in PyMOL's order."""
        found: dict[tuple[str, str, str], int] = {}

        def note(chain: str, resi: str, resn: str) -> None:
            found[chain, resi, resn] = found.get((chain, resi, resn), 0) + 1

        if 0 < self.count(text) <= _MAX_READ:
            self.cmd.iterate(text, "note(chain, resi, resn)", space={"note": note}, quiet=1)
        return found


def _shifted_macro(blame: _Blame, macro: Expression) -> str:
    """//A/25/CA has the chain where the segment identifier belongs."""
    text = macro.bare
    if not text.startswith("/") or len(text.split("/")) > 6:
        return ""
    model, _, rest = text[1:].partition("/")
    meant = f"/{model}//{rest}"
    n = blame.count(meant)
    return (
        f"A macro is /object/segment/chain/residue/atom: with the segment left empty, `{meant}` has {n} atoms."
        if n > 0
        else ""
    )


def _chain(blame: _Blame, value: str) -> str:
    if blame.count(f"chain {value.swapcase()}") > 0 and value.swapcase() != value:
        return f"Chain identifiers are case-sensitive: there is a `chain {value.swapcase()}`."
    there = [f"{name} has {_list('chain', blame.cmd.get_chains(f'model {name}'))}" for name in blame.objects()]
    if blame.count(f"segi {value}") > 0:
        return f"But there is a `segi {value}`; {'; '.join(there)}."
    return f"{'; '.join(there)}."


def _resi(blame: _Blame, value: str) -> str:
    if meant := re.fullmatch(r"(\d+)(?:\.\.|to|_|–)(\d+)", value):
        return f"A range is written `resi {meant[1]}-{meant[2]}`."
    if (span := re.fullmatch(r"(\d+)[-:](\d+)", value)) and int(span[1]) > int(span[2]):
        return f"A range goes upwards: `resi {span[2]}-{span[1]}`."
    if re.fullmatch(r"[A-Za-z]{3}", value):
        return f"That is a residue name: `resn {value.upper()}` ({max(blame.count(f'resn {value}'), 0)} atoms)."
    if blame.count(f"chain {value}") > 0:
        return f"That is a chain: `chain {value}`."
    if (mutation := re.fullmatch(r"[A-Za-z]{1,3}(\d+)[A-Za-z]?", value)) and blame.count(f"resi {mutation[1]}") > 0:
        return f"`resi` takes only the number: `resi {mutation[1]}`."
    if (code := re.fullmatch(r"(-?\d+)[A-Za-z]", value)) and blame.count(f"({blame.within}) and resi {code[1]}") > 0:
        return f"There is a residue {code[1]} without that insertion code: `resi {code[1]}`."
    return _ranges(blame)


def _ranges(blame: _Blame) -> str:
    lines = []
    for name in blame.objects():
        by_chain: dict[str, list[str]] = {}
        for chain, resi, _ in blame.residues(f"({blame.within}) and model {name} and guide"):
            by_chain.setdefault(chain, []).append(resi)
        spans = [f"chain {chain or repr('')} {resis[0]}-{resis[-1]}" for chain, resis in by_chain.items()]
        lines += [f"{name} {', '.join(spans[:_MAX_NAMED])}"] if spans else []
    if lines:
        return f"The residues are {'; '.join(lines)}."
    numbers = blame.values("resi")
    return f"The residues are {', '.join(sorted(numbers, key=_number)[:_MAX_NAMED])}." if numbers else ""


def _resn(blame: _Blame, value: str) -> str:
    if re.fullmatch(r"-?\d+", value) and blame.count(f"resi {value}") > 0:
        return f"That is a residue number: `resi {value}` ({blame.count(f'resi {value}')} atoms)."
    meant = _meant("residues", value)
    if meant and blame.count(f"resn {meant}") > 0:
        return f"PyMOL's name is `resn {meant}` ({blame.count(f'resn {meant}')} atoms)."
    if value.swapcase() != value and blame.count(f"resn {value.upper()}") > 0:
        return f"Names are case-sensitive here (ignore_case is off): `resn {value.upper()}`."
    ligands = [
        f"{resn} ({f'chain {chain}, ' if chain else ''}resi {resi})"
        for chain, resi, resn in blame.residues(f"({blame.within}) and organic")
    ]
    close = difflib.get_close_matches(value.upper(), blame.values("resn"), n=3, cutoff=0.6)
    lines = [f"Close: {', '.join(close)}." if close else ""]
    lines += [f"The ligands are {', '.join(ligands[:6])}; `organic` selects them." if ligands else ""]
    return " ".join(line for line in lines if line)


def _atom_name(blame: _Blame, value: str) -> str:
    element = value.capitalize()
    if (
        value.upper() in ("CA", "CD", "HG", "NE", "CE", "CO")
        and blame.count(f"({blame.within}) and elem {element}") > 0
    ):
        return f"`name` is the atom's name; the element is `elem {element}`."
    names = blame.values("name")
    close = difflib.get_close_matches(value.upper(), names, n=4, cutoff=0.6)
    if value.upper() in names:
        return f"Names are case-sensitive here (ignore_case is off): `name {value.upper()}`."
    if len(names) <= _MAX_NAMED * 2:
        return f"Its atoms are {', '.join(names)}." if names else ""
    return f"{'Close' if close else 'Frequent'}: {', '.join(close or names[:_MAX_NAMED])}."


def _element(blame: _Blame, value: str) -> str:
    elements = blame.values("elem")
    named = blame.count(f"({blame.within}) and name {value}")
    text = f"The elements are {', '.join(elements[:_MAX_NAMED])}." if elements else ""
    return f"{text} By name, `name {value}` has {named} atoms." if named > 0 else text


def _segi(blame: _Blame, value: str) -> str:
    if blame.count(f"({blame.within}) and chain {value}") > 0:
        return f"`segi` is the segment identifier; `chain {value}` has {blame.count(f'chain {value}')} atoms."
    found = [item for item in blame.values("segi") if item]
    return f"The segments are {', '.join(found[:_MAX_NAMED])}." if found else "No segment identifiers are set here."


def _ss(blame: _Blame, value: str) -> str:
    meant = _meant("structures", value)
    if meant and meant != value.upper():
        return f"Helices are `ss H`, strands `ss S`, the rest `ss L+''`: here `ss {meant}`."
    assigned = [item for item in blame.values("ss") if item]
    return "" if assigned else "No secondary structure is assigned; `dss` does that."


def _model(blame: _Blame, value: str) -> str:
    del value
    return f"The objects are {', '.join(blame.cmd.get_object_list('all')[:_MAX_NAMED])}."


def _color(blame: _Blame, value: str) -> str:
    if blame.cmd.get_color_index(value) == -1:
        return f"There is no colour `{value}`."
    names = {str(index): name for name, index in blame.cmd.get_color_indices(all=1)}
    found = [names.get(item, item) for item in blame.values("str(color)")]
    return f"The colours are {', '.join(found[:_MAX_NAMED])}." if found else ""


def _rep(blame: _Blame, value: str) -> str:
    shown = [rep for rep in _REPRESENTATIONS if blame.count(f"({blame.within}) and rep {rep}") > 0]
    return f"Shown are {', '.join(shown)}." if value not in shown and shown else ""


def _alt(blame: _Blame, value: str) -> str:
    del value
    found = [item for item in blame.values("alt") if item]
    return f"The alternates are {', '.join(found)}." if found else "There are no alternate conformations."


def _number_of_atom(blame: _Blame, value: str) -> str:
    del value
    counts = [f"{name} has {blame.count(f'model {name}')} atoms" for name in blame.objects()]
    return f"{', '.join(counts)}." if counts else ""


def _state(blame: _Blame, value: str) -> str:
    del value
    counts = [f"{name} has {blame.cmd.count_states(f'model {name}')}" for name in blame.objects()]
    return f"States: {', '.join(counts)}." if counts else ""


_LEAVES: dict[str, Callable[[_Blame, str], str]] = {
    "chain": _chain, "resi": _resi, "resn": _resn, "name": _atom_name, "elem": _element, "segi": _segi, "ss": _ss,
    "model": _model, "color": _color, "rep": _rep, "alt": _alt, "index": _number_of_atom, "id": _number_of_atom,
    "rank": _number_of_atom, "state": _state,
}  # fmt: skip
_CLASSES = {
    "organic": "There is no ligand: what is neither polymer nor solvent is `not polymer and not solvent`.",
    "hydro": "There are no hydrogens; `h_add` adds them.",
    "metals": "There is no metal; other ions are `inorganic`.",
    "enabled": "All objects are disabled; `enable` shows them.",
    "visible": "Nothing is shown; `show` displays a representation.",
    "none": "",
    "polymer.nucleic": "There is no DNA or RNA.",
    "solvent": "There is no water.",
}


def _meant(table: str, value: str) -> str:
    lower = value.lower()
    return next((name for name, said in known_words()[table].items() if lower in said), "")


def _list(word: str, values: Sequence[str]) -> str:
    named = ", ".join(value or "'' (blank)" for value in values[:_MAX_NAMED])
    return f"{word}{'' if len(values) == 1 else 's'} {named}" if values else f"no {word}"


def _number(resi: str) -> int:
    found = re.match(r"-?\d+", resi)
    return int(found[0]) if found else 0
