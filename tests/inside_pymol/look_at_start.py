"""Says what PyMOL's own start made of an installed plugin."""

import sys

import report
from pymol.plugins import plugins

HEAVY = ("pydantic", "pydantic_ai", "openai", "anthropic", "httpx2", "qasync", "asyncio")


def look():
    name = report.ARGUMENTS.get("plugin", "pymolcode_plugin")
    heavy = [module for module in HEAVY if module in sys.modules]
    import pmg_tk.startup.pymolcode_plugin.bootstrap as long_name

    import pymolcode_plugin.bootstrap as short_name

    return {
        "loaded": name in plugins and plugins[name].loaded,
        "loadtime_s": plugins[name].loadtime,
        "menu": report.plugin_menu(),
        "heavy": heavy,
        "file": short_name.__file__,
        "same_submodule": long_name is short_name,
        "same_package": sys.modules["pmg_tk.startup.pymolcode_plugin"] is sys.modules["pymolcode_plugin"],
        "spec": short_name.__spec__.name,
        "copies": report.copies(),
    }


report.run_when_idle(look)
