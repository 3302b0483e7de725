"""Builds the GBNF grammar of one request: the live scene's names, and no field without evidence in the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
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
# What a verb of the request may become in the step language.
_SHOWN = {"show": ("show ", "as "), "make": ("show ", "as "), "hide": ("hide ",), "remove": ("hide ",)}
_LOOKED = {"zoom": ("zoom",), "center": ("center",), "orient": ("orient",)}
_CUT = {"remove": ("remove",), "keep": ("keep",)}
# A step that is offered where the request has one of these tags: a kind, or a kind and a value.
_EVIDENCE: dict[str, tuple[str, ...]] = {
    "color": ("color",),
    "spectrum": ("key",),
    "show": ("rep", "only", "part", "verb:show", "verb:hide", "verb:make"),
    "select": ("verb:select", "name_it"),
    "look": ("verb:zoom", "verb:center", "verb:orient"),
    "reset": ("verb:reset",),
    "turn": ("verb:turn", "axis_word"),
    "bg": ("background",),
    "set": ("transparency", "thin"),
    "label": ("verb:label", "label"),
    "distance": ("verb:distance",),
    "angle": ("verb:angle",),
    "hbonds": ("verb:hbonds",),
    "count": ("verb:count", "ask:exists"),
    "tell": ("ask", "fact", "near", "site"),
    "save": ("verb:save", "file", "picture"),
    "preset": ("style",),
    "cut": ("verb:remove", "verb:keep"),
    "extract": ("verb:extract", "verb:copy"),
    "hydrogens": ("verb:h_add",),
    "align": ("verb:align",),
    "switch": ("verb:enable", "verb:disable"),
    "rename": ("verb:rename",),
}
# What an unknown word may stand for; what could lose something is never guessed.
_GUESSED = ("show", "look", "tell", "count", "preset", "cannot")
# Tags that demand a step: a small model forgets half of a compound request otherwise.
_DEMANDED = {
    "color": "color", "key": "spectrum", "rep": "show", "background": "bg", "transparency": "set", "file": "save",
    "verb:zoom": "look", "verb:center": "look", "verb:orient": "look", "verb:select": "select", "verb:label": "label",
    "verb:distance": "distance", "verb:angle": "angle", "verb:hbonds": "hbonds", "verb:count": "count",
    "verb:turn": "turn", "verb:keep": "cut", "verb:remove": "cut", "verb:rename": "rename",
    "verb:extract": "extract", "verb:copy": "extract", "verb:align": "align",
}  # fmt: skip


def grammar(request: str, tags: list[Tag], names: SceneNames) -> str:
    """GBNF whose every sentence parses; it ends with a newline.

    What the request demands must come, in its order; beside that only what it gives evidence of.
    """
    rules = _values(request, tags) | _targets(tags, names)
    possible = _possible(tags, names)
    offered = _offered(tags, possible)
    demanded = [name for name in _demanded(tags) if name in possible]
    rules |= {name: possible[name] for name in dict.fromkeys([*offered, *demanded])}
    rules["step"] = " | ".join(offered or demanded)
    rules["root"] = _root(demanded, _n_extra(tags, demanded) if offered else 0)
    return "\n".join(f"{name} ::= {body}" for name, body in rules.items())


def _root(demanded: list[str], n_extra: int) -> str:
    """The demanded steps in order, and up to `n_extra` others after them."""
    if not demanded:
        return f'step ("; " step){{0,{n_extra - 1}}} "\\n"' if n_extra > 1 else 'step "\\n"'
    more = f' ("; " step){{0,{n_extra}}}' if n_extra else ""
    return f"""{' "; " '.join(demanded)}{more} "\\n\""""


def _n_extra(tags: list[Tag], demanded: list[str]) -> int:
    """At most one step a clause."""
    n_clauses = 1 + sum(tag.kind == "conj" for tag in tags)
    return max(0, min(n_clauses, _MAX_STEPS) - len(demanded))


def _offered(tags: list[Tag], possible: dict[str, str]) -> list[str]:
    found = [name for name in possible if any(_says(tags, evidence) for evidence in _EVIDENCE.get(name, ()))]
    if _has(tags, "unknown") or not found:
        found += [name for name in _GUESSED if name in possible and name not in found]
    demanded = _demanded(tags)
    return [name for name in found if name != "cannot" or not demanded]


def _demanded(tags: list[Tag]) -> list[str]:
    """Steps that must come, in the order in which the request asks for them; a colour of the background is none."""
    has_background = _has(tags, "background")
    only_hidden = _has(tags, "rep") or _has(tags, "from_view")  # "remove the sticks" removes no atom
    found: list[str] = []
    for tag in tags:
        name = _DEMANDED.get(f"{tag.kind}:{tag.value}") or _DEMANDED.get(tag.kind)
        if name is not None and name not in found and not (name == "cut" and only_hidden):
            found.append(name)
    n_colors = sum(tag.kind == "color" for tag in tags)
    if has_background and n_colors <= 1 and "color" in found:
        found.remove("color")
    return found[:_MAX_STEPS]


def _says(tags: list[Tag], evidence: str) -> bool:
    kind, _, value = evidence.partition(":")
    return _has(tags, kind, value)


def _open(tags: list[Tag], verbs: Mapping[str, tuple[str, ...]]) -> str:
    """The verbs of a step that the request names; all where it names none."""
    named = [verb for said, meant in verbs.items() if _has(tags, "verb", said) for verb in meant]
    return _any(named or [verb for meant in verbs.values() for verb in meant])


def _possible(tags: list[Tag], names: SceneNames) -> dict[str, str]:
    """Rules of all steps that make sense in this scene, with the verbs that the request leaves open."""
    maybe = '(" | " target)?'
    rules = {
        "color": f'"color " colorname {maybe}',
        "spectrum": f'"spectrum " key {maybe}',
        "show": f"{_open(tags, _SHOWN)} rep {maybe}",
        "select": '"select " newname " | " target',
        "look": f"{_open(tags, _LOOKED)} {maybe}",
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
        "save": f'"save " file {maybe}',
        "preset": f'"preset " style {maybe}',
        "cannot": '"cannot " topic',
        "cut": f'{_open(tags, _CUT)} " | " target',
        "extract": '("extract " | "copy ") objectname " | " target',
        "hydrogens": '"h_add"',
    }
    if names.objects:
        objects = _any(names.objects)
        rules["switch"] = f'("enable " | "disable ") {objects}'
        rules["cut"] += f' | "delete " {objects}'
        rules["rename"] = f'"rename " {objects} " " newname'
    if len(names.objects) > 1:
        rules["align"] = '"align | " target " to " target'
    return rules


def _values(request: str, tags: list[Tag]) -> dict[str, str]:
    colors = [tag.value for tag in tags if tag.kind == "color"] or list(words().colors)
    numbers = re.findall(r"-?\d+(?:\.\d+)?", request)
    percents = [f"{float(tag.value) / 100:g}" for tag in tags if tag.kind == "percent"]
    new_names = [
        tag.value for tag in tags if tag.kind in ("free_name", "unknown") and re.fullmatch(r"[A-Za-z]\w*", tag.value)
    ]
    files = [tag.value for tag in tags if tag.kind == "file"] or ["figure.png", "session.pse", "structure.pdb"]
    return {
        "colorname": _any(colors), "key": _any(get_args(Key)), "rep": _any(_representations(tags)),
        "setting": _any(_SETTINGS), "number": _any([*percents, *numbers] or ["0.5", "0", "1", "90"]),
        "labeltext": _any(get_args(LabelText)), "unit": _any(get_args(Unit)), "fact": _any(get_args(Fact)),
        "style": _any(get_args(Style)), "topic": _any(get_args(Impossible)),
        "newname": _any([*new_names[-2:], "sele"]),
        "objectname": _any([*new_names[-2:], "part"]), "file": _any(files),
    }  # fmt: skip


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
        things = ["protein", "water", "metal", "ion", "nucleic", *(f"resn={n}" for n in names.ligands)]
        things = [*(["ligand"] if names.ligands else []), *_said_residues(tags), *things]
        rules["thing"] = _any(things) + (f' | "chain=" {_any(names.chains)}' if names.chains else "")
    return rules


def _said_residues(tags: list[Tag]) -> list[str]:
    """Residues of the request as the thing that something is near to, e.g. `resn=PHE,resi=42`."""
    found = []
    for tag in tags:
        if tag.kind == "residue":
            resn, _, resi = tag.value.partition(":")
            found.append(f"resn={resn},resi={resi}" if resi else f"resn={resn}")
        elif tag.kind == "resi":
            found.append(f"resi={tag.value}")
    return found


def _filters(tags: list[Tag], names: SceneNames) -> dict[str, str]:
    """Only those the request speaks of; an unknown word may be a residue, a chain or a place."""
    has_unknown = _has(tags, "unknown")
    residues = [tag.value.partition(":")[0] for tag in tags if tag.kind == "residue"]
    known_residues = dict.fromkeys([*residues, *names.ligands, *words().amino_acids] if has_unknown else residues)
    distances = [tag.value for tag in tags if tag.kind == "distance"]
    words_offered = _words(tags, names)
    has_name = bool(names.selections) and _has(tags, "selection")
    has_chain = bool(names.chains) and (_has(tags, "chain") or has_unknown)
    offered: tuple[tuple[str, bool, Callable[[], str]], ...] = (
        ("word", bool(words_offered), lambda: _any(words_offered)),
        ("part", has_unknown or _has(tags, "part"), lambda: _any(_said(tags, "part") or PARTS)),
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


def _words(tags: list[Tag], names: SceneNames) -> list[str]:
    """Those the request says; all of them where a word is unknown, or where nothing else could be a target."""
    said = dict.fromkeys(tag.value for tag in tags if tag.kind == "word" and tag.value != "all")
    if _has(tags, "its"):
        said["it"] = None
    if _has(tags, "site") or _has(tags, "near"):
        said |= dict.fromkeys(("protein", "ligand"))
    others = ("object", "selection", "chain", "resi", "residue", "ligand_name", "atom", "element", "part")
    if _has(tags, "unknown") or not (said or any(_has(tags, kind) for kind in others)):
        said |= dict.fromkeys(word for word in WORDS if word not in ("all", "other", "it"))
    return [word for word in said if word != "ligand" or names.ligands]


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
