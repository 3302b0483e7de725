"""Finds the Python that runs PyMOL, and starts parts of this package in it; standard library only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from .core.errors import InstallFailed


def python_executable() -> str:
    """The interpreter PyMOL runs on; `sys.executable` may be PyMOL's own launcher.

    Raises:
        InstallFailed: No interpreter lies where this PyMOL's should.
    """
    if Path(sys.executable or "").name.lower().startswith(("python", "pypy")):
        return sys.executable
    for candidate in _interpreter_candidates():
        if candidate.is_file():
            return str(candidate)
    raise InstallFailed(
        f"PyMOL's own Python interpreter was not found under {sys.prefix}.",
        hint="Install pymolcode with the Python that runs PyMOL: python3 -m installer install --into PYTHON.",
    )


def _interpreter_candidates() -> Iterator[Path]:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for prefix in dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix)):
        for name in ("python.exe", f"bin/python{version}", "bin/python3", "bin/python"):
            yield Path(prefix) / name


def child_command(module: str, *arguments: str) -> list[str]:
    """The command that runs `module` of this package in a process of its own, dependencies included.

    Raises:
        InstallFailed: No interpreter lies where this PyMOL's should.
    """
    return [python_executable(), str(Path(__file__).with_name("child.py")), module, *arguments]
