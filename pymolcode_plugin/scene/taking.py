"""Takes the scene on PyMOL's thread, in as little time as reading it needs; what is made of it is made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymol import setting as pymol_setting

from .atom_records import Atoms, AtomsByHand, code, is_known, to_columns
from .leaf import Leaf, share
from .state import MOLECULE, Taken

_MAX_CHECKED = 2000  # atoms
# Properties by the name `iterate` has for them.
_PROPERTIES = {
    "segi": "segi", "chain": "chain", "resn": "resn", "name": "name", "label": "label", "custom": "custom",
    "text_type": "text_type", "resv": "resv", "b": "b", "q": "q", "vdw": "vdw", "partial_charge": "partial_charge",
    "color": "color", "id": "ID", "reps": "reps", "formal_charge": "formal_charge", "elem": "elem", "ss": "ss",
    "alt": "alt", "ins_code": "resi", "cartoon": "cartoon", "flags": "flags", "hetatm": "type",
}  # fmt: skip
_SPELT_OTHERWISE = {"ins_code", "hetatm", "flags"}


class Taker:
    """Reads the scene of one PyMOL; finds out the first time whether it knows how atoms are recorded.

    Args:
        cmd: The `pymol.cmd` module.
    """

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._color_names: dict[int, str] = {}
        self.knows_records: bool | None = None

    def take(self, before: Taken | None = None) -> Taken:
        """Read everything; call on PyMOL's thread."""
        # Whatever `pse_export_version` says: in the format of an older PyMOL atoms are recorded otherwise.
        session = self._cmd.get_session(binary=1, cache=0, version=0)
        session.pop("session", None)
        texts = {name: self._cmd.get_setting_text(name) for name in pymol_setting.index_dict}
        old: Mapping[str, Any] = before.session if before else {}
        shared = {key: share(value, old.get(key)) for key, value in session.items() if key != "names"}
        shared["names"] = _share_names(session["names"], old.get("names", []))
        if not self._color_names:
            self._color_names = {index: name for name, index in self._cmd.get_color_indices()}
        return Taken(
            session=shared,
            texts=before.texts if before and before.texts == texts else texts,
            color_names=self._color_names,
            movie_locked=bool(self._cmd.get_movie_locked() > 0),
            by_hand=None if self._reads(shared["names"]) else self._by_hand(shared["names"]),
        )

    def _reads(self, names: list[Any]) -> bool:
        """Whether the records mean what `atom_records` thinks, checked once against `iterate`."""
        molecules = [entry for entry in names if entry and entry[4] == MOLECULE]
        if any(not is_known(entry[5][7]) for entry in molecules):
            return False
        filled = next((entry for entry in molecules if entry[5][7][1]), None)
        if self.knows_records is None and filled is not None:
            self.knows_records = self._agrees(filled)
        return self.knows_records is not False

    def _agrees(self, entry: list[Any]) -> bool:
        _version, records, texts = entry[5][7]
        atoms = Atoms(tuple(Leaf(column) for column in to_columns(records)), Leaf(texts))
        seen = self._iterated(entry[0], f" and index 1-{_MAX_CHECKED}")
        return all(
            np.array_equal(_coded(atoms.array(name)[:_MAX_CHECKED]), seen.array(name))
            for name in _PROPERTIES.keys() - _SPELT_OTHERWISE
        )

    def _by_hand(self, names: list[Any]) -> dict[str, AtomsByHand]:
        return {entry[0]: self._iterated(entry[0]) for entry in names if entry and entry[4] == MOLECULE}

    def _iterated(self, name: str, more: str = "") -> AtomsByHand:
        rows: list[tuple[Any, ...]] = []
        expression = f"row(({', '.join(_PROPERTIES.values())}))"
        self._cmd.iterate(f"%{name}{more}", expression, space={"row": rows.append}, quiet=1)
        columns = zip(*rows, strict=True) if rows else [()] * len(_PROPERTIES)
        return AtomsByHand({key: list(values) for key, values in zip(_PROPERTIES, columns, strict=True)})


def _share_names(names: list[Any], before: list[Any]) -> list[Any]:
    old = {(entry[0], entry[4]): entry for entry in before if entry}
    return [entry and share(entry, old.get((entry[0], entry[4]))) for entry in names]


def _coded(values: NDArray[Any]) -> NDArray[Any]:
    """Short texts as the codes that they have when read by hand."""
    if values.dtype.kind != "S":
        return values
    return np.array([code(text.decode(errors="replace")) for text in values.tolist()], np.uint64)
