"""Says whether a file lies inside the working folder, and what reading or writing it would do."""

from __future__ import annotations

import fnmatch
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from ..core.risk import Assessment, Risk

Expand = Callable[[str], str]
# On any system: text that is absolute on Windows, and PyMOL's own files that run when it starts next.
_OF_WINDOWS = re.compile(r"^(?:[A-Za-z]:|\\\\|//)")
_RUNS_AT_START = ("pymolrc*", "run_on_startup*")
_HOOKS = ("sitecustomize", "usercustomize", "pymol", "chempy", "pmg_qt", "pmg_tk", "numpy")
_MODULES = (".py", ".pyc", ".pth", ".so", ".pyd")


def assess_file(path: str, *, writes: bool, expand: Expand = os.path.expanduser) -> Assessment:
    """FILE, with where it is; `outside` also where something inside would be replaced.

    Args:
        path: As PyMOL gets it.
        writes: Else it is read.
        expand: What PyMOL makes of `~` and `$NAME`.
    """
    try:
        effect, is_outside = _effect(expand(path), writes)
        written = (str(_real(expand(path))),) if writes else ()
    except (OSError, ValueError, RuntimeError):
        # Too long, a NUL, a circle of links: nobody can say what it is.
        effect, is_outside = f"{'writes' if writes else 'reads'} `{path[:60]}`, wherever that is", True
        written = ()
    return Assessment(risks=frozenset({Risk.FILE}), effects=(effect,), outside=is_outside, writes=written)


def _effect(path: str, writes: bool) -> tuple[str, bool]:
    """In words, and whether a person must be asked."""
    target = _real(path)
    verb = "writes" if writes else "reads"
    if not writes and _is_shipped(target):
        return f"reads {target.name}, which comes with PyMOL", False
    if not inside(path):
        return f"{verb} {target}, outside the working folder", True
    if writes and _is_imported(target):
        return f"writes {_named(target)}, which Python may run without being asked", True
    if writes and target.exists():
        return f"replaces {_named(target)} ({_size(target)})", True
    return f"{verb} {_named(target)} in the working folder", False


def inside(path: str) -> bool:
    """True when a path, already expanded, is really below the working folder and not hidden there.

    A working folder that is the root of a disk, or above the user's home, holds nothing of its own.
    """
    folder = _folder()
    target = _real(path)
    if _OF_WINDOWS.match(path) and not _below(Path(os.path.normpath(path)), folder):
        return False
    home = Path.home().resolve()
    if folder.parent == folder or (home != folder and home.is_relative_to(folder)):
        return False
    if not _below(target, folder):
        return False
    given = Path(os.path.normpath(folder / path))
    parts = (*target.relative_to(folder).parts, *(given.relative_to(folder).parts if _below(given, folder) else ()))
    if any(part.startswith(".") for part in parts):
        return False
    return not any(fnmatch.fnmatch(target.name.lower(), name) for name in _RUNS_AT_START)


def _is_imported(target: Path) -> bool:
    """A module in a folder that Python imports from, or under a name it would import, runs without being asked for.

    `python -m pymol` puts the working folder first on the path, where a `json.py` hides Python's own.
    """
    if target.suffix.lower() not in _MODULES:
        return False
    name = target.name.split(".")[0]
    folders = {Path(item or ".").resolve() for item in sys.path}
    return not folders.isdisjoint((target.parent, target.parent.parent)) or name in (*sys.stdlib_module_names, *_HOOKS)


def _below(path: Path, folder: Path) -> bool:
    return path != folder and path.is_relative_to(folder)


def _folder() -> Path:
    return Path.cwd().resolve()


def _real(path: str) -> Path:
    return Path(path).resolve()


def _is_shipped(target: Path) -> bool:
    data = os.environ.get("PYMOL_DATA", "")
    return bool(data) and _below(target, _real(data))


def _named(target: Path) -> str:
    return str(target.relative_to(_folder()))


def _size(target: Path) -> str:
    n_bytes = target.stat().st_size
    for unit, factor in (("MB", 10**6), ("kB", 1000)):
        if n_bytes >= factor:
            return f"{n_bytes / factor:.0f} {unit}"
    return f"{n_bytes} bytes"
