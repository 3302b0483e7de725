"""Sequence and numbering of polymer chains: gaps, insertion codes, and residues that are not standard."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field

from ..core.scene import AtomRow
from .geometry import Point, xyz

# fmt: off
_LETTERS = {
    "ALA": "A", "ARG": "R", "ASN": "N", "ASP": "D", "CYS": "C", "GLN": "Q", "GLU": "E", "GLY": "G", "HIS": "H",
    "ILE": "I", "LEU": "L", "LYS": "K", "MET": "M", "PHE": "F", "PRO": "P", "SER": "S", "THR": "T", "TRP": "W",
    "TYR": "Y", "VAL": "V", "A": "A", "C": "C", "G": "G", "U": "U", "I": "I", "DA": "A", "DC": "C", "DG": "G",
    "DT": "T", "DU": "U", "DI": "I",
}
# Written with the letter of the residue they stand for, and named.
_VARIANTS = {
    "MSE": "M", "SEP": "S", "TPO": "T", "PTR": "Y", "CSO": "C", "CME": "C", "HID": "H", "HIE": "H", "HIP": "H",
    "CYX": "C", "MLY": "K", "KCX": "K", "PCA": "Q", "HYP": "P", "SEC": "U", "PYL": "O",
}
# fmt: on
_BOND_ANGSTROM = 2.5  # between C and N or O3' and P of neighbours that are bonded, with room for poor models
_NUMBER = re.compile(r"(-?\d+)(\D*)")


@dataclass
class _Residue:
    resn: str
    resi: str
    atoms: dict[str, Point] = field(default_factory=dict)

    @property
    def number(self) -> int:
        match = _NUMBER.match(self.resi)
        return int(match.group(1)) if match else 0

    @property
    def insertion(self) -> str:
        match = _NUMBER.match(self.resi)
        return match.group(2) if match else ""

    def is_bonded_to(self, other: _Residue) -> bool:
        """To the next residue; by the peptide or the phosphate bond, as far as these atoms are there."""
        for one, next_one in (("C", "N"), ("O3'", "P")):
            if one in self.atoms and next_one in other.atoms:
                return math.dist(self.atoms[one], other.atoms[next_one]) <= _BOND_ANGSTROM
        return False


def describe(rows: list[AtomRow]) -> str:
    """One paragraph a chain; `rows` are atoms of polymers in PyMOL's order."""
    chains: dict[tuple[str, str], dict[tuple[str, str], _Residue]] = {}
    for row in rows:
        residues = chains.setdefault((row.object, row.chain), {})
        residue = residues.setdefault((row.resi, row.resn), _Residue(row.resn, row.resi))
        residue.atoms.setdefault(row.name, xyz(row))
    return "\n".join(_chain(*key, list(residues.values())) for key, residues in chains.items())


def _chain(object_name: str, chain: str, residues: list[_Residue]) -> str:
    first, last = residues[0].resi, residues[-1].resi
    head = f"{object_name} chain {chain or '(blank)'}, {len(residues):,} residues {first}-{last}"
    letters = "".join(_LETTERS.get(item.resn) or _VARIANTS.get(item.resn, "X") for item in residues)
    notes = [
        *_gaps(residues),
        _named("insertion codes", [item.resi for item in residues if item.insertion]),
        _named("non-standard", [f"{item.resn} {item.resi}" for item in residues if item.resn not in _LETTERS]),
    ]
    said = "; ".join(note for note in notes if note)
    return f"{head}: {letters}" + (f" ({said})" if said else "")


def _gaps(residues: list[_Residue]) -> list[str]:
    notes = []
    for one, other in itertools.pairwise(residues):
        step = other.number - one.number
        if one.is_bonded_to(other) or (step in (0, 1) and not _has_ends(one, other)):
            if step not in (0, 1):
                notes.append(f"numbering jumps from {one.resi} to {other.resi}, nothing missing")
        elif step > 1:
            missing = f"{one.number + 1}-{other.number - 1}" if step > 2 else f"{one.number + 1}"
            notes.append(f"{missing} missing")
        else:
            notes.append(f"chain break between {one.resi} and {other.resi}")
    return notes


def _has_ends(one: _Residue, other: _Residue) -> bool:
    """The atoms that would bond are there, so that they are too far apart means something."""
    return ("C" in one.atoms and "N" in other.atoms) or ("O3'" in one.atoms and "P" in other.atoms)


def _named(what: str, names: list[str]) -> str:
    return f"{what} {', '.join(names)}" if names else ""
