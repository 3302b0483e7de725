"""Says where a command that makes an object would put it in the place of one that exists, which is gone then.

PyMOL asks nobody: a distance named like a protein replaces the protein. Each command was tried; those that refuse the
name of an object of another kind, such as `isomesh`, are not listed.
"""

from __future__ import annotations

from typing import Any

from ..core.risk import Assessment, Risk
from .commands import Command

_MOLECULE, _MAP, _MEASUREMENT, _ALIGNMENT = (
    f"object:{kind}" for kind in ("molecule", "map", "measurement", "alignment")
)
# Parameter that names the object, and its type; one of this type is added to.
_MAKES: dict[str, tuple[str, str]] = {
    "angle": ("name", _MEASUREMENT),
    "copy": ("target", ""),
    "create": ("name", _MOLECULE),
    "curve_new": ("name", "object:curve"),
    "dihedral": ("name", _MEASUREMENT),
    "distance": ("name", _MEASUREMENT),
    "extract": ("name", _MOLECULE),
    "fab": ("name", _MOLECULE),
    "fnab": ("name", _MOLECULE),
    "fragment": ("object", _MOLECULE),
    "map_new": ("name", _MAP),
    "map_set": ("name", _MAP),
    "pseudoatom": ("object", _MOLECULE),
    "ramp_new": ("name", "object:ramp"),
} | dict.fromkeys(("align", "super", "cealign", "extra_fit"), ("object", _ALIGNMENT))


def assess(cmd: Any, command: Command) -> Assessment:
    """DESTROY, and what goes, where an object would be replaced; no class at all elsewhere."""
    parameter, kind = _MAKES.get(command.name, ("", ""))
    name = command.arguments.get(parameter, "").strip()
    if not name:
        return Assessment(risks=frozenset())
    wanted = str(cmd.get_legal_name(name)).lower()
    gone = [other for other in cmd.get_names("objects") if other.lower() == wanted and cmd.get_type(other) != kind]
    if not gone:
        return Assessment(risks=frozenset())
    return Assessment(risks=frozenset({Risk.DESTROY}), effects=(f"replaces {_described(cmd, gone[0])}",))


def _described(cmd: Any, name: str) -> str:
    kind = cmd.get_type(name)
    if kind == "object:group":
        return f"the group {name} and all that is in it"
    n_atoms = f", {cmd.count_atoms(f'%{name}'):,} atoms" if kind == _MOLECULE else ""
    return f"{name} ({kind.removeprefix('object:')}{n_atoms})"
