"""Chains, ligands, waters and representations of one object, from its atoms; no `cmd`.

Looks at what PyMOL itself classified (its `polymer`, `organic`, `solvent` … are flags of atoms), and only at the atoms
it needs, so that half a million take milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..core.scene import ChainInfo, LigandInfo
from .atom_records import lexicon, word_column

_POLYMER, _SOLVENT, _ORGANIC, _INORGANIC = 1 << 27, 1 << 28, 1 << 29, 1 << 30
_GUIDE = 1 << 31  # one atom a residue of a polymer
_PROTONS, _INSERTION = 105, 106  # bytes of a record
_MAX_CHAINS = 30
_MAX_LIGANDS = 20
_MAX_GAPS = 6
_NUCLEOTIDES = {"A", "C", "G", "U", "I", "DA", "DC", "DG", "DT", "DU", "DI"}
Residue = tuple[str, str, str]
_Indices = NDArray[np.intp]


class AtomTable(Protocol):
    """The atoms of one object, in PyMOL's order."""

    @property
    def flags(self) -> NDArray[np.uint32]:
        """Of every atom."""
        ...

    @property
    def representations(self) -> int:
        """Those shown on at least one atom, as PyMOL's bits."""
        ...

    def is_hydrogen(self, atoms: _Indices) -> NDArray[np.bool_]:
        """Of some atoms."""
        ...

    def residue_numbers(self, atoms: _Indices) -> NDArray[np.int32]:
        """Without insertion codes."""
        ...

    def keys(self, atoms: _Indices) -> NDArray[Any]:
        """One row an atom, equal for atoms of one residue."""
        ...

    def chains(self, atoms: _Indices) -> NDArray[Any]:
        """A number an atom, equal for atoms of one chain."""
        ...

    def residue(self, atom: int) -> Residue:
        """(chain, resi, resn) of an atom."""
        ...


class RecordTable:
    """Atoms straight from a session's records."""

    def __init__(self, records: bytes, texts: bytes) -> None:
        self._table = np.frombuffer(records, np.int32).reshape(-1, 30)
        self._bytes = np.frombuffer(records, np.uint8).reshape(-1, 120)
        self._texts = lexicon(texts)
        self._chain, self._resn, self._resv = word_column("chain"), word_column("resn"), word_column("resv")

    @property
    def flags(self) -> NDArray[np.uint32]:
        """See AtomTable."""
        return np.ascontiguousarray(self._table[:, word_column("flags")]).view(np.uint32)

    @property
    def representations(self) -> int:
        """See AtomTable."""
        return int(np.bitwise_or.reduce(self._table[:, word_column("reps")], initial=0))

    def is_hydrogen(self, atoms: _Indices) -> NDArray[np.bool_]:
        """See AtomTable."""
        hydrogen: NDArray[np.bool_] = np.take(self._bytes[:, _PROTONS], atoms) == 1
        return hydrogen

    def residue_numbers(self, atoms: _Indices) -> NDArray[np.int32]:
        """See AtomTable."""
        return np.take(self._table[:, self._resv], atoms)

    def keys(self, atoms: _Indices) -> NDArray[Any]:
        """See AtomTable."""
        columns = [self._table[atoms, number] for number in (self._chain, self._resv, self._resn)]
        return np.stack([*columns, self._bytes[atoms, _INSERTION].astype(np.int32)], axis=1)

    def chains(self, atoms: _Indices) -> NDArray[Any]:
        """See AtomTable."""
        return np.take(self._table[:, self._chain], atoms)

    def residue(self, atom: int) -> Residue:
        """See AtomTable."""
        row = self._table[atom]
        code = int(self._bytes[atom, _INSERTION])
        resi = f"{row[self._resv]}{chr(code) if code > 32 else ''}"  # 32: PyMOL writes a blank or nothing for none
        return self._texts.get(int(row[self._chain]), ""), resi, self._texts.get(int(row[self._resn]), "")


class IteratedTable:
    """Atoms that were read one by one as (chain, resi, resn, resv, flags, reps, protons)."""

    def __init__(self, rows: Sequence[tuple[str, str, str, int, int, int, int]]) -> None:
        self._rows = rows
        numbers = {residue: number for number, residue in enumerate(dict.fromkeys(row[:3] for row in rows))}
        self._keys = np.array([[numbers[row[:3]]] for row in rows], np.int64).reshape(-1, 1)
        self._numbers = np.array([row[3:] for row in rows], np.int64).reshape(-1, 4)

    @property
    def flags(self) -> NDArray[np.uint32]:
        """See AtomTable."""
        return (self._numbers[:, 1] & 0xFFFFFFFF).astype(np.uint32)

    @property
    def representations(self) -> int:
        """See AtomTable."""
        return int(np.bitwise_or.reduce(self._numbers[:, 2], initial=0))

    def is_hydrogen(self, atoms: _Indices) -> NDArray[np.bool_]:
        """See AtomTable."""
        hydrogen: NDArray[np.bool_] = np.take(self._numbers[:, 3], atoms) == 1
        return hydrogen

    def residue_numbers(self, atoms: _Indices) -> NDArray[np.int32]:
        """See AtomTable."""
        return np.take(self._numbers[:, 0], atoms).astype(np.int32)

    def keys(self, atoms: _Indices) -> NDArray[Any]:
        """See AtomTable."""
        return np.take(self._keys, atoms, axis=0)

    def chains(self, atoms: _Indices) -> NDArray[Any]:
        """See AtomTable."""
        return np.array([self._rows[atom][0] for atom in atoms.tolist()], np.str_)

    def residue(self, atom: int) -> Residue:
        """See AtomTable."""
        return self._rows[atom][:3]


def described(table: AtomTable, flags: NDArray[np.uint32]) -> dict[str, Any]:
    """The fields of an `ObjectInfo` that its atoms say."""
    polymer = flags & (_POLYMER | _GUIDE) == _POLYMER | _GUIDE
    waters = np.flatnonzero(flags & _SOLVENT)
    waters = waters[~table.is_hydrogen(waters)]
    metals = _residues(table, np.flatnonzero(flags & _INORGANIC))
    return {
        "chains": _chains(table, np.flatnonzero(polymer)),
        "ligands": _ligands(_residues(table, np.flatnonzero(flags & _ORGANIC))),
        "metals": tuple(sorted({resn for (_, _, resn), _ in metals})),
        "n_waters": len(_starts(table, waters)),
    }


def _starts(table: AtomTable, atoms: _Indices) -> NDArray[np.intp]:
    """Where in `atoms` each residue begins."""
    if not len(atoms):
        return np.empty(0, np.intp)
    keys = table.keys(atoms)
    changes = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
    return np.concatenate(([0], changes))


def _residues(table: AtomTable, atoms: _Indices) -> list[tuple[Residue, int]]:
    """Residues in PyMOL's order, with how many of the atoms are in each."""
    starts = _starts(table, atoms)
    found: dict[Residue, int] = {}
    for start, stop in zip(starts, [*starts[1:], len(atoms)], strict=False):
        residue = table.residue(int(atoms[start]))
        found[residue] = found.get(residue, 0) + int(stop - start)
    return list(found.items())


def _chains(table: AtomTable, guides: _Indices) -> tuple[ChainInfo, ...]:
    """Chains in the order of their first residues; the atoms are those that guide a cartoon, one a residue."""
    firsts = guides[_starts(table, guides)]
    if not len(firsts):
        return ()
    names = table.chains(firsts)
    _, begins = np.unique(names, return_index=True)
    chains = []
    for begin in sorted(begins.tolist())[:_MAX_CHAINS]:
        residues = firsts[names == names[begin]]
        chain, first, resn = table.residue(int(residues[0]))
        chains.append(
            ChainInfo(
                chain=chain,
                kind="nucleic" if resn in _NUCLEOTIDES else "protein",
                n_residues=len(residues),
                resi_first=first,
                resi_last=table.residue(int(residues[-1]))[1],
                gaps=_gaps(table.residue_numbers(residues)),
            )
        )
    return tuple(chains)


def _gaps(numbers: NDArray[np.int32]) -> tuple[str, ...]:
    jumps = np.flatnonzero(np.diff(numbers) > 1)
    pairs = [(int(numbers[at]) + 1, int(numbers[at + 1]) - 1) for at in jumps[: _MAX_GAPS + 1].tolist()]
    gaps = [f"{first}" if first == last else f"{first}-{last}" for first, last in pairs[:_MAX_GAPS]]
    return (*gaps, *([f"{len(jumps) - _MAX_GAPS} more"] if len(jumps) > _MAX_GAPS else []))


def _ligands(found: list[tuple[Residue, int]]) -> tuple[LigandInfo, ...]:
    ligands = [LigandInfo(resn=resn, chain=chain, resi=resi, n_atoms=n) for (chain, resi, resn), n in found]
    return tuple(ligands[:_MAX_LIGANDS])
