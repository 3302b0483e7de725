"""Starts a module of this package in a Python of its own: `python .../child.py MODULE ARGUMENTS`.

A script, because a plugin from the Plugin Manager is not on a child's `sys.path`, and its folder must not be
put there first: other plugins lie in it, under any name.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the module named by the first argument as `__main__`."""
    package = Path(__file__).resolve().parent
    sys.path[:] = [item for item in sys.path if Path(item or ".").resolve() != package]
    sys.path.append(str(package.parent))
    _load(package)
    from pymolcode_plugin import bootstrap  # noqa: PLC0415  # importable only now

    bootstrap.activate()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _load(package: Path) -> None:
    """This very copy of the package: another, installed one may be found first on the path."""
    spec = importlib.util.spec_from_file_location("pymolcode_plugin", package / "__init__.py")
    assert spec is not None  # noqa: S101  # the file is a .py
    assert spec.loader is not None  # noqa: S101  # as above
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    main()
