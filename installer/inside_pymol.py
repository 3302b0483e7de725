"""Runs in the Python of the user's PyMOL, through PyMOL's own API; never imported by the installer."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import sysconfig
from pathlib import Path

# PyMOL imports it as pmg_tk.startup.pymolcode_shim: a name of its own, so that it never hides the package.
SHIM_NAME = "pymolcode_shim"
SHIM = '''\
# Version: 1.0
"""Loads the pymolcode that is installed in this PyMOL's Python."""

from pymolcode_plugin import __init_plugin__

__all__ = ["__init_plugin__"]
'''


def describe() -> dict[str, str | bool]:
    """Which PyMOL this is, and whether pip can install here."""
    from pymol import cmd

    packages = Path(sysconfig.get_path("purelib"))
    in_venv = sys.prefix != sys.base_prefix
    marker = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    return {
        "pymol": str(cmd.get_version()[0]),
        "python": sys.version.split()[0],
        "prefix": sys.prefix,
        "pip": importlib.util.find_spec("pip") is not None,
        "managed": marker.is_file() and not in_venv,
        "writable": os.access(packages, os.W_OK),
    }


def write_shim() -> dict[str, str | bool]:
    """Write the shim into the user's plugin folder and list that folder in PyMOL's plugin settings."""
    from pymol import plugins
    from pymol.plugins.installation import get_default_user_plugin_path

    plugins.initialize(-2)  # reads ~/.pymolpluginsrc.py, so that saving it keeps the user's settings
    folder = str(get_default_user_plugin_path())
    Path(folder).mkdir(parents=True, exist_ok=True)
    shim = Path(folder) / f"{SHIM_NAME}.py"
    shim.write_text(SHIM, encoding="utf-8")
    present = plugins.get_startup_path(True)
    if folder not in present:
        plugins.set_startup_path([folder, *present], autosave=False)
    plugins.pref_save()
    return {"shim": str(shim), "settings": plugins.PYMOLPLUGINSRC}


if __name__ == "__main__":
    action = {"describe": describe, "write-shim": write_shim}[sys.argv[1]]
    print(f"ANSWER {json.dumps(action())}")
