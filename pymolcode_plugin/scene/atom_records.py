"""Atoms as a session's binary records hold them: 30 columns of four bytes, and the texts they point to; no `cmd`.

Records lie atom by atom, so that one colour touches every page. Turned into columns, what a step changes is a few of
them, and the others are shared by every state that has them.

Source: `AtomInfoType_1_8_1` in layer2/AtomInfoHistory.h of PyMOL, and how a session's `names` holds it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .leaf import Leaf

VERSION = 181
N_COLUMNS = 30
_SIZE = 4 * N_COLUMNS
_BLOCK = 4096
Columns = tuple[Leaf, ...]

# Column, and how it is read.
_INTS = {
    "resv": 10, "customType": 11, "color": 17, "id": 18, "flags": 19, "unique_id": 20, "state": 21, "rank": 23,
    "reps": 24,
}  # fmt: skip
_FLOATS = {"b": 13, "q": 14, "vdw": 15, "partial_charge": 16, "elec_radius": 22}
_TEXTS = {"segi": 3, "chain": 4, "resn": 5, "name": 6, "text_type": 7, "custom": 8, "label": 9}
_LOOSE = 25  # from this column on, single bytes: flags, charges, insertion code, element, secondary structure, altloc
_UNIQUE_ID = 20
# Bytes of the last five columns that say something. The rest is padding; whether a setting exists, which PyMOL leaves
# set when the setting is gone; and geometry and valence, which PyMOL infers from the bonds whenever it needs them.
_LOOSE_MASK = np.frombuffer(bytes([0x1F, 0xFF, 0xFF, 0, 0] + [0xFF] * 11 + [0x3B, 0, 0, 0]), np.uint8)
_BYTES = {"formal_charge": 1, "cartoon": 2, "geom": 3, "valence": 4, "protons": 5, "ins_code": 6}
_SHORT_TEXTS = {"elem": (7, 12), "ss": (12, 14), "alt": (14, 16)}


def is_known(atoms: Any) -> bool:
    """Whether a session's item is an array of the records this module reads, on a machine of its byte order."""
    return (
        isinstance(atoms, list)
        and len(atoms) == 3
        and atoms[0] == VERSION
        and isinstance(atoms[1], bytes)
        and isinstance(atoms[2], bytes)
        and len(atoms[1]) % _SIZE == 0
        and sys.byteorder == "little"
    )


def to_columns(records: bytes) -> list[bytes]:
    """Split records into their columns."""
    table = np.frombuffer(records, np.int32).reshape(-1, N_COLUMNS)
    columns = np.empty((N_COLUMNS, len(table)), np.int32)
    for block in _blocks(len(table)):
        columns[:, block] = table[block].T
    return [column.tobytes() for column in columns]


def to_records(columns: Columns) -> bytes:
    """The inverse of `to_columns`."""
    parts = [np.frombuffer(column.data, np.int32) for column in columns]
    table = np.empty((len(parts[0]), N_COLUMNS), np.int32)
    for block in _blocks(len(table)):
        table[block] = np.stack([part[block] for part in parts], axis=1)
    return table.tobytes()


def _blocks(n_atoms: int) -> Iterator[slice]:
    """Pieces that stay in the processor's cache while rows become columns; four times as fast for half a million."""
    return (slice(start, start + _BLOCK) for start in range(0, n_atoms, _BLOCK))


def word_column(name: str) -> int:
    """Where in a record, in words of four bytes, a property is."""
    return _TEXTS[name] if name in _TEXTS else _INTS[name]


def flags_of(records: bytes) -> NDArray[np.uint32]:
    """The flags of every atom, straight from the records."""
    return np.frombuffer(records, np.uint32).reshape(-1, N_COLUMNS)[:, _INTS["flags"]]


def lexicon(data: bytes) -> dict[int, str]:
    """The texts that records point to: a count, the indices, then as many texts, each ended by a zero."""
    (count,) = np.frombuffer(data, np.int32, 1)
    indices = np.frombuffer(data, np.int32, count, 4)
    texts = data[4 * (count + 1) :].split(b"\0")
    found = {int(index): text.decode(errors="replace") for index, text in zip(indices, texts, strict=False)}
    return {0: "", **found}


@dataclass(frozen=True, eq=False)
class Atoms:
    """The atoms of one object by property, each an array in PyMOL's order; texts as codes.

    Codes of two objects, states or processes are the same for the same text.
    """

    columns: Columns
    lexicon: Leaf

    @property
    def n_atoms(self) -> int:
        """How many."""
        return len(self.columns[0].data) // 4

    @cached_property
    def texts(self) -> dict[int, str]:
        """What an index of a column of texts means."""
        return lexicon(self.lexicon.data)

    def array(self, name: str) -> NDArray[Any]:
        """One property: numbers as they are, texts as codes."""
        if name in _TEXTS:
            codes: NDArray[Any] = self._codes[self.indices(name)]
            return codes
        if name in _BYTES:
            return self._loose[:, _BYTES[name]].view(np.int8)
        if name in _SHORT_TEXTS:
            start, stop = _SHORT_TEXTS[name]
            return np.ascontiguousarray(self._loose[:, start:stop]).view(f"S{stop - start}")[:, 0]
        if name == "hetatm":
            return self._loose[:, 0] & 1
        kind, number = (np.float32, _FLOATS[name]) if name in _FLOATS else (np.int32, _INTS[name])
        return np.frombuffer(self.columns[number].data, kind)

    def indices(self, name: str) -> NDArray[np.int32]:
        """A property that is a text, as indices into `texts`."""
        return np.frombuffer(self.columns[_TEXTS[name]].data, np.int32)

    def unique_ids(self) -> NDArray[Any] | None:
        """What settings of single atoms refer to; 0 where there are none."""
        return self.array("unique_id")

    def is_same(self, other: Atoms, name: str) -> bool:
        """Whether a property is known to be equal without looking at it."""
        numbers = _columns_of(name)
        same = all(self.columns[number] is other.columns[number] for number in numbers)
        return same and (name not in _TEXTS or self.lexicon is other.lexicon)

    def canonical(self) -> list[bytes]:
        """A digest of every column that says something: no index of this process, no unique id, no padding."""
        named = {number: name for name, number in _TEXTS.items()}
        columns = [
            self._coded(self.columns[number], named[number]) if number in named else self.columns[number].digest
            for number in range(_LOOSE)
            if number != _UNIQUE_ID
        ]
        return [*columns, hashlib.blake2b((self._loose & _LOOSE_MASK).tobytes(), digest_size=16).digest()]

    def _coded(self, column: Leaf, name: str) -> bytes:
        known = column.coded.get(self.lexicon.digest)
        if known is None:
            known = hashlib.blake2b(self.array(name).tobytes(), digest_size=16).digest()
            column.coded[self.lexicon.digest] = known
        return known

    @cached_property
    def _codes(self) -> NDArray[np.uint64]:
        table = np.zeros(max(self.texts) + 1, np.uint64)
        for index, text in self.texts.items():
            table[index] = code(text)
        return table

    @property
    def _loose(self) -> NDArray[np.uint8]:
        parts = [np.frombuffer(column.data, np.uint8).reshape(-1, 4) for column in self.columns[_LOOSE:]]
        return np.concatenate(parts, axis=1)


class AtomsByHand:
    """The same of a PyMOL whose records are not known: read atom by atom, which is slow."""

    def __init__(self, properties: Mapping[str, list[Any]]) -> None:
        self._arrays = {name: _array(values) for name, values in properties.items()}

    def plain(self) -> dict[str, tuple[str, bytes]]:
        """As values of no class, to be written."""
        return {name: (array.dtype.str, array.tobytes()) for name, array in self._arrays.items()}

    @classmethod
    def of_plain(cls, plain: Mapping[str, tuple[str, bytes]]) -> AtomsByHand:
        """The inverse of `plain`."""
        made = cls({})
        made._arrays = {name: np.frombuffer(data, np.dtype(kind)) for name, (kind, data) in plain.items()}
        return made

    @property
    def n_atoms(self) -> int:
        """How many."""
        return len(self._arrays["color"])

    def array(self, name: str) -> NDArray[Any]:
        """See Atoms."""
        return self._arrays[name]

    def unique_ids(self) -> NDArray[Any] | None:
        """Not known by hand."""
        return None

    def canonical(self) -> list[bytes]:
        """See Atoms."""
        return [hashlib.blake2b(array.tobytes(), digest_size=16).digest() for array in self._arrays.values()]


def code(text: str) -> int:
    """The number that stands for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _array(values: list[Any]) -> NDArray[Any]:
    if values and isinstance(values[0], str):
        codes = {text: code(text) for text in set(values)}
        return np.array([codes[text] for text in values], np.uint64)
    return np.array(values, np.float64)


def _columns_of(name: str) -> tuple[int, ...]:
    for table in (_TEXTS, _INTS, _FLOATS):
        if name in table:
            return (table[name],)
    return tuple(range(_LOOSE, N_COLUMNS))
