"""Loads a file as one step of PyMOL's thread: either it is in the scene and counted, or the scene is as before."""

from __future__ import annotations

from typing import Any

import pymol

from ..core.errors import CommandFailed
from ..core.scene import Argument, Call, LoadedFile, LoadedObject
from .command_output import CommandRunner
from .long_call import Steps

_MOLECULE, _MAP = "object:molecule", "object:map"
_MAX_TITLE = 120
_MAX_ENTRIES = 10
# The colour that the next object gets, which every load moves on; and the setting that makes PyMOL build an assembly
# out of a file although the file is what was asked for.
_COLOUR, _ASSEMBLY = "auto_color_next", "assembly"


def load(
    cmd: Any, runner: CommandRunner, path: str, name: str, entries: tuple[str, ...], possible_atoms: range | None
) -> Steps[LoadedFile]:
    """See `ScenePort.load_file`.

    The view moves only where the scene was empty, so that nobody loses what they were looking at.
    """
    before = set(cmd.get_names("objects"))
    _need_free(cmd, before, entries)
    wanted = cmd.get_legal_name(name).lstrip("_") or "loaded"  # PyMOL hides names that begin with `_`
    free = wanted if wanted not in cmd.get_names("all") else cmd.get_unused_name(f"{wanted}_", 0)
    kept = {setting: cmd.get(setting) for setting in (_COLOUR, _ASSEMBLY)}
    try:
        _set(cmd, _ASSEMBLY, "")
        printed = yield from _read(runner, path, free, multiplex=bool(entries))
        made = tuple(_object(cmd, item, printed) for item in cmd.get_names("objects") if item not in before)
        _verify(made, possible_atoms)
    except BaseException:
        for item in set(cmd.get_names("objects")) - before:
            cmd.delete(item)
        _set(cmd, _COLOUR, kept[_COLOUR])
        raise
    finally:
        _set(cmd, _ASSEMBLY, kept[_ASSEMBLY])
    zooms = not before and bool(cmd.get_setting_int("auto_zoom"))
    if zooms:
        cmd.zoom(_all_of(made))
    return LoadedFile(objects=made, wanted=wanted if free != wanted else "", zoomed=zooms)


def calls(path: str, loaded: LoadedFile, entries: tuple[str, ...]) -> tuple[Call, ...]:
    """What a script would say for it; the names are PyMOL's own where a file becomes several objects."""
    name: dict[str, Argument] = {} if entries else {"object": loaded.objects[0].name, "multiplex": 0}
    load_it = Call(command="load", arguments={"filename": path, **name, "zoom": 0})
    zoom = Call(command="zoom", arguments={"selection": _all_of(loaded.objects)})
    return (load_it, zoom) if loaded.zoomed else (load_it,)


def _all_of(made: tuple[LoadedObject, ...]) -> str:
    return " or ".join(f"%{item.name}" for item in made)


def _need_free(cmd: Any, objects: set[str], entries: tuple[str, ...]) -> None:
    """Raises CommandFailed where an entry has the name of an object, which PyMOL would replace without a word."""
    taken = sorted({cmd.get_legal_name(entry) for entry in entries} & objects)
    if taken:
        names, entry_names = ", ".join(taken), ", ".join(entries[:_MAX_ENTRIES])
        raise CommandFailed(
            f"The file holds {len(entries)} entries ({entry_names}), and would replace the object {names}.",
            hint="Rename that object first (set_name).",
        )


def _read(runner: CommandRunner, path: str, name: str, *, multiplex: bool) -> Steps[str]:
    """What PyMOL printed. Without `multiplex` everything goes into the object of that name, and no other is touched."""
    arguments = {"filename": path, "object": name, "zoom": 0, "quiet": 1, "multiplex": -2 if multiplex else 0}
    output = yield from runner.called(Call(command="load", arguments=arguments))
    if output.errors:
        raise CommandFailed(" ".join(output.errors))
    return " ".join(line.strip() for line in output.lines)


def _set(cmd: Any, setting: str, value: str) -> None:
    if cmd.get(setting) != value:
        cmd.set(setting, value, quiet=1)


def _object(cmd: Any, name: str, printed: str) -> LoadedObject:
    kind = cmd.get_type(name)
    if kind == _MAP:
        return _map(cmd, name, printed)
    if kind != _MOLECULE:
        return LoadedObject(name=name, type=kind)
    return LoadedObject(
        name=name,
        type=kind,
        n_atoms=cmd.count_atoms(f"%{name}"),
        n_states=cmd.count_states(f"%{name}"),
        chains=tuple(cmd.get_chains(f"%{name}")),
        title=(cmd.get_title(name, 1) or "").strip()[:_MAX_TITLE],
    )


def _map(cmd: Any, name: str, printed: str) -> LoadedObject:
    """A map that PyMOL could not read is an object all the same, of one Angstrom and with no values."""
    try:
        values = cmd.get_volume_histogram(name, 0)
    except pymol.CmdException as error:
        raise CommandFailed(f"PyMOL read no values in this map. {printed}".strip()) from error
    low, high = cmd.get_extent(name)
    size = tuple(round(b - a, 3) for a, b in zip(low, high, strict=True))
    return LoadedObject(name=name, type=_MAP, size_angstrom=size, values=tuple(values))


def _verify(made: tuple[LoadedObject, ...], possible_atoms: range | None) -> None:
    """Raises CommandFailed where the file did not become what it holds."""
    if not made:
        raise CommandFailed("PyMOL made no object of it.")
    for item in made:
        if item.type == _MOLECULE and not item.n_atoms:
            raise CommandFailed("PyMOL read no atoms in it.")
    n_atoms = sum(item.n_atoms for item in made)
    if possible_atoms is not None and n_atoms not in possible_atoms:
        raise CommandFailed(
            f"The file holds {possible_atoms[0]:,} atoms and PyMOL made {n_atoms:,} of them; it was taken out again."
        )
