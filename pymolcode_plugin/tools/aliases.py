"""Older names of tools with their own arguments, for scripts and models that know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..databases.sources import PDB_ID

Arguments = Mapping[str, object]


def translated(name: str, arguments: Arguments) -> tuple[str, Arguments]:
    """The tool's name of today with its own arguments; unchanged where the name is none of the older ones."""
    translate = _ALIASES.get(name)
    if translate is None:
        return name, arguments
    return translate({key: value for key, value in arguments.items() if value is not None})


def _renamed(tool: str, **keys: str) -> Callable[[Arguments], tuple[str, Arguments]]:
    """A tool that goes by another name now; `keys` are its older arguments and what they are called now."""

    def translate(given: Arguments) -> tuple[str, Arguments]:
        return tool, {keys.get(key, key): value for key, value in given.items()}

    return translate


def _load(given: Arguments) -> tuple[str, Arguments]:
    """A path, or the four characters of a PDB entry."""
    more = {key: value for key, value in given.items() if key != "source"}
    source = str(given.get("source", ""))
    return ("fetch", {"id": source, **more}) if PDB_ID.fullmatch(source) else ("load", {"file": source, **more})


def _zoom(given: Arguments) -> tuple[str, Arguments]:
    """What `complete` asked for is what zoom does for any selection that fits the window."""
    keys = {"buffer": "amount"}
    kept = {keys.get(key, key): value for key, value in given.items() if key != "complete"}
    return "view", {"action": "zoom", **kept}


def _align(given: Arguments) -> tuple[str, Arguments]:
    method = given.get("method", "ce")
    return "align", {**given, "method": "cealign" if method == "ce" else method}


def _distance(given: Arguments) -> tuple[str, Arguments]:
    atoms = [given.get("atom1", ""), given.get("atom2", "")]
    return "measure", {"what": "distance", "selections": atoms}


_SAVED = {"filename": "file", "width": "width_px", "height": "height_px"}
_ALIASES: dict[str, Callable[[Arguments], tuple[str, Arguments]]] = {
    "pymol_load": _load,
    "pymol_show": _renamed("show"),
    "pymol_color": _renamed("color"),
    "pymol_zoom": _zoom,
    "pymol_list": _renamed("scene_state"),
    "pymol_screenshot": _renamed("save", **_SAVED),
    "pymol_align": _align,
    "python_exec": _renamed("run_python"),
    "pymol.load_structure": _load,
    "pymol.set_representation": _renamed("show"),
    "pymol.color_object": _renamed("color"),
    "pymol.zoom": _zoom,
    "pymol.list_objects": _renamed("scene_state"),
    "pymol.get_scene_state": _renamed("scene_state"),
    "pymol.screenshot": _renamed("save", **_SAVED),
    "pymol.export_image": _renamed("save", **_SAVED),
    "pymol.select_atoms": _renamed("select"),
    "pymol.measure_distance": _distance,
    "pymol.align": _align,
    "pymol.align_objects": _align,
    "pymol.execute_python": _renamed("run_python"),
}
