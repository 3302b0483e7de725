"""Surface areas, of selections that reach over several objects and of ligands too."""

from __future__ import annotations

from typing import Any


def area(cmd: Any, selection: str, *, solvent: bool) -> float:
    """Molecular (or solvent-accessible) surface area in square Angstrom; leaves settings and flags as they were.

    Source: https://pymolwiki.org/index.php/Get_Area
    """
    # PyMOL flags ligands to be ignored by surfaces, and would give 0 for their area.
    ignored: list[tuple[str, int]] = []
    cmd.iterate(f"({selection}) and flag 25", "note((model, index))", space={"note": ignored.append}, quiet=1)
    before = cmd.get_setting_int("dot_solvent")
    try:
        cmd.set("dot_solvent", int(solvent), quiet=1)
        _flag(cmd, ignored, "clear")
        # PyMOL measures within one object at a time.
        return sum(float(cmd.get_area(f"({selection}) and %{name}")) for name in cmd.get_object_list(selection))
    finally:
        _flag(cmd, ignored, "set")
        cmd.set("dot_solvent", before, quiet=1)


def _flag(cmd: Any, atoms: list[tuple[str, int]], action: str) -> None:
    by_object: dict[str, list[int]] = {}
    for model, index in atoms:
        by_object.setdefault(model, []).append(index)
    for model, indices in by_object.items():
        cmd.flag("ignore", f"{model} and index {'+'.join(map(str, indices))}", action, quiet=1)
