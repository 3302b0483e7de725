"""Makes `.venv/` in the checkout; a stamp makes the second call take no time."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

from . import system_libraries
from .steps import StepFailed, condensed, say

FOLDER = ".venv"
FOR_RUN = frozenset({"pymol", "local"})
FOR_TEST = FOR_RUN | {"test"}


def ensure(
    root: Path, extras: frozenset[str], *, name: str = FOLDER, base: str = sys.executable, constraints: str = ""
) -> Path:
    """The Python of an environment, with the package and `extras` installed in editable form.

    Args:
        root: The checkout.
        extras: Of pyproject.toml.
        name: Of the environment's folder.
        base: The interpreter it is made of.
        constraints: Lines of a constraints file for pip.

    Raises:
        StepFailed: The environment cannot be made, or pip failed.
    """
    folder = root / name
    python = interpreter(folder)
    stamp = folder / "pymolcode-stamp.json"
    wanted = _fingerprint(root, base, constraints)
    have = _read(stamp)
    same = have.get("fingerprint") == wanted and python.is_file()
    installed = frozenset(have.get("extras", ())) if same else frozenset()
    if same and extras <= installed:
        return python
    stamp.unlink(missing_ok=True)
    if not same:
        _make(folder, base)
    _install(root, python, extras | installed, constraints)
    stamp.write_text(json.dumps({"fingerprint": wanted, "extras": sorted(extras | installed)}), encoding="utf-8")
    return python


def interpreter(folder: Path) -> Path:
    """Where a virtual environment keeps its Python."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def script(python: Path, name: str) -> Path:
    """A command that pip put beside `python`."""
    return python.with_name(f"{name}.exe" if os.name == "nt" else name)


def _fingerprint(root: Path, base: str, constraints: str) -> str:
    """Changes when the packages may: pyproject, the Python, or a checkout that was moved."""
    about = f"{sys.version}|{sys.base_prefix}|{root}|{base}|{constraints}|".encode()
    return hashlib.sha256(about + (root / "pyproject.toml").read_bytes()).hexdigest()


def _read(stamp: Path) -> dict[str, list[str] | str]:
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _make(folder: Path, base: str) -> None:
    step = f"Making {folder.name}"
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        _get_venv_module(step)
    if folder.exists() and not (folder / "pyvenv.cfg").is_file() and any(folder.iterdir()):
        raise StepFailed(step, f"{folder} exists and is no virtual environment", f"Move {folder} away.")
    shutil.rmtree(folder, ignore_errors=True)
    condensed(
        step,
        [base, "-m", "venv", folder],
        remedy="Check that this folder can be written and that the disk has 1 GB free.",
    )


def _get_venv_module(step: str) -> None:
    """Debian and Ubuntu ship Python without venv."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not system_libraries.install_with_apt([package]):
        raise StepFailed(
            step,
            "this Python has no venv and ensurepip modules",
            system_libraries.command_for(
                [package], fallback="Install a complete Python 3.10 or newer from python.org."
            ),
        )
    say(f"Installed {package}")


def _install(root: Path, python: Path, extras: frozenset[str], constraints: str) -> None:
    file = python.parent / "constraints.txt"
    file.write_text(constraints, encoding="utf-8")
    condensed(
        f"Installing {'PyMOL and ' if 'pymol' in extras else ''}the packages",
        [
            python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar=off",
            "--prefer-binary",
            "-c",
            file,
            "-e",
            f"{root}[{','.join(sorted(extras))}]",
        ],
        remedy=(
            "Check the network and the proxy, then run the same command again. PyMOL's wheels exist for"
            " Python 3.10 to 3.14 on Windows, macOS and Linux with glibc 2.35 or newer (Debian 12,"
            " Ubuntu 22.04, Fedora 36)."
        ),
    )
