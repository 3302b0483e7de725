"""Builds the GBNF grammar of one request: the live scene's names, and no field without evidence in the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import get_args

from .language import Fact, Impossible, Key, LabelText, Representation, Style, Unit
from .slots import SceneNames, Tag
from .targets import PARTS, WORDS
from .words import words

_SETTINGS = (
    "transparency", "cartoon_transparency", "stick_transparency", "sphere_transparency", "stick_radius",
    "sphere_scale", "line_width", "label_size", "ray_shadows", "depth_cue", "orthoscopic", "ray_trace_mode",
    "cartoon_fancy_helices", "antialias", "mesh_width", "dash_gap",
)  # fmt: skip
_MAX_STEPS = 4
_DESTRUCTIVE = {"remove", "keep"}


def grammar(request: str, tags: list[Tag], names: SceneNames) -> str:
    """GBNF whose every sentence parses; it ends with a newline.

    A colour in the request must be used: a step that names one is then required.
    """
    rules = _values(request, tags, names) | _targets(tags, names)
    steps = _steps(tags, names)
    rules |= steps
    rules["step"] = " | ".join(steps)
    must = "color | bg" if _has(tags, "color") and not _has(tags, "key") else "step"
    more = _MAX_STEPS - 1
    rules["must"] = must
    rules["root"] = f'(step "; "){{0,{more}}} must ("; " step){{0,{more}}} "\\n"'
    return "\n".join(f"{name} ::= {body}" for name, body in rules.items())


def _steps(tags: list[Tag], names: SceneNames) -> dict[str, str]:
    maybe = '(" | " target)?'
    rules = {
        "color": f'"color " colorname {maybe}',
        "spectrum": f'"spectrum " key {maybe}',
        "show": f'("show " | "hide " | "as ") rep {maybe}',
        "select": '"select " newname " | " target',
        "look": f'("zoom" | "center" | "orient") {maybe}',
        "reset": '"reset"',
        "turn": '"turn " ("x" | "y" | "z") " " number',
        "bg": '"bg " colorname',
        "set": f'"set " setting " " number {maybe}',
        "label": '"label " labeltext " | " target',
        "distance": '"distance | " target (" to " target)?',
        "angle": '"angle | " target " to " target " to " target',
        "hbonds": '"hbonds | " target (" to " target)?',
        "count": f'"count " unit {maybe}',
        "tell": f'"tell " fact {maybe}',
        "save": '"save " file',
        "preset": f'"preset " style {maybe}',
    }
    if _has(tags, "unknown"):
        rules["cannot"] = '"cannot " topic'  # where every word is known, something can be done
    if any(tag.kind == "verb" and tag.value in _DESTRUCTIVE for tag in tags):
        rules["cut"] = '("remove" | "keep") " | " target'
    if any(tag.kind == "verb" and tag.value in ("extract", "copy") for tag in tags):
        rules["extract"] = '("extract " | "copy ") objectname " | " target'
    if any(tag.kind == "verb" and tag.value == "h_add" for tag in tags):
        rules["hydrogens"] = '"h_add"'
    if names.objects and _has(tags, "object"):
        rules["switch"] = '("enable " | "disable ") object'
        if any(tag.kind == "verb" and tag.value == "remove" for tag in tags):
            rules["delete"] = '"delete " object'
    if len(names.objects) > 1:
        rules["align"] = '"align | " target " to " target'
    return rules


def _values(request: str, tags: list[Tag], names: SceneNames) -> dict[str, str]:
    colors = [tag.value for tag in tags if tag.kind == "color"] or list(words().colors)
    numbers = re.findall(r"-?\d+(?:\.\d+)?", request)
    percents = [f"{float(tag.value) / 100:g}" for tag in tags if tag.kind == "percent"]
    new_names = [
        tag.value for tag in tags if tag.kind in ("free_name", "unknown") and re.fullmatch(r"[A-Za-z]\w*", tag.value)
    ]
    files = [tag.value for tag in tags if tag.kind == "file"] or ["figure.png", "session.pse", "structure.pdb"]
    rules = {
        "colorname": _any(colors), "key": _any(get_args(Key)), "rep": _any(_representations(tags)),
        "setting": _any(_SETTINGS), "number": _any([*percents, *numbers] or ["0.5", "0", "1", "90"]),
        "labeltext": _any(get_args(LabelText)), "unit": _any(get_args(Unit)), "fact": _any(get_args(Fact)),
        "style": _any(get_args(Style)), "topic": _any(get_args(Impossible)),
        "newname": _any([*new_names[-2:], "sele"]),
        "objectname": _any([*new_names[-2:], "part"]), "file": _any(files),
    }  # fmt: skip
    if names.objects:
        rules["object"] = _any(names.objects)
    return rules


def _representations(tags: list[Tag]) -> Iterable[str]:
    """Those the request names; the usual ones where it names none."""
    named = [tag.value for tag in tags if tag.kind == "rep"]
    if named:
        return [*named, "everything"]
    return (
        ("cartoon", "sticks", "spheres", "surface", "lines", "everything")
        if not _has(tags, "unknown")
        else get_args(Representation)
    )


def _targets(tags: list[Tag], names: SceneNames) -> dict[str, str]:
    """A target's parts in the order of `targets.FILTERS`, each at most once."""
    items = _filters(tags, names)
    ordered = list(items)
    starts = []
    for at, name in enumerate(ordered):
        rest = " ".join(f'(" " t-{later})?' for later in ordered[at + 1 :])
        starts.append(f"t-{name} {rest}".strip())
    rules = {f"t-{name}": body for name, body in items.items()}
    rules["target"] = f"{_maybe_negated(tags)} ({' | '.join(starts)})"
    if "resi" in items:
        rules["range"] = f'{_any(_numbers(tags))} ("-" {_any(_numbers(tags))})?'
    if "near" in items:
        things = ["ligand", "protein", "water", "metal", "ion", "nucleic", *(f"resn={n}" for n in names.ligands)]
        rules["thing"] = _any(things) + (f' | "chain=" {_any(names.chains)}' if names.chains else "")
    return rules


def _filters(tags: list[Tag], names: SceneNames) -> dict[str, str]:
    """Only those the request speaks of; an unknown word may be a residue, a chain or a place."""
    has_unknown = _has(tags, "unknown")
    residues = [tag.value.partition(":")[0] for tag in tags if tag.kind == "residue"]
    known_residues = dict.fromkeys([*residues, *names.ligands, *words().amino_acids])
    distances = [tag.value for tag in tags if tag.kind == "distance"]
    skipped = {"all", *(word for word in ("other", "it") if not _has(tags, "word", word))}
    has_name = bool(names.selections) and _has(tags, "selection")
    has_chain = bool(names.chains) and (_has(tags, "chain") or has_unknown)
    offered: tuple[tuple[str, bool, Callable[[], str]], ...] = (
        ("word", True, lambda: _any(word for word in WORDS if word not in skipped)),
        ("part", True, lambda: _any(PARTS)),
        ("object", len(names.objects) > 1 and _has(tags, "object"), lambda: f'"object=" {_any(names.objects)}'),
        ("selection", has_name, lambda: f'"selection=" {_any(names.selections)}'),
        ("chain", has_chain, lambda: f'"chain=" {_list(names.chains)}'),
        ("resn", bool(residues) or has_unknown, lambda: f'"resn=" {_list(known_residues)}'),
        ("resi", bool(_numbers(tags)), lambda: '"resi=" range ("+" range){0,5}'),
        ("name", _has(tags, "atom"), lambda: f'"name=" {_list(_said(tags, "atom"))}'),
        ("element", _has(tags, "element"), lambda: f'"element=" {_list(_said(tags, "element"))}'),
        ("near", has_unknown or any(_has(tags, kind) for kind in ("near", "site", "distance")),
         lambda: f'"near=" {_any(distances or ["4", "5"])} ":" thing'),
    )  # fmt: skip
    return {name: body() for name, is_offered, body in offered if is_offered}


def _numbers(tags: list[Tag]) -> list[str]:
    kinds = ("resi", "residue", "number", "unknown")
    return [number for tag in tags if tag.kind in kinds for number in re.findall(r"\d+", tag.value)]


def _said(tags: list[Tag], kind: str) -> list[str]:
    return [tag.value for tag in tags if tag.kind == kind]


def _maybe_negated(tags: list[Tag]) -> str:
    return '("all but ")?' if _has(tags, "not") else ""


def _has(tags: list[Tag], kind: str, value: str = "") -> bool:
    return any(tag.kind == kind and value in ("", tag.value) for tag in tags)


def _any(values: Iterable[str]) -> str:
    return "(" + " | ".join(_literal(value) for value in dict.fromkeys(values)) + ")"


def _list(values: Iterable[str]) -> str:
    one = _any(values)
    return f'{one} ("+" {one}){{0,5}}'


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
