"""A digest of the scene cheap enough to take around every step, and the difference of two in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pymol import constants
from pymol import setting as pymol_setting

from ..core.scene import SceneDiff
from .snapshot import color_name

# Written by PyMOL itself while it draws or runs; a change of these is nobody's doing.
# fmt: off
_NOISY_SETTINGS = {
    "session_changed", "seq_view_current", "state", "frame", "defer_updates", "scene_current_name", "text",
    "internal_gui_width", "internal_feedback", "logging", "movie_panel", "button_mode", "button_mode_name",
    "scenes_changed", "last_frame", "defer_builds_mode", "cache_display", "session_file", "auto_zoom_done",
    "mouse_wheel_scale", "pse_binary_dump",
}
# fmt: on


_MAX_LINES = 20
_MEASUREMENT = "object:measurement"


@dataclass(frozen=True)
class Molecule:
    """Per-atom values of one object, in PyMOL's order."""

    colors: tuple[int, ...] = ()
    reps: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    properties: tuple[Any, ...] = ()
    coordinates: tuple[float, ...] = ()


@dataclass(frozen=True)
class Digest:
    """The scene at one moment; `objects` maps names to types."""

    objects: dict[str, str] = field(default_factory=dict)
    enabled: frozenset[str] = frozenset()
    molecules: dict[str, Molecule] = field(default_factory=dict)
    measured: dict[str, int] = field(default_factory=dict)  # how much each measurement object measures
    selections: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    view: tuple[float, ...] = ()


def read(cmd: Any) -> Digest:
    """Take a digest; call on PyMOL's thread."""
    objects = {name: cmd.get_type(name) for name in cmd.get_names("public_objects")}
    return Digest(
        objects=objects,
        enabled=frozenset(cmd.get_names("public_objects", enabled_only=1)),
        molecules={name: _molecule(cmd, name) for name, kind in objects.items() if kind == "object:molecule"},
        measured={name: _n_measured(cmd, name) for name, kind in objects.items() if kind == _MEASUREMENT},
        selections={name: cmd.count_atoms(f"%{name}") for name in cmd.get_names("public_selections")},
        settings={name: cmd.get_setting_text(name) for name in pymol_setting.index_dict if name not in _NOISY_SETTINGS},
        view=tuple(round(value, 3) for value in cmd.get_view()),
    )


def _molecule(cmd: Any, name: str) -> Molecule:
    rows: list[tuple[Any, ...]] = []
    expression = "row((color, reps, label, chain, resi, resn, name, b, q, ss))"
    cmd.iterate(f"model {name}", expression, space={"row": rows.append}, quiet=1)
    xyz: list[float] = []
    space = {"keep": xyz.extend}
    cmd.iterate_state(0, f"model {name}", "keep((x, y, z))", space=space, quiet=1)
    return Molecule(
        colors=tuple(row[0] for row in rows),
        reps=tuple(row[1] for row in rows),
        labels=tuple(row[2] for row in rows),
        properties=tuple(row[3:] for row in rows),
        coordinates=tuple(xyz),
    )


def _n_measured(cmd: Any, name: str) -> int:
    """Distances, angles and dihedrals that a measurement object draws, over all its states.

    A session is the only place that tells. Source: DistSetAsPyList in layer2/DistSet.cpp of PyMOL: two vertices a
    distance, five an angle, six a dihedral.
    """
    session = cmd.get_session(name, partial=1)
    data = next((item[5] for item in session["names"] if item and item[0] == name), None)
    sets = [item for item in (data[2] if data else ()) if item]
    return sum((item[0] or 0) // 2 + (item[3] or 0) // 5 + (item[5] or 0) // 6 for item in sets)


def compare(before: Digest, after: Digest) -> SceneDiff:
    """What changed, one change a line."""
    added = tuple(name for name in after.objects if name not in before.objects)
    removed = tuple(name for name in before.objects if name not in after.objects)
    lines = [f"added {_named(after, name)}" for name in added]
    lines += [f"removed {_named(before, name)}" for name in removed]
    for name, molecule in after.molecules.items():
        if name in before.molecules:
            lines += _molecule_lines(name, before.molecules[name], molecule)
    lines += _enabled_lines(before, after)
    lines += _selection_lines(before.selections, after.selections)
    lines += [
        f"set {name} to {color_name(value) or 'nothing'} (was {color_name(before.settings[name]) or 'nothing'})"
        for name, value in after.settings.items()
        if name in before.settings and before.settings[name] != value
    ][:12]
    if before.view != after.view:
        lines.append("moved the view")
    if len(lines) > _MAX_LINES:
        lines = [*lines[:_MAX_LINES], f"and {len(lines) - _MAX_LINES} more changes"]
    return SceneDiff(added=added, removed=removed, lines=tuple(lines), view_moved=before.view != after.view)


def _named(digest: Digest, name: str) -> str:
    if name in digest.molecules:
        return f"{name} ({len(digest.molecules[name].colors):,} atoms)"
    kind = digest.objects[name].removeprefix("object:")
    if name not in digest.measured:
        return f"{name} ({kind})"
    n = digest.measured[name]
    return f"{name} ({kind} of {f'{n:,} value' + 's' * (n != 1) if n else 'nothing: no pair was found'})"


def _molecule_lines(name: str, before: Molecule, after: Molecule) -> list[str]:
    n_before, n_after = len(before.colors), len(after.colors)
    if n_before != n_after:
        word = "gained" if n_after > n_before else "lost"
        return [f"{name} {word} {abs(n_after - n_before):,} atoms"]
    lines = []
    n_colors = _n_different(before.colors, after.colors)
    if n_colors:
        lines.append(f"recoloured {n_colors:,} atoms of {name}")
    lines += _representation_lines(name, before.reps, after.reps)
    n_labels = _n_different(before.labels, after.labels)
    if n_labels:
        lines.append(f"changed {n_labels:,} labels of {name}")
    n_properties = _n_different(before.properties, after.properties)
    if n_properties:
        lines.append(f"altered {n_properties:,} atoms of {name}")
    if before.coordinates != after.coordinates:
        lines.append(f"moved the coordinates of {name}")
    return lines


def _n_different(before: tuple[Any, ...], after: tuple[Any, ...]) -> int:
    return 0 if before == after else sum(one != other for one, other in zip(before, after, strict=True))


def _representation_lines(name: str, before: tuple[int, ...], after: tuple[int, ...]) -> list[str]:
    if before == after:
        return []
    lines = []
    for rep, index in constants.repres.items():
        mask = 1 << index if index >= 0 else 0
        if rep in ("everything", "wire", "licorice") or not mask or index > 20:
            continue
        n_shown = sum(not one & mask and bool(other & mask) for one, other in zip(before, after, strict=True))
        n_hidden = sum(bool(one & mask) and not other & mask for one, other in zip(before, after, strict=True))
        if n_shown:
            lines.append(f"showed {rep} on {n_shown:,} atoms of {name}")
        if n_hidden:
            lines.append(f"hid {rep} on {n_hidden:,} atoms of {name}")
    return lines


def _enabled_lines(before: Digest, after: Digest) -> list[str]:
    both = before.objects.keys() & after.objects.keys()
    lines = [f"enabled {name}" for name in sorted((after.enabled - before.enabled) & both)]
    return lines + [f"disabled {name}" for name in sorted((before.enabled - after.enabled) & both)]


def _selection_lines(before: dict[str, int], after: dict[str, int]) -> list[str]:
    lines = [f"selection {name}: {n:,} atoms" for name, n in after.items() if before.get(name) != n]
    return lines + [f"selection {name} is gone" for name in before if name not in after]
