"""What a message speaks of, read from the scene: what can be mentioned, and what a mention was when it was sent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..core.counting import counted
from ..core.errors import PymolcodeError
from ..core.mentions import SCENE, Mentionable, as_written, chain_of, mentioned, residue_of
from ..core.ports import ScenePort
from ..core.scene import ObjectInfo, SceneSnapshot

_MAX_FILES = 2_000  # of the working folder
_MAX_MENTIONS = 20  # of one message
_BYTES = 1024
_ATOMS = ("object:molecule", "selection")


class Mentioning:
    """Reads through the scene port; keeps nothing.

    Args:
        scene: The scene door.
    """

    def __init__(self, scene: ScenePort) -> None:
        self._scene = scene

    async def mentionable(self) -> tuple[Mentionable, ...]:
        """Everything that can be mentioned now, by kind, in PyMOL's order; those that nothing can mention left out."""
        snapshot, names, scenes, files = await asyncio.gather(
            self._scene.snapshot(), self._scene.names(), self._scene.vocabulary("scene"), asyncio.to_thread(_files)
        )
        found = (
            *_objects(snapshot, names),
            *_selections(snapshot, names),
            *_chains(snapshot),
            *_ligands(snapshot),
            *(Mentionable(kind="scene", name=name, written=SCENE + name) for name in scenes),
            *_as_mentionable(files, {*names, *scenes}),
        )
        return tuple(item for item in found if as_written(item.written))

    async def notes(self, text: str, selections: Iterable[str], files: Iterable[str]) -> list[str]:
        """A line of context for each thing attached to a message or mentioned in it, as it is now.

        Raises:
            SceneError: An attached selection is gone.
        """
        notes = [await self._selection(name) for name in selections]
        notes += [await asyncio.to_thread(_file, Path(path)) for path in files]
        targets = mentioned(text)
        if targets:
            names, scenes = await asyncio.gather(self._scene.names(), self._scene.vocabulary("scene"))
            for target in targets[:_MAX_MENTIONS]:
                notes.append(await self._mention(target, names, scenes))
        return list(dict.fromkeys(notes))

    async def _selection(self, name: str) -> str:
        """Of an attached selection, or of an object of any type."""
        kind = (await self._scene.names()).get(name, "selection")
        return await self._named(name, kind) if kind not in _ATOMS else await self._atoms(name)

    async def _mention(self, target: str, names: dict[str, str], scenes: tuple[str, ...]) -> str:
        if target in names:
            return await self._named(target, names[target])
        if target.removeprefix(SCENE) in scenes:
            name = target.removeprefix(SCENE)
            return f"Mentioned scene `{name}`: stored, `scene {name}, recall` brings it back."
        if target.startswith("/") and "//" in target:
            try:
                return await self._atoms(target)
            except PymolcodeError as error:
                return f"`@{target}` cannot be read: {error.args[0]}"
        return await asyncio.to_thread(_file_of, target)

    async def _named(self, name: str, kind: str) -> str:
        if kind in _ATOMS:
            return await self._atoms(name)
        return f"Attached object `{name}`: a {kind.removeprefix('object:')}, not atoms."

    async def _atoms(self, selection: str) -> str:
        """The compact profile reads this line too: what it names is what "it" means."""
        summary = await self._scene.summarise(selection)
        atoms, residues = counted(summary.n_atoms, "atom"), counted(summary.n_residues, "residue")
        return f"Attached selection `{selection}`: {atoms}, {residues}."


def _objects(snapshot: SceneSnapshot, names: dict[str, str]) -> Iterator[Mentionable]:
    known = {item.name: item for item in snapshot.objects}
    for name, kind in names.items():
        if kind != "selection":
            yield Mentionable(kind="object", name=name, written=name, detail=_object_detail(known.get(name), kind))


def _object_detail(item: ObjectInfo | None, kind: str) -> str:
    if item is None or kind != "object:molecule":
        return "" if kind == "object:molecule" else kind.removeprefix("object:")
    states = f", {item.n_states:,} states" if item.n_states > 1 else ""
    return f"{counted(item.n_atoms, 'atom')}{states}"


def _selections(snapshot: SceneSnapshot, names: dict[str, str]) -> Iterator[Mentionable]:
    n_atoms = {item.name: item.n_atoms for item in snapshot.selections}
    for name, kind in names.items():
        if kind == "selection":
            detail = counted(n_atoms[name], "atom") if name in n_atoms else ""
            yield Mentionable(kind="selection", name=name, written=name, detail=detail)


def _chains(snapshot: SceneSnapshot) -> Iterator[Mentionable]:
    for item in snapshot.objects:
        for chain in item.chains:
            if chain.chain:  # PyMOL reads an empty one as any
                detail = f"{item.name}, {chain.kind}, {counted(chain.n_residues, 'residue')}"
                written = chain_of(item.name, chain.chain)
                yield Mentionable(kind="chain", name=chain.chain, written=written, detail=detail)


def _ligands(snapshot: SceneSnapshot) -> Iterator[Mentionable]:
    for item in snapshot.objects:
        for ligand in item.ligands:
            chain = f"chain {ligand.chain}" if ligand.chain else ""
            detail = ", ".join(filter(None, (item.name, chain, counted(ligand.n_atoms, "atom"))))
            written = residue_of(item.name, ligand.chain, ligand.resn, ligand.resi)
            name = f"{ligand.resn} {ligand.resi}"
            yield Mentionable(kind="ligand", name=name, written=written, detail=detail)


def _files() -> list[tuple[str, int]]:
    """Names and sizes of the files in the working folder; empty where it cannot be read."""
    found: list[tuple[str, int]] = []
    try:
        with os.scandir() as entries:
            for entry in entries:
                if len(found) >= _MAX_FILES:
                    break
                if not entry.name.startswith(".") and entry.is_file():
                    found.append((entry.name, entry.stat().st_size))
    except OSError:
        return []
    return sorted(found, key=lambda file: file[0].lower())


def _as_mentionable(files: list[tuple[str, int]], taken: set[str]) -> Iterator[Mentionable]:
    for name, size in files:
        # What an object or a scene is called already is told apart by the folder.
        yield Mentionable(kind="file", name=name, written=f"./{name}" if name in taken else name, detail=_size(size))


def _file_of(target: str) -> str:
    """Blocking."""
    try:
        path = Path(target).expanduser()
        if path.is_file():
            return _file(path)
    except (OSError, RuntimeError, ValueError):  # too long a name, no such user
        pass
    return f"`@{target}`: there is no object, selection, scene or file of that name."


def _file(path: Path) -> str:
    """What is in it is the agent's to load, not read here."""
    full = path if path.is_absolute() else Path.cwd() / path
    try:
        size = full.stat().st_size
    except OSError as error:
        return f'Attached file "{full}": it cannot be read ({error.strerror or error}).'
    return f'Attached file "{full}": {_size(size)}, not loaded.'


def _size(n_bytes: int) -> str:
    """Short: `950 B`, `12.3 kB`, `1.2 MB`."""
    size = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < _BYTES or unit == "GB":
            break
        size /= _BYTES
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
