# Version: 0.1.0
# Author: the pymolcode authors
# License: MIT
# Requires: Python 3.10 or newer
"""pymolcode: an AI agent in a dock beside the viewport.

It sees the scene, runs PyMOL, measures, explains and makes figures. Open it with Plugin > pymolcode, or type
`ask QUESTION`.

This file is what PyMOL loads. Only the standard library here: it must survive missing dependencies.
"""

import sys
from importlib.util import spec_from_file_location

__version__ = "0.1.0"

_CANONICAL = "pymolcode_plugin"

# PyMOL imports a plugin as pmg_tk.startup.NAME, everybody else as NAME. The module being executed takes
# the short name before anything is imported relative to it, so that each submodule exists once: isinstance
# checks, caches and the running loop would silently break on two copies.
if __name__ != _CANONICAL:
    if _CANONICAL in sys.modules:
        sys.modules[__name__] = sys.modules[_CANONICAL]
    else:
        sys.modules[_CANONICAL] = sys.modules[__name__]
        __name__ = __package__ = _CANONICAL
        __spec__ = spec_from_file_location(_CANONICAL, __file__, submodule_search_locations=__path__) or __spec__

if __name__ == _CANONICAL:
    from . import one_copy

    one_copy.answer_to_both_names(__file__)

_started: bool = globals().get("_started", False)  # outlives the reload PyMOL does on a reinstall


def __init_plugin__(app: object = None) -> None:
    """Called by PyMOL in its GUI thread, before its event loop runs; called again after a reinstall."""
    global _started  # noqa: PLW0603  # the one fact that must outlive a reload
    if _started:
        _say_restart()
        return
    _started = True
    from . import bootstrap

    bootstrap.activate()
    if bootstrap.missing():
        from .gui import install_dialog

        install_dialog.add_menu_entry(_open_panel)
    else:
        from . import plugin

        plugin.register()


def _open_panel() -> None:
    """Open the panel once the dependencies are there; the menu entry exists already."""
    from . import plugin

    plugin.register(with_menu=False)
    plugin.open_panel()


def _say_restart() -> None:
    from pymol import colorprinting

    colorprinting.warning(" pymolcode: the files were replaced. Restart PyMOL to use them.")
