"""Reads the scene into a `SceneSnapshot`, bounded in size and time whatever is loaded.

A selection costs time for every atom of the scene, so almost nothing is selected: objects are read from their own
binary records, in full up to a number of atoms, and only counted beyond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..core.scene import NamedSelection, ObjectInfo, SceneSnapshot
from .atom_records import is_known
from .molecule_diff import representation_bits
from .residues import AtomTable, IteratedTable, RecordTable, described
from .setting_words import color_name

_MAX_OBJECTS = 100
_MAX_DESCRIBED = 40
_MAX_DESCRIBED_ATOMS = 60_000  # except for the first object, which is always described
_MAX_SELECTIONS = 40
_FEW_SELECTIONS = 2
_MOLECULE = "object:molecule"
_REPRESENTATIONS = (
    "cartoon", "ribbon", "lines", "sticks", "spheres", "surface", "mesh", "dots", "nonbonded", "nb_spheres",
    "labels", "ellipsoids",
)  # fmt: skip
_ATOM = "(chain, resi, resn, resv, flags, reps, protons)"


def read(cmd: Any) -> SceneSnapshot:
    """The scene as it is now; call on PyMOL's thread."""
    names = cmd.get_names("public_objects")
    left_out = len(names) - _MAX_OBJECTS
    return SceneSnapshot(
        objects=tuple(_objects(cmd, names[:_MAX_OBJECTS])),
        selections=_selections(cmd, cmd.get_names("public_selections")[:_MAX_SELECTIONS]),
        truncated=f"{left_out} more objects are not listed" if left_out > 0 else "",
        n_unlisted=max(left_out, 0),
        background=color_name(cmd.get_setting_text("bg_rgb")),
        working_folder=str(Path.cwd()),
    )


def _objects(cmd: Any, names: Sequence[str]) -> Iterable[ObjectInfo]:
    enabled = set(cmd.get_names("public_objects", enabled_only=1))
    n_described = n_atoms = 0
    for name in names:
        kind = cmd.get_type(name)
        info = ObjectInfo(name=name, type=kind, enabled=name in enabled)
        if kind == _MOLECULE:
            in_full = n_described < _MAX_DESCRIBED and (n_atoms < _MAX_DESCRIBED_ATOMS or not n_described)
            info = _described(cmd, info) if in_full else _counted(cmd, info)
            n_described += in_full
            n_atoms += info.n_atoms
        yield info


def _described(cmd: Any, info: ObjectInfo) -> ObjectInfo:
    table = _table(cmd, info.name)
    flags = table.flags
    shown, bits = table.representations, representation_bits()
    return info.model_copy(
        update={
            "n_atoms": len(flags),
            "n_states": cmd.count_states(info.name),
            "title": (cmd.get_title(info.name, 1) or "").strip()[:120],
            "representations": tuple(name for name in _REPRESENTATIONS if shown & bits[name]),
            **described(table, flags),
        }
    )


def _table(cmd: Any, name: str) -> AtomTable:
    session = cmd.get_session(name, partial=1, binary=1, cache=0, version=0)
    record = next((entry[5] for entry in session["names"] if entry and entry[0] == name), None)
    if record is not None and is_known(record[7]):
        return RecordTable(record[7][1], record[7][2])
    rows: list[Any] = []
    cmd.iterate(f"%{name}", f"row({_ATOM})", space={"row": rows.append}, quiet=1)
    return IteratedTable(rows)


def _counted(cmd: Any, info: ObjectInfo) -> ObjectInfo:
    n_states = cmd.count_states(info.name)
    return info.model_copy(
        update={"n_atoms": _count(cmd, info.name, n_states), "n_states": n_states, "described": False}
    )


def _count(cmd: Any, name: str, n_states: int) -> int:
    """Atoms of an object, without a selection where its one state says how many there are."""
    if n_states == 1:
        try:
            return len(cmd.get_coordset(name, 1, copy=0))
        except Exception:  # noqa: BLE001, S110  # border: one of PyMOL's wheels cannot make the array (its numpy is another)
            pass
    return int(cmd.count_atoms(f"%{name}"))


def _selections(cmd: Any, names: Sequence[str]) -> tuple[NamedSelection, ...]:
    if len(names) <= _FEW_SELECTIONS or cmd.get_scene_list():
        return tuple(NamedSelection(name=name, n_atoms=cmd.count_atoms(f"%{name}")) for name in names)
    # One reading of all of them costs what counting two does; with scenes it would read those as well.
    session = cmd.get_session(" ".join(names), partial=0, binary=1, cache=0, version=0)
    members = {entry[0]: sum(len(item[1]) for item in entry[5] or []) for entry in session["names"] if entry}
    return tuple(NamedSelection(name=name, n_atoms=members.get(name, 0)) for name in names)
