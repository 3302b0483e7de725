"""Saves the scene, a structure or a picture: written beside the old file, read back, then in its place."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from pydantic import Field

from ..core.errors import CommandFailed, SelectionEmpty, ToolFailed
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Argument, Call
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from . import files, png

_STRUCTURES = frozenset({"pdb", "cif", "mol", "mol2", "sdf", "xyz", "pqr", "mmtf", "mae", "fasta"})
_DRAWINGS = frozenset({"wrl", "dae", "obj", "pov"})
_ONE_LINE_AN_ATOM = frozenset({"pdb", "cif"})  # as PyMOL writes them
_SESSION, _IMAGE = "pse", "png"
_OPAQUE, _OPAQUE_WITHOUT_RAY = "ray_opaque_background", "opaque_background"  # -1 of the first: as the second says
_MAX_VIEWPORT_PX = 16_384


class SaveArgs(ToolArgs):
    """Save a .pse session, a structure (.pdb .cif .sdf .mol2 .fasta ...), a 3D drawing (.wrl .dae .obj) or a .png.

    A picture of a given size, or ray or transparent, is ray-traced.
    """

    file: str = Field(min_length=1, max_length=1000)
    selection: str = Field(default="all", max_length=5000, description="For structures.")
    state: int = Field(default=-1, ge=-1, description="-1 current, 0 all.")
    width_px: int = Field(default=0, ge=0, le=10_000)
    height_px: int = Field(default=0, ge=0, le=10_000)
    ray: bool = False
    dpi: int = Field(default=0, ge=0, le=2400)
    transparent: bool | None = Field(default=None, description="Background; PyMOL's setting by default.")


async def save(args: SaveArgs, context: Context) -> ToolResult:
    """Write the file and say what is in it.

    Raises:
        ToolFailed: Not a format this tool writes, or the folder cannot be written; an older file is as it was.
        SelectionEmpty: There is nothing to write.
        CommandFailed: PyMOL could not make it.
    """
    path = files.located(args.file)
    kind = _kind(path)
    files.need_plain(path)
    existed = await asyncio.to_thread(path.exists)
    if kind == _IMAGE:
        what = await _image(args, path, context.scene)
    elif kind == _SESSION:
        what = await _session(path, context.scene)
    else:
        what = await _structure(args, path, kind, context.scene)
    size = await asyncio.to_thread(lambda: path.stat().st_size)
    replaced = " It replaced the file of that name." if existed else ""
    return ToolResult(text=f"Wrote {path}: {what}, {_size(size)}.{replaced}", files=(str(path),))


def _is_ray(args: SaveArgs) -> bool:
    return bool(args.ray or args.width_px or args.height_px or args.transparent is not None)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1000:,.1f} kB" if n_bytes >= 1000 else f"{n_bytes} bytes"


def _kind(path: Path) -> str:
    """The file's extension. Raises ToolFailed where this tool does not write the like of it."""
    kind = files.extension(path)
    if kind not in _STRUCTURES | _DRAWINGS | {_SESSION, _IMAGE}:
        raise ToolFailed(
            f"{f'.{kind} files' if kind else 'Files without an extension'} are not written.",
            hint="Use .pse for the session, .cif or .pdb for a structure, .png for a picture.",
        )
    return kind


async def _structure(args: SaveArgs, path: Path, kind: str, scene: ScenePort) -> str:
    count = int(str(await _called(scene, "count_atoms", selection=args.selection, state=args.state)))
    if not count:
        state = "" if args.state == 0 else " in this state"
        raise SelectionEmpty(f"The selection `{args.selection}` matches no atom{state}; nothing was written.")
    async with files.replacing(path) as part:
        given: dict[str, Argument] = {"selection": args.selection, "state": args.state}
        await _called(scene, "save", filename=str(part), **given)
        await asyncio.to_thread(_need_written, part, kind, count if args.state else 0)
    await _written_down(scene, "save", filename=str(path), **given)
    states = {-1: "current state", 0: "all states"}.get(args.state, f"state {args.state}")
    return f"{count:,} atoms of `{args.selection}`, {states}"


async def _session(path: Path, scene: ScenePort) -> str:
    before = str(await _called(scene, "get", name="session_file"))
    try:
        async with files.replacing(path) as part:
            await _called(scene, "save", filename=str(part))
            await asyncio.to_thread(_need_written, part, _SESSION, 0)
    except BaseException:
        await asyncio.shield(_called(scene, "set", name="session_file", value=before))
        raise
    # PyMOL offers this name at the next save; it must not be the one in the folder that is gone.
    await _called(scene, "set", name="session_file", value=path.as_posix())
    await _written_down(scene, "save", filename=str(path))
    now = await scene.snapshot()
    return f"the session, {len(now.objects)} objects with {now.n_atoms:,} atoms"


async def _image(args: SaveArgs, path: Path, scene: ScenePort) -> str:
    is_ray = _is_ray(args)
    if is_ray:
        width_px, height_px = await _wanted_size(args, scene)
        async with _background(scene, args.transparent) as background:
            data = await scene.ray(width_px=width_px, height_px=height_px)
        given: dict[str, Argument] = {"width": width_px, "height": height_px, "ray": 1}
        made = f"ray-traced, {background} background"
    else:
        data, made = await scene.image(max_width_px=_MAX_VIEWPORT_PX), "the viewport as it is"
        given = {}
    size = png.size_px(data)
    if is_ray and size != (width_px, height_px):
        raise CommandFailed(f"PyMOL made a picture of {size[0]} × {size[1]} pixels; nothing was written.")
    await asyncio.to_thread(files.write, path, png.with_dpi(data, args.dpi) if args.dpi else data)
    await _picture_written_down(scene, path, given | ({"dpi": args.dpi} if args.dpi else {}), args.transparent)
    dpi = f", {args.dpi} dpi" if args.dpi else ""
    return f"{size[0]} × {size[1]} pixels{dpi}, {made}"


async def _wanted_size(args: SaveArgs, scene: ScenePort) -> tuple[int, int]:
    """What is not given follows from the shape of the viewport."""
    viewport = await _called(scene, "get_viewport")
    if not isinstance(viewport, tuple) or len(viewport) != 2:
        raise CommandFailed("PyMOL does not say how large its viewport is.", hint="Give width_px and height_px.")
    across, down = int(viewport[0] or 1), int(viewport[1] or 1)
    width_px = args.width_px or (round(args.height_px * across / down) if args.height_px else across)
    return max(1, width_px), args.height_px or max(1, round(width_px * down / across))


@contextlib.asynccontextmanager
async def _background(scene: ScenePort, transparent: bool | None) -> AsyncIterator[str]:
    """The background as asked for while a picture is made; yields whether it is opaque or transparent."""
    before = str(await _called(scene, "get", name=_OPAQUE))
    try:
        if transparent is not None:
            await _called(scene, "set", name=_OPAQUE, value=str(int(not transparent)))
        now = str(await _called(scene, "get", name=_OPAQUE))
        if now == "-1":
            now = str(await _called(scene, "get", name=_OPAQUE_WITHOUT_RAY))
        yield "transparent" if now in ("0", "off") else "opaque"
    finally:
        if transparent is not None:
            await asyncio.shield(_called(scene, "set", name=_OPAQUE, value=before))


async def _picture_written_down(
    scene: ScenePort, path: Path, given: dict[str, Argument], transparent: bool | None
) -> None:
    if transparent is None:
        await _written_down(scene, "png", filename=str(path), **given)
        return
    before = str(await _called(scene, "get", name=_OPAQUE))
    await _written_down(scene, "set", name=_OPAQUE, value=int(not transparent))
    await _written_down(scene, "png", filename=str(path), **given)
    await _written_down(scene, "set", name=_OPAQUE, value=before)


async def _written_down(scene: ScenePort, command: str, **arguments: Argument) -> None:
    """What a script says: the file itself, not the one beside it that takes its place."""
    await scene.write_down(Call(command=command, arguments=dict(arguments)))


async def _called(scene: ScenePort, command: str, **arguments: Argument) -> object:
    """Run one command that no script repeats. Raises CommandFailed with what PyMOL says."""
    quiet = {} if command in ("get_viewport",) else {"quiet": 1}
    output = await scene.call(Call(command=command, arguments=arguments | quiet), in_script=False)
    if not output.ok:
        raise CommandFailed(f"PyMOL cannot {command.replace('_', ' ')}: {' '.join(output.errors)}")
    return output.value


def _need_written(part: Path, kind: str, n_atoms: int) -> None:
    """Raises CommandFailed where the file is not there, is empty, or holds other atoms; 0 for any number."""
    if not part.exists() or not part.stat().st_size:
        raise CommandFailed("PyMOL wrote nothing.")
    is_countable = n_atoms and kind in _ONE_LINE_AN_ATOM and part.suffix.lower() == f".{kind}"
    found = _n_atoms_in(part) if is_countable else n_atoms
    if found != n_atoms:
        raise CommandFailed(f"PyMOL wrote {found:,} of {n_atoms:,} atoms; the file was not kept.")


def _n_atoms_in(path: Path) -> int:
    with path.open(encoding="utf-8", errors="replace") as file:
        return sum(line.startswith(("ATOM ", "HETATM")) for line in file)


def _selections(args: SaveArgs) -> tuple[str, ...]:
    """Only what is chosen: a warning that everything is saved is none."""
    is_chosen = args.selection != "all" and files.extension(Path(args.file)) in _STRUCTURES
    return (args.selection,) if is_chosen else ()


async def _assess(args: SaveArgs, scene: ScenePort) -> Assessment:
    path = files.located(args.file)
    _kind(path)  # what is not written anyway is said before anybody is asked
    found = await scene.assess_file(str(path), writes=True)
    return found.model_copy(update={"commands": found.commands or ("save",)})


SAVE = Tool(
    "save",
    SaveArgs,
    save,
    _assess,
    lambda args: f"Save {files.named(args.file)}",
    selections=_selections,
    reveals=frozenset({Data.FILE_NAMES}),
)
