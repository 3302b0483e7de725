"""What is in the scene, in words a model and a person can read."""

from __future__ import annotations

from ..core.scene import ObjectInfo, SceneSnapshot
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only


class SceneStateArgs(ToolArgs):
    """Read the scene: objects, chains, residue ranges, ligands, named selections, representations."""


async def scene_state(_args: SceneStateArgs, context: Context) -> ToolResult:
    """Describe the scene, bounded in size."""
    return ToolResult(text=describe(await context.scene.snapshot()))


def describe(snapshot: SceneSnapshot) -> str:
    """One paragraph an object; says so when nothing is loaded."""
    if not snapshot.objects:
        return "The scene is empty: no object is loaded."
    lines = [_object(item) for item in snapshot.objects]
    if snapshot.selections:
        named = ", ".join(f"{item.name} ({item.n_atoms:,} atoms)" for item in snapshot.selections)
        lines.append(f"Named selections: {named}.")
    if snapshot.truncated:
        lines.append(snapshot.truncated + ".")
    lines.append(f"Background {snapshot.background}. Working folder {snapshot.working_folder}.")
    return "\n".join(lines)


def _object(item: ObjectInfo) -> str:
    state = "" if item.enabled else ", disabled"
    if item.type != "object:molecule":
        return f"{item.name}: {item.type.removeprefix('object:')}{state}."
    parts = [f"{item.n_atoms:,} atoms", _plural(item.n_states, "state")]
    parts += [
        f"chain {chain.chain or '(blank)'} {chain.kind} {chain.n_residues} residues"
        f" {chain.resi_first}-{chain.resi_last}"
        for chain in item.chains
    ]
    parts += [f"ligand {ligand.resn} {ligand.chain}/{ligand.resi} ({ligand.n_atoms} atoms)" for ligand in item.ligands]
    if item.metals:
        parts.append(f"ions {' '.join(item.metals)}")
    if item.n_waters:
        parts.append(_plural(item.n_waters, "water"))
    parts.append(f"shown as {', '.join(item.representations) or 'nothing'}")
    title = f' "{item.title}"' if item.title else ""
    return f"{item.name}{title}{state}: {'; '.join(parts)}."


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


SCENE_STATE = Tool(
    "scene_state", SceneStateArgs, scene_state, read_only, lambda _args: "Read the scene", shows_scene=True
)
