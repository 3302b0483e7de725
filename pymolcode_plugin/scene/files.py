"""Which files and addresses a PyMOL command would touch, by its arguments."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pymol import creating, importing

from ..core.risk import Assessment, Risk
from . import file_scope
from .arguments import setting_name
from .commands import Command

Arguments = Mapping[str, str]
_NOTHING = Assessment(risks=frozenset())
_EXEC = Assessment(risks=frozenset({Risk.EXEC}))
_ADDRESS = re.compile(r"://|^\s*[\"']?\s*(?:https?|ftp|file|data|jar)\s*:", re.IGNORECASE)
# Formats that PyMOL reads as data. Sessions and pickles run code, a FASTA file is glued into code, indices and
# alignments name other files, and what is not known may be any of these.
# fmt: off
_DATA_FORMATS = frozenset({
    "pdb", "cif", "bcif", "pqr", "pdbqt", "mol", "mol2", "sdf", "mmod", "xyz", "xplor", "ccp4", "mrc", "map", "dx",
    "cube", "brix", "phi", "grd", "acnt", "fld", "gro", "g96", "top", "prmtop", "psf", "rst", "crd", "cor", "trj",
    "trr", "xtc", "dcd", "nc", "mtz", "png",
})
# fmt: on
_WITH_ADDRESS = frozenset({"load", "loadall", "load_traj", "load_mtz", "load_png"})
_FETCHED = re.compile(r"[\w.]+")  # an identifier, with no part of a path


def assess(cmd: Any, command: Command) -> Assessment:
    """FILE, NET or EXEC by the files a command reads and writes; no class at all where it touches none."""
    given = command.arguments
    if command.name in _WITH_ADDRESS and any(_is_address(cmd, value) for value in given.values()):
        return Assessment(risks=frozenset({Risk.NET, Risk.FILE}), effects=("reads from the network",), outside=True)
    touches = _TOUCHES.get(command.name)
    return touches(cmd, given) if touches else _NOTHING


def _is_address(cmd: Any, value: str) -> bool:
    return bool(_ADDRESS.search(value) or _ADDRESS.search(cmd.exp_path(value)))


def _matching(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern))  # noqa: PTH207  # the same function that PyMOL calls


def _at(cmd: Any, path: str, *, writes: bool) -> Assessment:
    return file_scope.assess_file(path, writes=writes, expand=cmd.exp_path)


def _reads(parameter: str) -> Callable[[Any, Arguments], Assessment]:
    def touched(cmd: Any, given: Arguments) -> Assessment:
        path = given.get(parameter, "")
        return _at(cmd, path, writes=False) if path else _NOTHING

    return touched


def _writes(parameter: str, default: str = "") -> Callable[[Any, Arguments], Assessment]:
    def touched(cmd: Any, given: Arguments) -> Assessment:
        path = given.get(parameter) or default
        return _at(cmd, path, writes=True) if path else _NOTHING

    return touched


def _load(cmd: Any, given: Arguments) -> Assessment:
    path = creating.unquote(given.get("filename", ""))
    return _data(path, given) | _at(cmd, path, writes=False)


def _data(path: str, given: Arguments) -> Assessment:
    """EXEC where a file may be more than data."""
    guessed = importing.filename_to_format(path)[2]
    formats = {given.get("format") or guessed, guessed} - {""}
    is_data = bool(formats) and formats <= _DATA_FORMATS and not given.get("plugin")
    return _NOTHING if is_data else _EXEC


def _load_all(cmd: Any, given: Arguments) -> Assessment:
    pattern = given.get("pattern", "")
    found = _data(pattern, given) | _at(cmd, str(Path(cmd.exp_path(pattern)).parent / "any"), writes=False)
    matching = _matching(cmd.exp_path(pattern))
    for path in matching:
        found |= _data(path, given) | _at(cmd, path, writes=False)
    where = ", outside the working folder" if found.outside else ""
    return found.model_copy(update={"effects": (f"reads {len(matching)} files that match {pattern}{where}",)})


def _png(cmd: Any, given: Arguments) -> Assessment:
    path = given.get("filename", "")
    is_as_given = path.endswith((".png", ".ppm")) or given.get("format", "0") not in ("0", "png")
    return _at(cmd, path if is_as_given else f"{path}.png", writes=True)


def _frames(cmd: Any, given: Arguments) -> Assessment:
    prefix = re.sub(r"[0-9]*\.(png|ppm)$", "", given.get("prefix", ""))
    existing = _matching(glob.escape(cmd.exp_path(prefix)) + "[0-9]*.p[np][gm]")
    found = _at(cmd, f"{prefix}0001.png", writes=True)
    return found | _at(cmd, existing[0], writes=True) if existing else found


def _movie(cmd: Any, given: Arguments) -> Assessment:
    path = given.get("filename", "")
    film = path if Path(path).suffix else f"{path}.mpg"
    return _at(cmd, film, writes=True) | _at(cmd, f"{path.removesuffix(Path(path).suffix)}.tmp", writes=True)


def _many(cmd: Any, given: Arguments) -> Assessment:
    """The title of a structure, which is anybody's text, may become part of the path."""
    pattern = given.get("filename", "")
    found = _at(cmd, pattern, writes=True)
    existing = _matching(re.sub(r"\{[^}]*\}", "*", glob.escape(cmd.exp_path(pattern))))
    for path in existing[:1]:
        found |= _at(cmd, path, writes=True)
    is_named_by_file = re.search(r"\{\s*title|[.\[][^}]*\}", pattern) is not None
    return found.model_copy(update={"outside": True}) if is_named_by_file else found


def _change_folder(cmd: Any, given: Arguments) -> Assessment:
    folder = Path(cmd.exp_path(given.get("dir") or "~")).resolve()
    return Assessment(risks=frozenset({Risk.FILE}), effects=(f"changes the working folder to {folder}",), outside=True)


def _fetch(cmd: Any, given: Arguments) -> Assessment:
    """PyMOL keeps what it fetched in a file, and loads that file if it is there already."""
    found = Assessment(risks=frozenset({Risk.NET, Risk.FILE}))
    file = given.get("file") or "auto"
    if file not in ("1", "auto"):
        return found | _data(file, {}) | _at(cmd, file, writes=not Path(cmd.exp_path(file)).exists())
    folder = cmd.exp_path(given.get("path") or cmd.get("fetch_path") or ".")
    codes = given.get("code", "").split()
    # Which extension it gets depends on the type; the folder is what matters.
    if not all(file_scope.inside(str(Path(folder) / f"{code}.cif")) for code in codes):
        effect = f"keeps it in {folder}, outside the working folder"
        found |= Assessment(risks=frozenset({Risk.FILE}), effects=(effect,), outside=True)
    is_known = _is_known_host(cmd.get("fetch_host")) and all(_FETCHED.fullmatch(code) for code in codes)
    return found if is_known else found.model_copy(update={"outside": True})


def _is_known_host(value: str) -> bool:
    return all(word in importing.fetchHosts and "://" in importing.fetchHosts[word] for word in value.split())


def _set(cmd: Any, given: Arguments) -> Assessment:
    name, value = setting_name(given.get("name", "")), given.get("value", "").strip("\"' ")
    if name in ("fetch_path", "session_file"):
        return _at(cmd, f"{value}/any" if name == "fetch_path" else value, writes=True)
    if name == "fetch_host":
        effect = f"fetches structures from {value}"
        return Assessment(risks=frozenset({Risk.NET}), effects=(effect,), outside=not _is_known_host(value))
    if name == "bg_image_filename" and value:
        return _at(cmd, value, writes=False)
    return _NOTHING


_TOUCHES: dict[str, Callable[[Any, Arguments], Assessment]] = {
    "cd": _change_folder,
    "dir": _reads("pattern"),
    "fetch": _fetch,
    "get_sasa_relative": _writes("outfile"),
    "load": _load,
    "load_mtz": _reads("filename"),
    "load_png": _reads("filename"),
    "load_traj": _load,
    "loadall": _load_all,
    "log_open": _writes("filename", "log.pml"),
    "ls": _reads("pattern"),
    "movie.produce": _movie,
    "mpng": _frames,
    "multifilesave": _many,
    "multisave": _writes("filename"),
    "png": _png,
    "save": _writes("filename"),
    "set": _set,
}
