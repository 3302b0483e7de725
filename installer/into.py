"""Installs into the Python of a PyMOL the user has, and makes that PyMOL load it at its next start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from .steps import StepFailed, condensed, say

_PROBE = Path(__file__).with_name("inside_pymol.py")


def install(root: Path, python: str) -> int:
    """Install the checkout into `python` and write the shim into the user's plugin folder.

    PyMOL does not look for plugins among pip's packages, hence the shim.

    Raises:
        StepFailed: `python` has no PyMOL or no pip, or something could not be written.
    """
    interpreter = _interpreter(python)
    about = _inside(interpreter, "describe")
    say(f"PyMOL {about['pymol']} on Python {about['python']}: {about['prefix']}")
    if not about["pip"]:
        raise StepFailed(
            "Looking for pip",
            f"{interpreter} has no pip",
            f"Run: {interpreter} -m ensurepip --upgrade (Debian, Ubuntu: sudo apt-get install python3-pip),"
            " or build the archive with `python3 -m installer zip` and use PyMOL's Plugin Manager.",
        )
    if about["managed"] or not about["writable"]:
        raise StepFailed(
            "Installing the package",
            f"{about['prefix']} belongs to the system" if about["managed"] else f"{about['prefix']} is read-only",
            "Build the archive with `python3 -m installer zip` and install it with PyMOL's Plugin Manager: it"
            " keeps its packages in your own folder and changes nothing else.",
        )
    condensed(
        f"Installing into {about['prefix']}",
        [interpreter, "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
         "--progress-bar=off", f"{root}[local]"],
        remedy="Check the network and the proxy, then run the same command again.",
    )  # fmt: skip
    shim = _inside(interpreter, "write-shim")
    say(f"Wrote {shim['shim']}; it is listed in {shim['settings']}")
    say("Start PyMOL and choose Plugin > pymolcode.")
    return 0


def _interpreter(python: str) -> str:
    found = shutil.which(os.path.expanduser(python))  # noqa: PTH111  # a command name must stay one
    if found is None:
        raise StepFailed(
            "Looking for that Python",
            f"{python} is no program",
            "Give the path of the interpreter; in PyMOL `import sys; print(sys.executable)` shows it.",
        )
    return found


def _inside(interpreter: str, action: str) -> dict[str, str | bool]:
    """Run a part of `inside_pymol.py` in that PyMOL's Python; it answers with one line of JSON."""
    step = f"Asking PyMOL's Python ({action})"
    try:
        done = subprocess.run(
            [interpreter, str(_PROBE), action], capture_output=True, text=True, timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepFailed(step, str(error), "Start that Python once by hand.") from error
    answer = done.stdout.rpartition("ANSWER ")[2]
    if done.returncode != 0 or not answer:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
        raise StepFailed(
            step,
            reason[0],
            f"Check that `{interpreter} -m pymol -c` starts. Where PyMOL is missing:"
            f" {interpreter} -m pip install pymol-open-source==3.2.0a0 PyQt5",
        )
    found: dict[str, str | bool] = json.loads(answer)
    return found
