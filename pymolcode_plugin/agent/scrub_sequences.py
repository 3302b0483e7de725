"""Takes sequences out of free text: FASTA, long runs of residue letters, runs of residue names in order.

The letters of a sequence are also those of English in capitals, so length and context decide, and a long word in
capitals may go with them. Residues that are named singly, as the contacts of a ligand are, stay.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from .scrub import Span, between, once, replaced, runs

NO_SEQUENCE = "(the sequence is withheld by the user)"

_LONG, _SHORT = 12, 6
_MAX_GAP = 100  # the rest of a line of a structure file
_RARE = frozenset("BJOUZ")
_MAX_RARE = 0.05
_BASE_LETTERS = frozenset("ACGTUNX")
_AMINO = "ACDEFGHIKLMNPQRSTVWYX"
_FASTA = re.compile(r"^(>[^\n]*\n)(?:[A-Za-z*?\-]+(?:\n|\Z))+", re.MULTILINE)
_BLOCKS = re.compile(rf"(?<![A-Za-z])(?:[{_AMINO}]{{10}}\s+)+[{_AMINO}]{{1,10}}(?![A-Za-z])")
_CAPITALS = re.compile(r"[A-Z*?\-]{6,}")
_NUCLEOTIDES = re.compile(r"(?<![A-Za-z])[acgtun\-]{12,}(?![A-Za-z])")
_LETTERS = re.compile(rf"(?<![A-Za-z])[{_AMINO}U](?:['\"]?[\s,;]+['\"]?[{_AMINO}U](?![A-Za-z])){{5,}}")
_BASES = re.compile(r"(?<![A-Za-z])[ACGUTI] \S{0,4}/\d+(?:[,;\s]+[ACGUTI] \S{0,4}/\d+){5,}")
_NUMBERED = re.compile(rf"(?<![A-Za-z\d])[{_AMINO}]\d{{1,5}}(?:[\s,;–-]{{1,4}}[{_AMINO}]\d{{1,5}}(?![A-Za-z\d])){{5,}}")
_MIN_KINDS = 3  # the atoms of a ligand are numbered as well, but most of them are carbons
_NAMED = re.compile(r"(?i:sequence|\bseq\b|fasta)[^\n]{0,40}$")
_RESIDUES = (
    "ALA|ARG|ASN|ASP|CYS|GLN|GLU|GLY|HIS|ILE|LEU|LYS|MET|PHE|PRO|SER|THR|TRP|TYR|VAL|MSE|SEC|PYL|ASX|GLX|UNK"
    "|HID|HIE|HIP|CYX|SEP|TPO|PTR|CSO|DA|DC|DG|DT|DU|DI"
)
_RESIDUE = re.compile(rf"(?<![A-Za-z])(?:{_RESIDUES})(?![A-Za-z])", re.IGNORECASE)
_INTEGER = re.compile(r"(?<![A-Za-z\d.])-?\d+(?![A-Za-z\d]|\.\d)")

_WORD = re.compile(r"(?<![\dA-Za-z])[A-Za-z]{2,}")


def without_sequences(text: str, *, strict: bool = False) -> str:
    """The text with a remark in place of sequences.

    Args:
        text: Anything that was printed.
        strict: It comes from a tool that gives sequences, so short runs count anywhere.
    """
    text = _FASTA.sub(rf"\1{NO_SEQUENCE}\n", text)
    text = _BLOCKS.sub(NO_SEQUENCE, text)
    text = _CAPITALS.sub(lambda match: NO_SEQUENCE if _is_sequence(match, strict=strict) else match[0], text)
    text = _NUCLEOTIDES.sub(NO_SEQUENCE, text)
    text = _LETTERS.sub(lambda match: match[0] if _ascends(match[0]) else NO_SEQUENCE, text)
    text = _BASES.sub(NO_SEQUENCE, text)
    text = _NUMBERED.sub(lambda match: NO_SEQUENCE if _is_numbered(match[0]) else match[0], text)
    return once(replaced(text, _residue_runs(text), NO_SEQUENCE), NO_SEQUENCE)


def _is_sequence(match: re.Match[str], *, strict: bool) -> bool:
    text, letters = match.string, re.sub(r"[^A-Z]", "", match[0])
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    if before.islower() or after.islower() or len(letters) < _SHORT or not _could_be_residues(letters):
        return False
    if len(letters) >= _LONG or strict:
        return True
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    alone = not re.sub(r"[\d\s'\",\[\]()]", "", line + text[match.end() :].partition("\n")[0])
    return alone or bool(_NAMED.search(line))


def _could_be_residues(letters: str) -> bool:
    rare = sum(letter in _RARE for letter in letters)
    return rare <= _MAX_RARE * len(letters) or set(letters) <= _BASE_LETTERS


def _is_numbered(text: str) -> bool:
    """Letters with numbers that follow one another, as in `P1, Q2, I3`; those of contacts jump."""
    numbers = [int(item) for item in re.findall(r"\d+", text)]
    n_next = sum(other - one in (0, 1) for one, other in itertools.pairwise(numbers))
    return n_next >= _SHORT - 1 and len(set(re.findall(r"[A-Z]", text))) >= _MIN_KINDS


def _ascends(letters: str) -> bool:
    """Chains are listed in the order of the alphabet; residues are not."""
    found = re.findall(r"[A-Z]", letters)
    return all(one < other for one, other in itertools.pairwise(found))


def _residue_runs(text: str) -> list[Span]:
    """Six residues and more in a row, without numbers or with numbers that follow one another."""
    return [
        (part[0].start(), part[-1].end())
        for run in runs(list(_RESIDUE.finditer(text)), _belong)
        for part in _in_order(run)
    ]


def _belong(one: re.Match[str], other: re.Match[str]) -> bool:
    """Chains and numbers may stand between, and two words: those of the object and of the atom."""
    gap = between(one, other)
    return len(gap) <= _MAX_GAP and len(_WORD.findall(gap)) <= 2


def _in_order(run: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Cuts a run where the residue numbers jump: contacts of a ligand are no sequence."""
    part, seen, last = [run[0]], {0}, None
    for one, other in itertools.pairwise(run):
        numbers = [int(item) for item in _INTEGER.findall(between(one, other))]
        ends = (numbers[0], numbers[-1]) if numbers else None
        if ends and last and not any(now - then in (0, 1) for now, then in zip(ends, last, strict=True)):
            if len(seen) >= _SHORT:
                yield part
            part, seen = [], {0}
        part.append(other)
        seen.add(min(ends) if ends else len(part))
        last = ends
    if len(seen) >= _SHORT:
        yield part
