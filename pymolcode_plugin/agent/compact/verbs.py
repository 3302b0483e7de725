"""The steps of one clause, by its verb: what each word of it does; raises `Unsure` rather than guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .clauses import (
    LIGAND,
    Clause,
    Unsure,
    cut_pairwise,
    only_one,
    or_all,
    plain_target,
    union,
)
from .language import (
    Align,
    AnyStep,
    Background,
    Color,
    Contacts,
    Count,
    Cut,
    Extract,
    Hydrogens,
    Label,
    Look,
    Measure,
    Preset,
    Rename,
    Reset,
    Save,
    Select,
    Setting,
    Show,
    Spectrum,
    Switch,
    Tell,
    Turn,
)  # fmt: skip
from .slots import Tag
from .targets import FILTERS, Target

# What a thing is shown as where the request does not say.
_USUAL = {"water": "nb_spheres", "ion": "spheres", "metal": "spheres", "protein": "cartoon", "nucleic": "cartoon"}
_WHOLE_WORDS = {"", "all", "protein", "nucleic"}
# Stick radius in Angstrom (PyMOL's own is 0.25) and sphere scale (1) for words without a number.
_RELATIVE = ((r"thin", 0.12), (r"thick|fat", 0.4), (r"smaller", 0.5), (r"bigger|larger", 1.5))


def steps_of(clause: Clause) -> list[AnyStep]:
    """The steps of a clause that is understood to the last word.

    Raises:
        Unsure: It is not.
    """
    steps = _HANDLERS[clause.verb](clause) if clause.verb in _HANDLERS else _without_verb(clause)
    clause.finish()
    return steps


def _color(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    if clause.has("background"):
        return _background(clause)
    several = _one_each(clause)
    if several:
        return several
    key, color = clause.one("key"), clause.one("color")
    rep = clause.one("rep") if clause.has("rep") and (color or key) else ""
    clause.take("only")
    targets = clause.targets()
    if (
        key == "chain"
        and not clause.has("unit", "chains")
        and "differ" in clause.texts("key")
        and not re.search(r"chain|unit|mer", clause.texts("key"))
    ):
        raise Unsure
    if key == "element" and color:
        painted = [target.model_copy(update={"element": "C"}) for target in _whole(targets)]
        return [
            *(Spectrum(key="element", targets=_as_tuple(t)) for t in _whole(targets)),
            *(Color(color=color, targets=(t,)) for t in painted),
        ]
    if key:
        whole = [t for t in or_all(targets) if key != "element" or t.element != "C"]
        clause.all("unit")
        return [Spectrum.model_validate({"key": key, "targets": _as_tuple(target)}) for target in whole]
    clause.all("unit")
    if not color or (clause.has("unit") and not targets):
        raise Unsure
    steps: list[AnyStep] = [Color(color=color, targets=_as_tuple(target)) for target in or_all(targets)]
    if rep:
        steps = [*_shown(clause, rep, targets), *steps]
    return steps


def _one_each(clause: Clause) -> list[AnyStep]:
    """As many colours as things, as in "chains A and B red and blue"; empty where there is one colour."""
    colors = [tag.value for tag in clause.all("color")]
    if len(colors) < 2 or clause.has("key"):
        return []
    clause.take("respectively")
    targets = clause.targets()
    if len(targets) == 1:
        targets = _split(targets[0])
    if len(targets) != len(colors):
        raise Unsure
    return [Color(color=color, targets=(target,)) for color, target in zip(colors, targets, strict=True)]


def _split(target: Target) -> list[Target]:
    """A list in one filter as single targets."""
    lists = [key for key in FILTERS if "+" in getattr(target, key)]
    if len(lists) != 1:
        return [target]
    return [target.model_copy(update={lists[0]: value}) for value in getattr(target, lists[0]).split("+")]


def _whole(targets: list[Target]) -> list[Target]:
    """Carbons named on their own stand for the whole in "by element with green carbons"."""
    found = [target.model_copy(update={"element": ""}) for target in or_all(targets)]
    return [t for n, t in enumerate(found) if t not in found[:n] and (not t.is_everything or len(found) == 1)] or found[
        :1
    ]


def _as_tuple(target: Target) -> tuple[Target, ...]:
    return () if target.is_everything else (target,)


def _background(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "background")
    if any(tag.value not in ("all", "it") for tag in clause.all("word")):
        raise Unsure
    color = clause.one("color")
    if not color:
        raise Unsure
    return [Background(color=color)]


def _show(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    for kind, handler in _SHOWN_OTHERWISE:
        if clause.has(*kind.split(":")):
            return handler(clause)
    rep, color = clause.one("rep"), clause.one("color")
    only = clause.take("only")
    clause.take("unit")
    targets = clause.targets()
    if not targets and clause.has("instead"):
        targets = [Target(word="it")]
    if not targets and not rep and not color:
        raise Unsure
    if color and not rep:
        return [Color(color=color, targets=_as_tuple(target)) for target in or_all(targets)]
    steps = _only(rep, targets) if only else _shown(clause, rep, targets)
    return steps + [Color(color=color, targets=_as_tuple(target)) for target in or_all(targets) if color]


def _swap(clause: Clause) -> list[AnyStep]:
    """One representation for another: "lines instead of cartoon", "swap the cartoon for a ribbon"."""
    clause.all("verb", "instead_of")
    said = list(dict.fromkeys(tag.value for tag in clause.all("rep")))
    if len(said) != 2:
        raise Unsure
    new, old = said if clause.has("instead_of") else reversed(said)
    targets = or_all(clause.targets())
    steps: list[AnyStep] = []
    for target in targets:
        hide = {"verb": "hide", "representation": old, "targets": _as_tuple(target)}
        steps += [Show.model_validate(hide), Show.model_validate({**hide, "verb": "show", "representation": new})]
    return steps


def _only(rep: str, targets: list[Target]) -> list[AnyStep]:
    target = only_one(targets)
    if rep and (target.is_everything or target.part):
        whole = target.model_copy(update={"part": ""})
        return [Show.model_validate({"verb": "as", "representation": rep, "targets": _as_tuple(whole)})]
    rest = target.model_copy(update={"negated": not target.negated})
    hide = Show(verb="hide", representation="everything", targets=(rest,))
    show = Show.model_validate({"verb": "show", "representation": rep or _usual(target), "targets": (target,)})
    return [hide, show]


def _shown(clause: Clause, rep: str, targets: list[Target]) -> list[AnyStep]:
    steps: list[AnyStep] = []
    for target in or_all(targets):
        whole = target.word in _WHOLE_WORDS and not (
            target.part or target.resi or target.resn or target.near or target.name
        )
        replaces = bool(rep) and clause.has("prep", "as") and rep not in ("surface", "mesh", "dots", "labels")
        whole = whole or (target.word == "it" and clause.has("instead"))
        replaces = replaces or (bool(rep) and clause.has("instead"))
        verb = "as" if replaces and (whole or target.word in ("ligand", "water", "metal", "ion")) else "show"
        fields = {"verb": verb, "representation": rep or _usual(target), "targets": _as_tuple(target)}
        steps.append(Show.model_validate(fields))
    return steps


def _usual(target: Target) -> str:
    if target.part or target.resi or target.resn or target.near:
        return "nb_spheres" if target.word == "water" else "sticks"
    return _USUAL.get(target.word, "sticks" if target.word or target.name else "cartoon")


def _hide(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    rep = clause.one("rep")
    clause.take("unit")
    targets = clause.targets()
    if not rep and not targets:
        raise Unsure
    made = {"verb": "hide", "representation": rep or "everything"}
    return [Show.model_validate({**made, "targets": _as_tuple(target)}) for target in or_all(targets)]


def _unlabel(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    return [Show(verb="hide", representation="labels", targets=_as_tuple(t)) for t in or_all(clause.targets())]


def _select(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "name_it")
    name = clause.one("free_name")
    clause.take("unit")
    targets = clause.targets()
    if not targets:
        raise Unsure
    return [Select(name=name or "sele", targets=(union(targets),))]


def _look(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    clause.take("unit")
    return [Look.model_validate({"verb": clause.verb, "targets": _as_tuple(only_one(clause.targets()))})]


def _reset(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    return [Reset()]


def _turn(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "near")
    if clause.has("rep") or clause.has("color"):
        return _without_verb(clause)  # "turn the protein into a surface"
    axis, angle = clause.one("axis_word"), clause.one("number")
    if any(tag.value not in ("all", "it", "protein") for tag in clause.all("word")):
        raise Unsure  # the camera turns, not a part of the scene
    return [Turn.model_validate({"axis": axis or "y", "angle_deg": float(angle or 90)})]


def _setting(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "dimension")
    relative = _relative(clause)
    name = clause.one("thin")
    is_transparency = clause.take("transparency") and not name
    percent, number, rep = clause.one("percent"), clause.one("number"), clause.one("rep")
    value = float(number) if number else float(percent) / 100 if percent else 0.5 if is_transparency else relative
    if is_transparency and clause.has("transparency", "opaque") and not percent and not number:
        value = 0.0
    if is_transparency:
        name = {"surface": "transparency", "cartoon": "cartoon_transparency", "sticks": "stick_transparency",
                "spheres": "sphere_transparency", "": "transparency"}.get(rep, "")  # fmt: skip
    if name == "sphere_scale" and not number and rep != "spheres":
        raise Unsure  # "make it bigger" may mean anything
    if not name or value is None or value < 0:
        raise Unsure
    if value > 1 and "transparency" in name:
        value /= 100
    target = only_one(clause.targets())
    steps: list[AnyStep] = []
    if rep and is_transparency and clause.verb in ("show", ""):  # "a surface at 50% transparency" is to be seen
        steps.append(Show.model_validate({"verb": "show", "representation": rep, "targets": _as_tuple(target)}))
    if target.word == "it" and is_transparency:
        target = Target()
    return [*steps, Setting(setting=name, value=f"{value:g}", targets=_as_tuple(target))]


def _relative(clause: Clause) -> float | None:
    """The value of "thicker" without a number."""
    text = clause.texts("thin")
    return next((value for phrase, value in _RELATIVE if re.search(phrase, text)), None)


def _label(clause: Clause) -> list[AnyStep]:
    if clause.has("file"):
        return _save(clause)  # "write the ligand to lig.pdb"
    clause.all("verb")
    what = clause.one("label")
    clause.all("unit", "rep")
    targets = clause.targets()
    if not targets:
        raise Unsure
    return [Label.model_validate({"what": what or "residue", "targets": (target,)}) for target in targets]


def _ends(clause: Clause) -> list[Target]:
    """What a pairwise verb is between."""
    pieces = [piece for part in clause.parts for piece in cut_pairwise(part)]
    found = (plain_target(clause, piece) for piece in pieces)
    return [target for target in found if target is not None]


def _measure(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    wanted = {"distance": 2, "angle": 3, "dihedral": 4}[clause.verb]
    # "CA of 24, 25 and 26": between what is measured a number alone is a residue.
    clause.parts = [
        [replace(tag, kind="resi") if tag.kind == "number" else tag for tag in part] for part in clause.parts
    ]
    atoms = [tag.value.split("+") for tag in clause.all("atoms")]
    both = clause.take("two")
    found = [target for target in _ends(clause) if target.word != "it"]
    clause.all("near", "unit")
    only_names = [target for target in found if target == Target(name=target.name)]
    if len(only_names) == 1 and len(found) == wanted + 1:  # "the CA distance between residue 25 and residue 50"
        found = [t.model_copy(update={"name": only_names[0].name}) for t in found if t not in only_names]
    if atoms and len(atoms[0]) == wanted and len(found) in (1, wanted):
        ends = found if len(found) == wanted else found * wanted  # "the N-CA-C angle of Phe 42"
        found = [end.model_copy(update={"name": name}) for end, name in zip(ends, atoms[0], strict=True)]
    if len(found) != (1 if len(found) == 1 and both else wanted):
        raise Unsure
    return [Measure.model_validate({"verb": clause.verb, "targets": tuple(found)})]


def _hbonds(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "near")
    targets = _ends(clause)
    if len(targets) > 2:
        raise Unsure
    if len(targets) == 1:
        targets.append(Target(word="protein") if targets[0].word != "protein" else LIGAND)
    return [Contacts(targets=tuple(targets or [LIGAND, Target(word="protein")]))]


def _count(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    units = [tag.value for tag in clause.all("unit")]
    targets = clause.targets()
    target = only_one(targets)
    if target.word == "ligand" and not units:
        return [Count(unit="ligands", targets=_as_tuple(target.model_copy(update={"word": ""})))]
    if target.is_everything and not units:
        raise Unsure
    if (target.element or target.name or target.word == "hydrogens") and not units:
        units = ["atoms"]
    return [Count.model_validate({"unit": units[0] if units else "residues", "targets": _as_tuple(target)})]


def _tell(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "mean", "name_it", "label")
    fact = clause.one("fact")
    units = [tag.value for tag in clause.all("unit")]
    near = clause.has("near") or clause.has("site")
    target = only_one(clause.targets())
    if not fact:
        fact = _asked(target, units, near)
    if not fact:
        raise Unsure
    if fact == "center":
        clause.all("picture")  # "..., coordinates please"
    if fact == "ligands":
        target = target.model_copy(update={"word": ""})
    return [Tell.model_validate({"fact": fact, "targets": _as_tuple(target)})]


def _asked(target: Target, units: list[str], near: bool) -> str:
    if near:
        return "residues"
    if target.word == "ligand":
        return "ligands"
    for unit in ("chains", "objects"):
        if unit in units:
            return unit
    return "residues" if "residues" in units or (target.resn and not target.resi) else ""


def _cut_atoms(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    only = clause.take("only")
    clause.take("unit")
    targets = clause.targets()
    if clause.verb == "remove" and (clause.take("from_view") or clause.has("rep")):
        return _hide(clause)
    if not targets:
        raise Unsure
    if clause.verb == "remove" and len(targets) == 1:
        name = targets[0].object or targets[0].selection
        if targets[0].text in (f"object={name}", f"selection={name}"):
            return [Switch(verb="delete", name=name)]
    if clause.verb == "keep":
        return [Cut(verb="keep", targets=(only_one(targets),))]
    if only:
        raise Unsure
    return [Cut(verb="remove", targets=(target,)) for target in targets]


def _switch(clause: Clause) -> list[AnyStep]:
    said = clause.texts("verb")
    clause.all("verb")
    name = clause.one("object") or ("it" if clause.take("word", "it") or re.search(r" (it|them) ", said) else "")
    if not name:
        raise Unsure
    return [Switch.model_validate({"verb": clause.verb, "name": name})]


def _rename(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "unit")
    return [_renamed(clause, part) for part in clause.parts]


def _renamed(clause: Clause, part: list[Tag]) -> AnyStep:
    """Whatever word stands after "to" is the new name, as in "1hpv to protease"."""
    at = next((n for n, tag in enumerate(part) if tag.kind in ("prep", "free_name")), len(part))
    named = [tag for tag in part[:at] if tag.kind in ("object", "selection")]
    names = named or [tag for tag in part[:at] if tag.value == "it"]
    new = [tag for tag in part[at:] if tag.kind not in ("prep", "name_it")]
    if len(names) != 1 or len(new) != 1:
        raise Unsure
    clause.used.update(id(tag) for tag in part)
    word = new[0].value if new[0].kind in ("unknown", "free_name") else new[0].text
    return Rename(name=names[0].value, new_name=word)


def _extract(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "new_object", "name_it", "unit")
    name = clause.one("free_name")
    targets = clause.targets()
    if not targets:
        raise Unsure
    target = only_one(targets)
    usual = target.object or target.word or (f"chain_{target.chain}" if target.chain else "part")
    verb = "copy" if clause.verb == "copy" else "extract"
    return [
        Extract.model_validate(
            {"verb": verb, "name": name or f"{usual}_copy" if verb == "copy" else name or usual, "targets": (target,)}
        )
    ]


def _align(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    found = _ends(clause)
    if len(found) != 2:
        raise Unsure
    return [Align(targets=tuple(found))]


def _hydrogens(clause: Clause) -> list[AnyStep]:
    clause.all("verb")
    target = only_one(clause.targets())
    return [Hydrogens(targets=() if target.word == "hydrogens" else _as_tuple(target))]


def _save(clause: Clause) -> list[AnyStep]:
    file, kind = clause.one("file"), clause.one("picture")
    if any(re.search("picture|shot|image", tag.text) for tag in clause.all("verb", "name_it", "background")):
        kind = kind or "picture"
    name = clause.one("free_name")
    clause.take("only")
    target = only_one(clause.targets())
    if not file:
        if not kind:
            raise Unsure
        stem, ending = {"picture": ("figure", "png"), "pse": ("session", "pse"), "pdb": ("structure", "pdb")}[kind]
        file = f"{name or stem}.{ending}"
    return [Save(file=file, targets=() if file.endswith(("png", "pse")) else _as_tuple(target))]


def _preset(clause: Clause) -> list[AnyStep]:
    clause.all("verb", "rep")
    clause.all("picture")
    styles = [tag.value for tag in clause.all("style")]
    style = "publication" if "publication" in styles else styles[0]
    return [Preset.model_validate({"style": style, "targets": _as_tuple(only_one(clause.targets()))})]


def _make(clause: Clause) -> list[AnyStep]:
    """For "make", "set", "turn into": what is made says what to do."""
    return _without_verb(clause)


def _without_verb(clause: Clause) -> list[AnyStep]:
    clause.take("verb", "make")
    if re.search(r"\boff\b", clause.texts("from")) and not clause.has("color"):
        return _hide(clause)  # "cartoon off"
    for kind, handler in _BY_KIND:
        if clause.has(kind):
            return handler(clause)
    if clause.has("ask", "exists") and not clause.has("ask", "which"):
        return _tell(clause) if clause.has("residue") else _count(clause)  # "is there a Trp" wants to know which
    if clause.has("ask") or clause.has("site") or clause.has("near"):
        return _tell(clause)
    raise Unsure


_Handler = Callable[[Clause], list[AnyStep]]
_BY_KIND: tuple[tuple[str, _Handler], ...] = (
    ("background", _background), ("transparency", _setting), ("thin", _setting), ("fact", _tell), ("style", _preset),
    ("key", _color), ("rep", _show), ("color", _color), ("file", _save), ("picture", _save), ("only", _show),
)  # fmt: skip
_SHOWN_OTHERWISE: tuple[tuple[str, _Handler], ...] = (
    ("background", _background), ("key", _color), ("style", _preset), ("fact", _tell), ("transparency", _setting),
    ("thin", _setting), ("instead_of", _swap), ("rep:labels", _label),
)  # fmt: skip
_HANDLERS: dict[str, _Handler] = {
    "color": _color, "show": _show, "hide": _hide, "remove": _cut_atoms, "keep": _cut_atoms, "select": _select,
    "zoom": _look, "center": _look, "orient": _look, "reset": _reset, "turn": _turn, "label": _label,
    "unlabel": _unlabel, "count": _count, "distance": _measure, "angle": _measure, "dihedral": _measure,
    "hbonds": _hbonds, "save": _save, "rename": _rename, "extract": _extract, "copy": _extract, "align": _align,
    "swap": _swap, "enable": _switch, "disable": _switch, "h_add": _hydrogens, "make": _make,
}  # fmt: skip
