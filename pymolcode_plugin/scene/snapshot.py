"""Reads the scene into a `SceneSnapshot`, bounded in size whatever is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.scene import ChainInfo, LigandInfo, NamedSelection, ObjectInfo, SceneSnapshot
from .setting_words import color_name

_MAX_OBJECTS = 40
_MAX_CHAINS = 30
_MAX_LIGANDS = 20
_REPRESENTATIONS = (
    "cartoon", "ribbon", "lines", "sticks", "spheres", "surface", "mesh", "dots", "nonbonded", "nb_spheres",
    "labels", "ellipsoids",
)  # fmt: skip
_NUCLEOTIDES = {"A", "C", "G", "U", "I", "DA", "DC", "DG", "DT", "DU", "DI"}


def read(cmd: Any) -> SceneSnapshot:
    """The scene as it is now; call on PyMOL's thread."""
    names = cmd.get_names("public_objects")
    enabled = set(cmd.get_names("public_objects", enabled_only=1))
    objects = tuple(_object(cmd, name, name in enabled) for name in names[:_MAX_OBJECTS])
    selections = tuple(
        NamedSelection(name=name, n_atoms=cmd.count_atoms(f"%{name}"))
        for name in cmd.get_names("public_selections")[:_MAX_OBJECTS]
    )
    left_out = len(names) - len(objects)
    return SceneSnapshot(
        objects=objects,
        selections=selections,
        truncated=f"{left_out} more objects are not listed" if left_out > 0 else "",
        background=color_name(cmd.get_setting_text("bg_rgb")),
        working_folder=str(Path.cwd()),
    )


def _object(cmd: Any, name: str, is_enabled: bool) -> ObjectInfo:
    kind = cmd.get_type(name)
    if kind != "object:molecule":
        return ObjectInfo(name=name, type=kind, enabled=is_enabled)
    inside = f"model {name}"
    return ObjectInfo(
        name=name,
        type=kind,
        enabled=is_enabled,
        n_atoms=cmd.count_atoms(inside),
        n_states=cmd.count_states(name),
        n_waters=len(_residues(cmd, f"{inside} and solvent and not hydro")),
        metals=tuple(sorted({resn for _, _, resn in _residues(cmd, f"{inside} and inorganic")})),
        title=(cmd.get_title(name, 1) or "").strip()[:120],
        chains=_chains(cmd, inside),
        ligands=_ligands(cmd, inside),
        representations=tuple(rep for rep in _REPRESENTATIONS if cmd.count_atoms(f"{inside} and rep {rep}")),
    )


def _residues(cmd: Any, selection: str) -> dict[tuple[str, str, str], int]:
    """Atoms per (chain, resi, resn), in PyMOL's order."""
    found: dict[tuple[str, str, str], int] = {}

    def note(chain: str, resi: str, resn: str) -> None:
        key = (chain, resi, resn)
        found[key] = found.get(key, 0) + 1

    cmd.iterate(selection, "note(chain, resi, resn)", space={"note": note}, quiet=1)
    return found


def _chains(cmd: Any, inside: str) -> tuple[ChainInfo, ...]:
    by_chain: dict[str, list[tuple[str, str]]] = {}
    for chain, resi, resn in _residues(cmd, f"{inside} and polymer and guide"):
        by_chain.setdefault(chain, []).append((resi, resn))
    chains = [
        ChainInfo(
            chain=chain,
            kind="nucleic" if residues[0][1] in _NUCLEOTIDES else "protein",
            n_residues=len(residues),
            resi_first=residues[0][0],
            resi_last=residues[-1][0],
        )
        for chain, residues in by_chain.items()
    ]
    return tuple(chains[:_MAX_CHAINS])


def _ligands(cmd: Any, inside: str) -> tuple[LigandInfo, ...]:
    found = _residues(cmd, f"{inside} and organic")
    ligands = [LigandInfo(resn=resn, chain=chain, resi=resi, n_atoms=n) for (chain, resi, resn), n in found.items()]
    return tuple(ligands[:_MAX_LIGANDS])
