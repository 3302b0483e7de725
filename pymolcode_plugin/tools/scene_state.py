"""What is in the scene, in words a model and a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ..core.counting import counted
from ..core.scene import ChainInfo, ObjectInfo, SceneSnapshot
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only

_MAX_OBJECT_CHARS = 1700  # with the two below about 800 tokens
_MAX_SELECTION_CHARS = 450
_MAX_FOLDER_CHARS = 200
_MAX_NAMED = 8


class SceneStateArgs(ToolArgs):
    """Read the scene: objects, chains, residue ranges, ligands, named selections, representations."""


async def scene_state(_args: SceneStateArgs, context: Context) -> ToolResult:
    """Describe the scene, bounded in size."""
    return ToolResult(text=describe(await context.scene.snapshot()))


def describe(snapshot: SceneSnapshot) -> str:
    """One paragraph an object, alike ones together, at most about 800 tokens; says so when nothing is loaded."""
    if not snapshot.objects:
        return "The scene is empty: no object is loaded."
    lines = _objects(snapshot.objects)
    if snapshot.selections:
        named = [f"{item.name} ({item.n_atoms:,} atoms)" for item in snapshot.selections]
        lines.append(f"Named selections: {_cut_list(named, _MAX_SELECTION_CHARS)}.")
    if snapshot.truncated:
        lines.append(snapshot.truncated + ".")
    folder = snapshot.working_folder
    folder = folder if len(folder) <= _MAX_FOLDER_CHARS else f"…{folder[-_MAX_FOLDER_CHARS:]}"
    lines.append(f"Background {snapshot.background}. Working folder {folder}.")
    return "\n".join(lines)


def _objects(objects: tuple[ObjectInfo, ...]) -> list[str]:
    """In full while there is room, then in short, then only how many."""
    lines: list[str] = []
    n_left, room = len(objects), _MAX_OBJECT_CHARS
    for group in _alike(objects):
        line = next((text for text in _ways(group) if len(text) <= room), None)
        if line is None:
            lines.append(f"and {n_left} more objects, which this summary has no room for.")
            break
        lines.append(line)
        room -= len(line)
        n_left -= len(group)
    return lines


def _alike(objects: tuple[ObjectInfo, ...]) -> Iterator[list[ObjectInfo]]:
    """Neighbours that differ in nothing but their names."""
    for _, group in groupby(objects, key=lambda item: item.model_copy(update={"name": ""})):
        yield list(group)


def _ways(group: list[ObjectInfo]) -> Iterator[str]:
    """From the longest to the shortest way to say it."""
    first, rest = group[0], group[1:]
    if len(group) == 1 or not first.described or first.type != "object:molecule":
        yield _object(first, _names(group))
    else:
        each = " each" if len(rest) > 1 else ""
        yield f"{_object(first, first.name)}\n{_names(rest)}: {first.n_atoms:,} atoms{each}, like {first.name}."
    yield _object(first.model_copy(update={"described": False}), _names(group))


def _names(group: list[ObjectInfo]) -> str:
    """`m1 to m88` where names count up, else a list."""
    names = [item.name for item in group]
    parts = [re.fullmatch(r"(.*?)(\d+)", name) for name in names]
    counted = [(part[1], int(part[2])) for part in parts if part]
    if len(names) > 2 and counted == [(counted[0][0], counted[0][1] + n) for n in range(len(names))]:
        return f"{names[0]} to {names[-1]}"
    named = ", ".join(names[:_MAX_NAMED])
    return named if len(names) <= _MAX_NAMED else f"{named} and {len(names) - _MAX_NAMED} more"


def _cut_list(items: list[str], room: int) -> str:
    kept: list[str] = []
    for item in items:
        room -= len(item) + 2
        if room < 0:
            return f"{', '.join(kept)} and {len(items) - len(kept)} more"
        kept.append(item)
    return ", ".join(kept)


def _object(item: ObjectInfo, names: str) -> str:
    state = "" if item.enabled else ", disabled"
    if item.type != "object:molecule":
        return f"{names}: {item.type.removeprefix('object:')}{state}."
    if not item.described:
        each = " each" if names != item.name else ""
        return f"{names}{state}: {item.n_atoms:,} atoms, {counted(item.n_states, 'state')}{each}."
    parts = [f"{item.n_atoms:,} atoms", counted(item.n_states, "state")]
    parts += [
        f"chain {chain.chain or '(blank)'} {chain.kind} {chain.n_residues} residues"
        f" {chain.resi_first}-{chain.resi_last}{_gaps(chain)}"
        for chain in item.chains
    ]
    parts += [f"ligand {ligand.resn} {ligand.chain}/{ligand.resi} ({ligand.n_atoms} atoms)" for ligand in item.ligands]
    if item.metals:
        parts.append(f"ions {' '.join(item.metals)}")
    if item.n_waters:
        parts.append(counted(item.n_waters, "water"))
    parts.append(f"shown as {', '.join(item.representations) or 'nothing'}")
    title = f' "{item.title}"' if item.title else ""
    return f"{names}{title}{state}: {'; '.join(parts)}."


def _gaps(chain: ChainInfo) -> str:
    return f" (no {', '.join(chain.gaps)})" if chain.gaps else ""


SCENE_STATE = Tool(
    "scene_state", SceneStateArgs, scene_state, read_only, lambda _args: "Read the scene", shows_scene=True
)
