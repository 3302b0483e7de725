"""Judges the arguments of one PyMOL command: those it evaluates, glues into code, or that change what it does.

Each entry was read in PyMOL's source; files are in `files.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pymol import creating, setting, viewing

from ..core.risk import Risk
from . import expressions
from .commands import Command

Arguments = Mapping[str, str]
# What no argument needs and every way out of an evaluated one goes through; a line break may be run as two commands.
_SUSPECT = re.compile(
    r"""__|[\r\n]|'''|\"""|\b(?:gi|cr|ag|tb|f)_(?:frame|code|await|yieldfrom|next|back|globals|builtins|locals)\b"""
)
_PLAIN_WORDS = re.compile(r"[\w\s./+\-:,]*")
_PLAIN_NAME = re.compile(r"[\w-]*")
# Evaluated with `safe_eval`, which is not safe.
_EVALUATED: dict[str, tuple[str, ...]] = {
    "map_new": ("box", "clamp"),
    "load_traj": ("shift",),
    "origin": ("position",),
    "pbc_wrap": ("center",),
    "pseudoatom": ("pos",),
    "ramp_new": ("range",),
    "ramp_update": ("range",),
    "rotate": ("axis", "origin"),
    "set_color": ("rgb",),
    "set_colour": ("rgb",),
    "set_view": ("view",),
    "translate": ("vector",),
    "viewport": ("width", "height"),
    "volume": ("ramp",),
    "volume_color": ("ramp",),
    "volume_ramp_new": ("ramp",),
}
# Glued into code or into a movie's commands.
_GLUED: dict[str, tuple[str, ...]] = {"fab": ("input", "chain", "segi", "resi"), "fnab": ("input", "mode", "form")}
_PROPERTIES: dict[str, str] = {
    "alphatoall": "properties",
    "copy_to": "rename",
    "get_sasa_relative": "var",
    "uniquify": "identifier",
}
# Part of the name of a file of PyMOL's own; a fragment is a pickle.
_FILE_NAMES: dict[str, str] = {
    "fragment": "name",
    "align": "matrix",
    "super": "matrix",
    "extra_fit": "matrix",
    "alignto": "matrix",
}
_FITS = frozenset({"align", "super", "cealign", "fit", "rms", "rms_cur"})
_SETTINGS = frozenset({"set", "set_bond", "unset", "unset_bond"})
# Settings that run something, or switch off what keeps a session from running something.
_RUNNING = frozenset({"security", "presentation", "presentation_auto_start", "presentation_auto_quit", "batch_prefix"})
_FLOAT3 = 4


def risk(cmd: Any, command: Command, known: Risk) -> Risk:
    """The class of a command with these arguments, given its class with harmless ones."""
    name, given = command.name, command.arguments
    judge = _JUDGES.get(name)
    try:
        if judge is not None:
            return judge(cmd, given, known)
        return known if _are_harmless(name, given) else Risk.EXEC
    except RecursionError:
        return Risk.EXEC  # nested deeper than anybody would write


def depends_on_them(name: str) -> bool:
    """True for a command whose arguments can make it do more than its class says."""
    return name in _JUDGES


def _are_harmless(name: str, given: Arguments) -> bool:
    if any(_SUSPECT.search(value) for value in given.values()):
        return False
    if name.startswith(("movie.", "util.m")):
        return all(_PLAIN_WORDS.fullmatch(value) for key, value in given.items() if key != "filename")
    return (
        all(expressions.is_harmless_value(given.get(key, "")) for key in _EVALUATED.get(name, ()))
        and all(_PLAIN_WORDS.fullmatch(given.get(key, "")) for key in _GLUED.get(name, ()))
        and set(given.get(_PROPERTIES.get(name, ""), "").split()) <= expressions.PROPERTIES
        and _PLAIN_NAME.fullmatch(given.get(_FILE_NAMES.get(name, ""), "")) is not None
    )


def _reads(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    return known if expressions.reads_only(given.get("expression", "")) and not _is_suspect(given) else Risk.EXEC


def _alters(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    return (
        known if expressions.assigns_properties(given.get("expression", "")) and not _is_suspect(given) else Risk.EXEC
    )


def _spectrum(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    return known if expressions.colours_by(given.get("expression", "count")) and not _is_suspect(given) else Risk.EXEC


def _print(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    return known if all(expressions.is_literal(value) for value in given.values()) else Risk.EXEC


def _fits(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    is_fit = given.get("method", "align") in _FITS
    return known if is_fit and _are_harmless("align", given) else Risk.EXEC


def _ray(cmd: Any, given: Arguments, known: Risk) -> Risk:
    """Any renderer but PyMOL's own is a program that is started."""
    renderer = given.get("renderer", "-1")
    is_own = renderer == "0" or (renderer == "-1" and cmd.get_setting_int("ray_default_renderer") == 0)
    return known if is_own and not _is_suspect(given) else Risk.EXEC


def _group(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    action = creating.group_action_sc.interpret(given.get("action", "auto"))
    return Risk.DESTROY if action in ("purge", "excise", "empty") else _unless_suspect(given, known)


def _stored(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    """Stored scenes and views; an ambiguous abbreviation does nothing."""
    action = given.get("action", "recall")
    meant = (viewing.scene_action_sc.interpret(action), viewing.view_sc.interpret(action))
    return Risk.DESTROY if any(word in ("clear", "delete") for word in meant) else _unless_suspect(given, known)


def _set(cmd: Any, given: Arguments, known: Risk) -> Risk:
    name = setting_name(given.get("name", ""))
    value = given.get("value", "1")
    if name in _RUNNING or (name == "ray_default_renderer" and value.strip("\"' ") not in ("0", "off")):
        return Risk.EXEC
    is_vector = bool(name) and cmd.get_setting_tuple(name)[0] == _FLOAT3
    if is_vector and not expressions.is_harmless_value(value):
        return Risk.EXEC
    return _unless_suspect(given, known)


def _area(_cmd: Any, given: Arguments, known: Risk) -> Risk:
    """With `load_b` it replaces B-factors."""
    return _unless_suspect(given, max(known, Risk.MODIFY) if given.get("load_b", "0") != "0" else known)


def _is_suspect(given: Arguments) -> bool:
    return any(_SUSPECT.search(value) for value in given.values())


def _unless_suspect(given: Arguments, known: Risk) -> Risk:
    return Risk.EXEC if _is_suspect(given) else known


def setting_name(text: str) -> str:
    """The full name of a setting from an abbreviation or its number; empty where PyMOL knows none."""
    if text.isdigit():
        return next((name for name, number in setting.index_dict.items() if number == int(text)), "")
    name = text if text in setting.index_dict else setting.setting_sc.interpret(text)
    return name if isinstance(name, str) else ""


_JUDGES: dict[str, Callable[[Any, Arguments, Risk], Risk]] = {
    "alignto": _fits,
    "alter": _alters,
    "alter_state": _alters,
    "extra_fit": _fits,
    "get_area": _area,
    "group": _group,
    "iterate": _reads,
    "iterate_state": _reads,
    "label": _reads,
    "print": _print,
    "ray": _ray,
    "scene": _stored,
    "spectrum": _spectrum,
    "view": _stored,
} | dict.fromkeys(_SETTINGS, _set)
