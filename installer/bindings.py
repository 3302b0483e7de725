"""Environments with another Qt binding than ours: PyMOL's window with the panel is tried in each.

They hold the binding alone and see everything else of the environment for tests, so that they are made in seconds.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import environment
from .steps import condensed

# What PyMOL calls a binding, and the distribution that has the modules it needs.
BINDINGS = {"pyqt6": "PyQt6", "pyside6": "PySide6_Essentials"}
PYTHON = "TEST_BINDING_PYTHON"
MARK = "binding"


def ensure(root: Path, name: str, python: Path) -> Path:
    """The Python of an environment with this binding.

    Args:
        root: The checkout.
        name: As PyMOL calls it.
        python: Of the environment for tests.

    Raises:
        StepFailed: It cannot be made, or the binding cannot be installed.
    """
    folder = root / f".env-{name}"
    made = environment.interpreter(folder)
    if _imports(made, BINDINGS[name].partition("_")[0]) and _imports(made, "pytest"):
        return made
    condensed(f"Making {folder.name}", [python, "-m", "venv", "--clear", folder], remedy="Check the disk's free space.")
    _see_packages_of(python, made)
    condensed(
        f"Installing {BINDINGS[name]}",
        [made, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "-q", BINDINGS[name]],
        remedy="Check the network and the proxy, then run the same command again.",
    )
    return made


def _see_packages_of(python: Path, made: Path) -> None:
    theirs, ours = _packages(python), _packages(made)
    (ours / "environment_for_tests.pth").write_text(f"{theirs}\n", encoding="utf-8")


def _packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return Path(found.stdout.strip())


def _imports(python: Path, module: str) -> bool:
    if not python.is_file():
        return False
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0
