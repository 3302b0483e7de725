"""Builds the archive that PyMOL's Plugin Manager installs; the same sources always give the same bytes."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .steps import StepFailed, say

PACKAGE = "pymolcode_plugin"
ASSETS = ("ui", "resources")
REQUIREMENTS = f"{PACKAGE}/resources/requirements.txt"
_TIMESTAMP = (2020, 1, 1, 0, 0, 0)
_STEP = "Building the Plugin Manager archive"


def main(root: Path) -> int:
    """Build it in `dist/` and say where it is and how to install it."""
    path = build(root, root / "dist")
    say(f"Built {path} ({path.stat().st_size / 1e6:.1f} MB)")
    say("In PyMOL: Plugin > Plugin Manager > Install New Plugin > Choose file...")
    return 0


def build(root: Path, folder: Path) -> Path:
    """Write `pymolcode_plugin-VERSION.zip` into `folder` and return its path.

    PyMOL reads the plugin's name from the file's, up to the first character that is no letter, digit or `_`.

    Raises:
        StepFailed: The checkout is not complete, or `folder` cannot be written.
    """
    try:
        entries = dict(_entries(root))
        path = folder / f"{PACKAGE}-{version(root)}.zip"
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(entries):
                info = zipfile.ZipInfo(name, _TIMESTAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, entries[name])
    except OSError as error:
        raise StepFailed(_STEP, str(error), "Run it in a complete checkout that can be written.") from error
    return path


def version(root: Path) -> str:
    """`__version__` of the package, read without importing it."""
    text = (root / PACKAGE / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([\d.]+)"$', text, re.MULTILINE)
    if found is None:
        raise StepFailed(_STEP, f"{PACKAGE}/__init__.py has no __version__", "Restore that line.")
    return found.group(1)


def requirements(root: Path) -> list[str]:
    """The dependencies and the `local` extra, as pyproject.toml has them.

    Python 3.10 has no TOML reader; an array of strings with `#` comments reads the same in Python.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    found: list[str] = []
    for key in ("dependencies", "local"):
        array = re.search(rf"^{key} = (\[.*?\])$", text, re.MULTILINE | re.DOTALL)
        if array is None:
            raise StepFailed(_STEP, f"pyproject.toml has no array named {key}", "Restore it.")
        found += ast.literal_eval(array.group(1))
    return found


def _entries(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in _files(root / PACKAGE):
        yield f"{PACKAGE}/{path.relative_to(root / PACKAGE).as_posix()}", path.read_bytes()
    for asset in ASSETS:
        for path in _files(root / asset):
            yield f"{PACKAGE}/{asset}/{path.relative_to(root / asset).as_posix()}", path.read_bytes()
    yield f"{PACKAGE}/LICENSE", (root / "LICENSE").read_bytes()
    yield REQUIREMENTS, ("\n".join(requirements(root)) + "\n").encode()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield path
