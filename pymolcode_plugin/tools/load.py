"""Loads a file of the user's: structures, maps, drawings, trajectories, sessions; never scripts."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from pydantic import Field

from ..core.counting import counted
from ..core.errors import CommandFailed, ToolFailed
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.risk import Assessment, Risk
from ..core.scene import Call
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import files, structure_text
from . import loaded as words

# What is not listed is not loaded: PyMOL runs or unpickles some files, and which ones is not for a default to decide.
# fmt: off
_OBJECTS = frozenset({
    "pdb", "ent", "cif", "mmcif", "bcif", "mmtf", "mol", "mol2", "sdf", "sd", "xyz", "pqr", "pdbqt", "mmod", "mmd",
    "out", "dat", "gro", "g96", "car", "arc", "bgf", "xbgf", "psf", "prmtop", "parm7", "top", "cor", "mdf", "xsf",
    "vasp", "fasta",
    "ccp4", "map", "mrc", "dx", "xplor", "phi", "grd", "fld", "brix", "dsn6", "omap", "o", "spi", "spider", "cube",
    "cub", "plt", "edm", "situs", "sit",
    "r3d", "ply", "stl",
})
_TRAJECTORIES = frozenset({"dcd", "xtc", "trr", "trj", "nc", "netcdf", "mdcrd", "lammpstrj", "crd", "rst", "rst7"})
_SESSIONS = frozenset({"pse", "psw", "pze", "pzw"})
_PICKLES = frozenset({"pkl"})
_SCRIPTS = frozenset({"py", "pym", "pyc", "pml", "p1m", "pim", "pwg"})
# fmt: on
_LOADED = _OBJECTS | _TRAJECTORIES | _SESSIONS | _PICKLES
_NUMBERED = re.compile(r"pdb\d+|xyz_\d+")  # biological units and steps, as old servers name them


class LoadArgs(ToolArgs):
    """Load a structure, map, trajectory or session file. A trajectory goes into the object `name`."""

    file: str = Field(min_length=1, max_length=1000, description="Path; relative ones from the working folder.")
    name: str = Field(default="", max_length=60, description="Of the object; the file's by default.")


async def load(args: LoadArgs, context: Context) -> ToolResult:
    """Load it and say what PyMOL made of it.

    Raises:
        ToolFailed: No such file, nothing in it, or not a format this tool reads.
        CommandFailed: PyMOL cannot read it; nothing has changed.
    """
    path = files.located(args.file)
    kind = _kind(path)
    await asyncio.to_thread(_need_file, path)
    if kind in _SESSIONS:
        return await _session(path, context.scene)
    if kind in _TRAJECTORIES:
        return await _trajectory(path, args.name, context.scene)
    asked = args.name or files.stem(path)
    try:
        entries = await asyncio.to_thread(structure_text.entries, path)
        loaded = await context.scene.load_file(str(path), name=asked, entries=entries)
    except CommandFailed as error:
        raise CommandFailed(f"{path.name} could not be loaded: {error.args[0]}", hint=error.hint) from error
    title = await asyncio.to_thread(structure_text.title, path)
    return ToolResult(text=words.describe(loaded, title), warnings=words.warnings(loaded, args.name))


def is_loaded(path: Path) -> bool:
    """Whether this tool loads the like of it, by its name alone."""
    kind = files.extension(path)
    return kind in _LOADED or _NUMBERED.fullmatch(kind) is not None


def _kind(path: Path) -> str:
    """The file's extension. Raises ToolFailed where this tool does not load the like of it."""
    kind = files.extension(path)
    if kind in _SCRIPTS:
        raise ToolFailed(f"{path.name} is a script.", hint=f"run_pymol with `@{path}` runs it, after a question.")
    if kind not in _LOADED and not _NUMBERED.fullmatch(kind):
        raise ToolFailed(
            f"{f'.{kind} files' if kind else 'Files without an extension'} are not loaded.",
            hint="Structures are .cif, .pdb, .sdf, .mol2 and the like, sessions .pse.",
        )
    return kind


def _need_file(path: Path) -> None:
    files.need_plain(path)
    files.need_readable(path)


async def _session(path: Path, scene: ScenePort) -> ToolResult:
    """A session takes the place of the whole scene."""
    output = await scene.call(Call(command="load", arguments={"filename": str(path)}))
    if not output.ok:
        raise CommandFailed(f"{path.name} could not be loaded: {' '.join(output.errors)}")
    now = await scene.snapshot()
    names = ", ".join(now.object_names()) or "no object"
    more = f" ({now.truncated})" if now.truncated else ""
    return ToolResult(text=f"The session {path.name} is the scene now: {names}{more}, {now.n_atoms:,} atoms.")


async def _trajectory(path: Path, name: str, scene: ScenePort) -> ToolResult:
    """Its frames become states; the state of a structure with only one is replaced, as PyMOL does by default."""
    name = name or await _only_molecule(scene)
    before = await _n_states(scene, name)
    arguments: dict[str, str | int] = {"filename": str(path), "object": name, "state": 1 if before == 1 else 0}
    output = await scene.call(Call(command="load_traj", arguments=dict(arguments)))
    after = await _n_states(scene, name)
    if not output.ok or after == before == 0:
        raise CommandFailed(
            f"{path.name} could not be loaded into {name}: {' '.join(output.errors) or 'no frame was read'}",
            hint="A trajectory fits only the structure it was made with, atom by atom.",
        )
    first = 1 if before == 1 else before + 1
    return ToolResult(text=f"{path.name} is in {name}: {after:,} states now, its frames from state {first} on.")


async def _only_molecule(scene: ScenePort) -> str:
    molecules = [item.name for item in (await scene.snapshot()).objects if item.type == "object:molecule"]
    if len(molecules) != 1:
        there = f"There are {', '.join(molecules)}." if molecules else "Load its structure first."
        raise ToolFailed("A trajectory needs `name`, the object it moves.", hint=there)
    return molecules[0]


async def _n_states(scene: ScenePort, name: str) -> int:
    output = await scene.call(Call(command="count_states", arguments={"selection": f"%{name}"}))
    if not output.ok or not isinstance(output.value, int):
        raise ToolFailed(f"There is no object {name} for the trajectory.")
    return output.value


async def _assess(args: LoadArgs, scene: ScenePort) -> Assessment:
    path = files.located(args.file)
    kind = _kind(path)  # what is not loaded anyway is said before anybody is asked
    found = await scene.assess_file(str(path), writes=False)
    file_effects = found.effects
    found |= await scene.assess([Call(command="load", arguments={"filename": str(path)})])
    if kind in _SESSIONS:
        n_objects = len((await scene.snapshot()).objects)
        gone = f"; what is loaded goes: {counted(n_objects, 'object')}" if n_objects else ""
        effect = f"replaces the scene by {path.name}, which can hold code{gone}"
        risks = found.risks | {Risk.EXEC, Risk.DESTROY}
        found = found.model_copy(update={"risks": risks, "effects": (*file_effects, effect)})
    if kind in _PICKLES:
        found |= Assessment(risks=frozenset({Risk.EXEC}), effects=(f"unpickles {path.name}, which can hold code",))
    return found


LOAD = Tool(
    "load", LoadArgs, load, _assess, lambda args: f"Load {files.named(args.file)}", reveals=frozenset({Data.FILE_NAMES})
)
