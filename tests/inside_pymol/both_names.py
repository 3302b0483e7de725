"""Loads the package as `pmg_tk.startup.pymolcode_plugin`, without PyMOL, and prints what holds."""

import importlib
import sys
import types

for name in ("pmg_tk", "pmg_tk.startup"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
sys.modules["pmg_tk"].startup = sys.modules["pmg_tk.startup"]
sys.modules["pmg_tk.startup"].__path__ = [sys.argv[1]]

long_name = importlib.import_module("pmg_tk.startup.pymolcode_plugin")
short_name = importlib.import_module("pymolcode_plugin")
long_submodule = importlib.import_module("pmg_tk.startup.pymolcode_plugin.config.paths")
short_submodule = importlib.import_module("pymolcode_plugin.config.paths")
facts = {
    "same_package": long_name is short_name is sys.modules["pmg_tk"].startup.pymolcode_plugin,
    "same_submodule": long_submodule is short_submodule is long_name.config.paths,
    "canonical_spec": (long_name.__spec__.name, short_submodule.__spec__.name)
    == ("pymolcode_plugin", "pymolcode_plugin.config.paths"),
    "same_after_reload": importlib.reload(long_name) is short_name is sys.modules["pymolcode_plugin"],
}
print(*(name for name, holds in facts.items() if holds))
