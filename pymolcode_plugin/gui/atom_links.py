"""Names and numbers in an answer, and the atoms they speak of; plain text in, selection expressions out, no Qt.

Nothing here knows whether the atoms exist: whoever asks the scene drops what matches nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_CANDIDATES = 150  # of one answer; the scene is asked about each different one
_MAX_EXPRESSION = 1000
_NO_WATER = "not solvent"  # waters have numbers too, and nobody means them

_THREE = {
    "A": "ALA", "R": "ARG", "N": "ASN", "D": "ASP", "C": "CYS", "Q": "GLN", "E": "GLU", "G": "GLY", "H": "HIS",
    "I": "ILE", "L": "LEU", "K": "LYS", "M": "MET", "F": "PHE", "P": "PRO", "S": "SER", "T": "THR", "W": "TRP",
    "Y": "TYR", "V": "VAL",
}  # fmt: skip
_OTHER_NAMES = {"HIS": "HIS+HID+HIE+HIP", "CYS": "CYS+CYX", "ASP": "ASP+ASH", "GLU": "GLU+GLH", "LYS": "LYS+LYN"}
_RESIDUES = {*_THREE.values(), "MSE", "HID", "HIE", "HIP", "CYX", "ASH", "GLH", "LYN", "SEP", "TPO", "PTR"}
_CHAIN_AFTER = (
    r"(?:\s*\((?:in |of )?(?:[Cc]hain )?(?P<c1>[A-Za-z0-9]{1,2})\)"
    r"|,?\s+(?:(?:of|in|on|from)\s+)?[Cc]hain\s+(?P<c2>[A-Za-z0-9]{1,2})\b)?"
)
_CHAIN_BEFORE = r"(?:(?:[Cc]hain\s+)?(?P<c0>\b[A-Z])[:/]\s?|[Cc]hain\s+(?P<c3>[A-Za-z0-9]{1,2}),?\s+)?"
_NUMBER = r"(?P<resi>\d{1,5}[A-Z]?)"
_ATOM = r"(?:(?:[ /:.\-]|\s\()(?P<atom>(?:[CNOS][ABGDEZH]\d?|OXT|N[DEHZ]?\d)\b)\)?)?"
_DASH = r"[ \-\u2010\u2011\u2013`\u00a0]?"

_MACRO = re.compile(r"(?<![\w/])/[\w.\-]*/\w*/[\w]*/(?:[\w]{1,4}`)?-?\d{0,5}[A-Z]?(?:/[\w'*+]{1,4})?")
_RESN = r"(?<![A-Za-z0-9])(?P<resn>[A-Z][A-Za-z]{2})"
_NAMED = re.compile(_CHAIN_BEFORE + _RESN + _DASH + _NUMBER + r"(?!\w|\.\w)" + _ATOM + _CHAIN_AFTER)
_LISTED = re.compile(
    r"(?<![\w/])(?P<resn>[A-Z0-9]{1,4})\s(?P<c0>[A-Za-z0-9]{1,2})/" + _NUMBER + r"(?![\w/]|\.\w)" + _ATOM
)
_SLASH = re.compile(r"(?<![\w/.:])(?P<c0>[A-Z])[/:]" + _NUMBER + r"(?![\w/:]|\.\w)" + _ATOM)
_ONE = re.compile(r"(?<![\w/.\-])(?P<one>[ARNDCQEGHILKMFPSTWYV])(?P<resi>\d{2,4})(?![\w/%\-]|\.\w)" + _CHAIN_AFTER)
_RANGE = re.compile(
    r"\b[Rr]es(?:idues|i)\s+(?P<from>\d{1,5})\s?(?:-|\u2013|to|through)\s?(?P<to>\d{1,5})(?!\w|\.\w)" + _CHAIN_AFTER
)
_NUMBERED = re.compile(_CHAIN_BEFORE + r"\b[Rr]es(?:idues?|i)\s+" + _NUMBER + r"(?![\w\-\u2013]|\.\w)" + _CHAIN_AFTER)
_CHAIN = re.compile(r"\b[Cc]hains?\s+(?P<c0>[A-Za-z0-9]{1,2})\b(?!')")
_WORD = re.compile(r"(?<![\w/])[A-Za-z0-9_][\w.\-+]*(?<![.\-+])")
_LABEL = re.compile(r"/[\w.\-]*//?[\w]*/\w{1,4}`-?\d+[A-Z]?/[\w'*+]{1,4}")
_UNIT = r"(?:Å²|Å\^2|Å|[Aa]ngstr(?:o|ö)ms?|°|degrees?|atoms?|residues?)"
_VALUE = r"(?<![\w.,/`])(?P<value>-?\d{1,3}(?:,\d{3})+|-?\d+(?:\.\d+)?)"
_QUANTITY = re.compile(_VALUE + r"\s?(?P<unit>" + _UNIT + r")(?![\w²^])")
_LIGAND_WORDS = ("ligand", "inhibitor", "residue", "resn", "drug")
_OBJECT_WORDS = ("selection", "object", "structure")


class Names(NamedTuple):
    """What is in the scene, by name."""

    ligands: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    selections: frozenset[str] = frozenset()


class Fact(NamedTuple):
    """A number that a step reported, and the atoms it is about.

    Attributes:
        value: As it was written, without thousands' commas.
        unit: `Å`, `Å²`, `°`, `atoms` or `residues`.
        selection: The atoms.
    """

    value: str
    unit: str
    selection: str


class Candidate(NamedTuple):
    """Characters of a text that may speak of atoms."""

    start: int
    end: int
    selection: str


def candidates(text: str, names: Names, facts: Sequence[Fact] = ()) -> list[Candidate]:
    """Where a text speaks of atoms, in order, none inside another; at most `MAX_CANDIDATES`."""
    found = [*_quantities(text, facts), *_residues(text), *_known(text, names)]
    found.sort(key=lambda item: (item.start, item.start - item.end))
    kept: list[Candidate] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept[:MAX_CANDIDATES]


def facts(tool: str, arguments: str, text: str) -> list[Fact]:
    """The numbers of a step's result whose atoms are known.

    Args:
        tool: Its name.
        arguments: As `StepStarted` has them: the name and JSON.
        text: What it gave.
    """
    asked = _asked(tool, arguments)
    found: list[Fact] = []
    for sentence in re.split(r"[\n;]", text):
        atoms = _LABEL.findall(sentence)
        selection = _union(atoms[:4]) if atoms else asked
        if selection:
            bare = _LABEL.sub(" ", sentence)
            found += (
                Fact(match["value"].replace(",", ""), _unit(match["unit"]), selection)
                for match in _QUANTITY.finditer(bare)
            )
    return found


def _asked(tool: str, arguments: str) -> str:
    """What a tool that reads was asked about, as one expression; empty where that is not known."""
    try:
        given = json.loads(arguments.removeprefix(tool).strip() or "{}")
    except ValueError:
        return ""
    selections = given.get("selections") if isinstance(given, dict) else None
    if not isinstance(selections, list) or not all(isinstance(item, str) for item in selections):
        return ""
    if tool == "query_atoms" and given.get("what") == "contacts" and len(selections) == 2:
        one, other = selections
        cutoff = given.get("cutoff_angstrom", 4.0)
        near = f"byres (({one}) and not ({other}) within {cutoff} of ({other}))"
        return near if len(near) <= _MAX_EXPRESSION else ""
    return _union(selections) if tool in ("measure", "query_atoms") else ""


def _union(selections: Sequence[str]) -> str:
    text = selections[0] if len(selections) == 1 else " or ".join(f"({item})" for item in selections)
    return text if len(text) <= _MAX_EXPRESSION else ""


def _unit(written: str) -> str:
    word = written.lower()
    if word in ("å²", "å^2"):
        return "Å²"
    if word == "å" or word.startswith("angstr"):
        return "Å"
    return "°" if word.startswith(("°", "degree")) else word.rstrip("s") + "s"


def _quantities(text: str, known: Sequence[Fact]) -> Iterator[Candidate]:
    """Numbers with a unit that say what a step reported, rounded or as it was."""
    for match in _QUANTITY.finditer(text) if known else ():
        value, unit = match["value"].replace(",", ""), _unit(match["unit"])
        meant = {fact.selection for fact in known if fact.unit == unit and _says(value, fact.value, unit)}
        if len(meant) == 1:  # else nobody can tell which of them is meant
            yield Candidate(match.start(), match.end(), meant.pop())


def _says(written: str, reported: str, unit: str) -> bool:
    """Whether a number in a text is the reported one, rounded to its own decimals; of a length at least one."""
    decimals = len(written.partition(".")[2])
    if unit in ("atoms", "residues") or written == reported:
        return written == reported
    if unit in ("Å", "°") and not decimals and unit == "Å":
        return False
    return f"{float(reported):.{decimals}f}" == written


def _residues(text: str) -> Iterator[Candidate]:
    for pattern, expression in _PATTERNS:
        for match in pattern.finditer(text):
            selection = expression(match)
            if selection:
                yield Candidate(match.start(), match.end(), selection)


def _named(match: re.Match[str]) -> str:
    name = match["resn"].upper()
    return _residue(match, _resn(name)) if name in _RESIDUES else ""


def _listed(match: re.Match[str]) -> str:
    """As tools list residues, e.g. `478 B/200`; other numbers before a chain are no names."""
    name = match["resn"]
    return "" if name.isdigit() and len(name) != 3 else _residue(match, f"resn {name}")


def _resn(name: str) -> str:
    return f"resn {_OTHER_NAMES.get(name, name)}"


def _residue(match: re.Match[str], resn: str) -> str:
    parts = [resn, f"resi {match['resi']}"]
    atom = match.groupdict().get("atom")
    return _with_chain(match, " and ".join(part for part in (*parts, f"name {atom}" if atom else "") if part))


def _with_chain(match: re.Match[str], selection: str) -> str:
    groups = match.groupdict()
    chain = next((groups[name] for name in ("c0", "c1", "c2", "c3") if groups.get(name)), "")
    return f"{selection} and chain {chain}" if chain else selection


def _known(text: str, names: Names) -> Iterator[Candidate]:
    """Ligands, objects and selections of the scene. Words that people use otherwise need a word that says so."""
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        if word in names.selections or word in names.objects:
            if _is_telling(word) or _is_introduced(text, start, _OBJECT_WORDS):
                yield Candidate(start, match.end(), f"%{word}")
        elif word in names.ligands and (not word.isdigit() or _is_introduced(text, start, _LIGAND_WORDS)):
            yield Candidate(start, match.end(), f"resn {word}")


def _is_telling(word: str) -> bool:
    """A name that is no word of a language: it has a digit beside letters, or an underscore."""
    return "_" in word or (any(map(str.isdigit, word)) and any(map(str.isalpha, word)))


def _is_introduced(text: str, start: int, by: tuple[str, ...]) -> bool:
    before = text[max(0, start - 24) : start].lower().rstrip(" `'\"\u201c(")
    return before.endswith(by)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_MACRO, lambda match: match[0]),
    (_NAMED, _named),
    (_LISTED, _listed),
    (_ONE, lambda match: _residue(match, _resn(_THREE[match["one"]]))),
    (_SLASH, lambda match: _residue(match, _NO_WATER)),
    (_NUMBERED, lambda match: _residue(match, _NO_WATER)),
    (_RANGE, lambda match: _with_chain(match, f"{_NO_WATER} and resi {match['from']}-{match['to']}")),
    (_CHAIN, lambda match: f"chain {match['c0']}"),
)


def expressions(found: Iterable[Candidate]) -> tuple[str, ...]:
    """The different selection expressions, in order."""
    return tuple(dict.fromkeys(item.selection for item in found))
