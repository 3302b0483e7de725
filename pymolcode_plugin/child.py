"""Starts a module of this package in a Python of its own: `python .../child.py MODULE ARGUMENTS`.

A script, because a plugin from the Plugin Manager is not on a child's `sys.path`, and its folder must not be
put there first: other plugins lie in it, under any name.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the module named by the first argument as `__main__`."""
    package = Path(__file__).resolve().parent
    sys.path[:] = [item for item in sys.path if Path(item or ".").resolve() != package]
    sys.path.append(str(package.parent))
    from pymolcode_plugin import bootstrap  # noqa: PLC0415  # importable only now

    bootstrap.activate()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
