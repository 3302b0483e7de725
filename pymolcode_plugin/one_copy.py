"""Leads `pmg_tk.startup.pymolcode_plugin` and `pymolcode_plugin` to the same modules; standard library only.

Without it `import pmg_tk.startup.pymolcode_plugin.gui` makes a second copy of `gui` and overwrites the
attribute on the shared package.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

CANONICAL = "pymolcode_plugin"
ALIAS = f"pmg_tk.startup.{CANONICAL}"


def answer_to_both_names(init_file: str) -> None:
    """Install the finder for the package at `init_file`.

    A reload finds the package again through the same finder: in a plugin folder it is not on `sys.path`.
    """
    # A reload makes a new class, so the old finder is known by its name only.
    sys.meta_path[:] = [item for item in sys.meta_path if type(item).__name__ != _BothNames.__name__]
    sys.meta_path.insert(0, _BothNames(init_file))


class _BothNames:
    # No base class: importlib.abc costs PyMOL's start 2 ms.
    def __init__(self, init_file: str) -> None:
        self._init_file = init_file

    def _package_spec(self) -> ModuleSpec:
        folder = str(Path(self._init_file).parent)
        spec = importlib.util.spec_from_file_location(CANONICAL, self._init_file, submodule_search_locations=[folder])
        if spec is None:
            raise ImportError(f"{self._init_file} is no Python source file", name=CANONICAL)
        return spec

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  # the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname == CANONICAL:
            return self._package_spec()
        if fullname == ALIAS or fullname.startswith(f"{ALIAS}."):
            return ModuleSpec(fullname, _SameModule(CANONICAL + fullname[len(ALIAS) :]))  # type: ignore[arg-type]  # as above
        return None


class _SameModule:
    """Hands out the module of another name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002  # the import system's signature
        module = importlib.import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import system has just put the alias's spec there
