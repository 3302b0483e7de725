"""Reads a request without a model, at once, and only where every word of it was understood.

It gives up (None) rather than guess: the model gets what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .language import (
    Align,
    AnyStep,
    Background,
    Cannot,
    Chat,
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
from .slots import SceneNames, Tag, read
from .targets import Target
from .words import words

_NEAR_ANGSTROM = 4.0
_LIGAND = Target(word="ligand")
_SITE = Target(word="protein", near_angstrom=_NEAR_ANGSTROM, near=_LIGAND)
# What a thing is shown as where the request does not say.
_USUAL = {"water": "nb_spheres", "ion": "spheres", "metal": "spheres", "protein": "cartoon", "nucleic": "cartoon"}
_WHOLE_WORDS = {"", "all", "protein", "nucleic"}
_VAGUE = {"all", "it"}
_THINNER, _THICKER = 0.12, 0.4  # stick radius in Angstrom; PyMOL's own is 0.25


class _Unsure(Exception):
    """The request is not wholly understood."""


@dataclass
class _Clause:
    """What one verb says: its tags, split at the words that join a list."""

    parts: list[list[Tag]]
    verb: str = ""
    used: set[int] = field(default_factory=set)

    def all(self, *kinds: str) -> list[Tag]:
        """Tags of these kinds, which count as understood from now on."""
        found = [tag for part in self.parts for tag in part if tag.kind in kinds]
        self.used.update(id(tag) for tag in found)
        return found

    def one(self, *kinds: str) -> str:
        """The value of the only tag of these kinds, or an empty string; two different ones are too many."""
        values = dict.fromkeys(tag.value for tag in self.all(*kinds))
        if len(values) > 1:
            raise _Unsure
        return next(iter(values), "")

    def has(self, kind: str, value: str = "") -> bool:
        """Whether there is such a tag; it is not used up by asking."""
        return any(tag.kind == kind and value in ("", tag.value) for part in self.parts for tag in part)

    def take(self, kind: str, value: str = "") -> bool:
        """Whether there is such a tag, which counts as understood from now on."""
        found = [tag for part in self.parts for tag in part if tag.kind == kind and value in ("", tag.value)]
        self.used.update(id(tag) for tag in found)
        return bool(found)

    def targets(self) -> list[Target]:
        """One target a part; parts that name nothing give none."""
        found: list[Target] = []
        for part in self.parts:
            target = _target(self, part)
            if target is not None:
                found.append(target)
        return found

    def finish(self) -> None:
        """Raise when a word was not understood."""
        for part in self.parts:
            for tag in part:
                if id(tag) not in self.used and tag.kind not in ("filler", "prep", "ask", "conj", "same", "instead"):
                    raise _Unsure(tag)


def read_steps(request: str, names: SceneNames) -> list[AnyStep] | None:
    """The steps of a request that is understood to the last word; None otherwise."""
    talk = _small_talk(request)
    if talk is not None:
        return [talk]
    tags = read(request, names)
    if any(tag.kind == "negated" for tag in tags):
        return [Cannot(topic="unsure")]  # a small model does what it is told not to do
    try:
        steps: list[AnyStep] = []
        earlier: list[Target] = []
        for clause in _clauses(tags):
            if clause.has("word", "other") and not earlier:
                return None
            found = _HANDLERS[clause.verb](clause) if clause.verb in _HANDLERS else _without_verb(clause)
            clause.finish()
            steps += found
            earlier += [target for step in found for target in step.targets]
        return [step for number, step in enumerate(steps) if step not in steps[:number]] or None
    except (_Unsure, ValueError):
        return None


def _small_talk(request: str) -> AnyStep | None:
    text = request.lower().strip()
    for topic, phrase in words().small_talk.items():
        if re.fullmatch(phrase, text):
            return Chat.model_validate({"topic": topic})
    for topic, phrase in words().refusals.items():
        if re.search(phrase, text):
            return Cannot.model_validate({"topic": topic})
    return None


# -- clauses ---------------------------------------------------------------------------------------------------


def _clauses(tags: list[Tag]) -> list[_Clause]:
    """Cut at joining words; a piece without a verb of its own continues the clause before it or repeats its verb."""
    pieces: list[list[Tag]] = [[]]
    for tag in tags:
        if tag.kind == "conj":
            pieces.append([])
        elif tag.kind != "filler":
            pieces[-1].append(tag)
    clauses: list[_Clause] = []
    for piece in pieces:
        if not piece:
            continue
        verb = _verb(piece)
        if not clauses or (verb and not _continues(clauses[-1], piece, verb)):
            clauses.append(_Clause([piece], verb))
        elif _is_new(clauses[-1], piece):
            clauses.append(_Clause([piece], clauses[-1].verb))
        else:
            clauses[-1].parts.append(piece)
    return clauses


def _verb(piece: list[Tag]) -> str:
    """The verb that decides; weak ones ("make", "want") only where there is no other."""
    verbs = list(dict.fromkeys(tag.value for tag in piece if tag.kind == "verb"))
    strong = [verb for verb in verbs if verb != "make"]
    if "show" in strong and len(strong) > 1:
        strong.remove("show")
    if len(strong) > 1:
        # "how many ... does it have" beats what follows; "measure the angle" is one thing.
        first = [verb for verb in strong if verb in ("count", "dihedral", "angle", "select", "color")]
        if not first:
            raise _Unsure
        strong = first[:1]
    return strong[0] if strong else (verbs[0] if verbs else "")


def _continues(clause: _Clause, piece: list[Tag], verb: str) -> bool:
    """For "distance between X and Y" and the like, where the second piece has the verb only by accident."""
    return (
        clause.verb in ("distance", "angle", "dihedral", "hbonds", "align")
        and verb == "color"
        and not _has(piece, "color")
    )


def _is_new(clause: _Clause, piece: list[Tag]) -> bool:
    """Whether a piece without a verb says the same verb again for something else: "chain A red and chain B blue"."""
    if clause.verb in ("distance", "angle", "dihedral", "hbonds", "align"):
        return False
    return any(clause.has(kind) and _has(piece, kind) for kind in ("color", "rep", "key"))


def _has(piece: list[Tag], kind: str) -> bool:
    return any(tag.kind == kind for tag in piece)


# -- targets ---------------------------------------------------------------------------------------------------

_TARGET_KINDS = ("word", "part", "object", "selection", "chain", "resi", "residue", "ligand_name", "atom", "element")


def _target(clause: _Clause, part: list[Tag]) -> Target | None:
    """The target a part names; None where it names none."""
    near_at = next((n for n, tag in enumerate(part) if tag.kind == "near"), None)
    if near_at is None:
        return _plain_target(clause, part)
    return _near_target(clause, part, near_at)


def _near_target(clause: _Clause, part: list[Tag], at: int) -> Target:
    """In "waters within 4 A of the ligand" what comes before the word is kept, what comes after is the thing."""
    head, tail = part[:at], part[at:]
    distances = [tag for tag in part if tag.kind == "distance"]
    clause.used.update(id(tag) for tag in tail if tag.kind in ("near", "distance"))
    clause.used.update(id(tag) for tag in distances)
    if len({tag.value for tag in distances}) > 1:
        raise _Unsure
    rest = [tag for tag in tail if tag.kind not in ("near", "distance")]
    # "what residues of the protein contact it": the only thing may stand before the word as well.
    thing = _plain_target(clause, rest)
    if thing is None:
        raise _Unsure
    kept = _plain_target(clause, [tag for tag in head if tag.kind != "distance"]) or Target()
    if not kept.word and clause.verb != "select" and any(tag.kind == "unit" for tag in head):
        kept = kept.model_copy(update={"word": "protein"})
    clause.used.update(id(tag) for tag in part if tag.kind == "unit")
    angstrom = float(distances[0].value) if distances else _NEAR_ANGSTROM
    return kept.model_copy(update={"near_angstrom": angstrom, "near": thing})


def _plain_target(clause: _Clause, part: list[Tag]) -> Target | None:
    if _has(part, "site"):
        clause.used.update(id(tag) for tag in part if tag.kind in ("site", "unit"))
        extra = _filters(
            clause, [tag for tag in part if tag.kind != "site" and not (tag.kind == "word" and tag.value == "ligand")]
        )
        clause.used.update(id(tag) for tag in part if tag.kind == "word" and tag.value == "ligand")
        if extra.is_everything or not extra.resi:
            return _SITE if extra.is_everything else _SITE.with_base(extra)
        return extra  # "the active site asp 25": the residue says it exactly
    not_at = next((n for n, tag in enumerate(part) if tag.kind == "not"), None)
    if not_at is not None:
        clause.used.add(id(part[not_at]))
        before, after = _filters(clause, part[:not_at]), _filters(clause, part[not_at + 1 :])
        if not before.is_everything or after.is_everything:
            raise _Unsure
        return after.model_copy(update={"negated": True})
    named = [tag for tag in part if tag.kind in _TARGET_KINDS]
    return _filters(clause, part) if named else None


def _filters(clause: _Clause, part: list[Tag]) -> Target:
    fields: dict[str, str] = {}
    for tag in part:
        if tag.kind not in _TARGET_KINDS:
            continue
        clause.used.add(id(tag))
        for key, value in _fields(tag):
            if fields.get(key, value) != value:
                if key != "word" or not _VAGUE & {value, fields[key]}:
                    raise _Unsure
                value = value if fields[key] in _VAGUE else fields[key]  # "all waters" is "waters"
            fields[key] = value
    if fields.get("word") == "all":
        del fields["word"]
    if fields.get("word") == "it" and len(fields) > 1:
        del fields["word"]
    return Target.model_validate(fields)


def _fields(tag: Tag) -> list[tuple[str, str]]:
    if tag.kind == "residue":
        resn, _, resi = tag.value.partition(":")
        return [("resn", resn), *([("resi", resi)] if resi else [])]
    key = {"ligand_name": "resn", "atom": "name"}.get(tag.kind, tag.kind)
    return [(key, tag.value)]


def _or_all(targets: list[Target]) -> list[Target]:
    return targets or [Target()]


def _one(targets: list[Target]) -> Target:
    if len(targets) > 1:
        raise _Unsure
    return targets[0] if targets else Target()


# -- verbs -----------------------------------------------------------------------------------------------------


def _color(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    if clause.has("background"):
        return _background(clause)
    key, color = clause.one("key"), clause.one("color")
    rep = clause.one("rep") if clause.has("rep") and (color or key) else ""
    targets = clause.targets()
    if (
        key == "chain"
        and not clause.has("unit", "chains")
        and "differ" in _texts(clause, "key")
        and "chain" not in _texts(clause, "key")
    ):
        raise _Unsure
    if key == "element" and color:
        painted = [target.model_copy(update={"element": "C"}) for target in _whole(targets)]
        return [
            *(Spectrum(key="element", targets=_as_tuple(t)) for t in _whole(targets)),
            *(Color(color=color, targets=(t,)) for t in painted),
        ]
    if key:
        whole = [t for t in _or_all(targets) if key != "element" or t.element != "C"]
        clause.all("unit", "two")
        return [Spectrum.model_validate({"key": key, "targets": _as_tuple(target)}) for target in whole]
    clause.all("unit", "two")
    if not color:
        raise _Unsure
    steps: list[AnyStep] = [Color(color=color, targets=_as_tuple(target)) for target in _or_all(targets)]
    if rep:
        steps = [*_shown(clause, rep, targets), *steps]
    return steps


def _texts(clause: _Clause, kind: str) -> str:
    return " ".join(tag.text for part in clause.parts for tag in part if tag.kind == kind)


def _whole(targets: list[Target]) -> list[Target]:
    """Carbons named on their own stand for the whole in "by element with green carbons"."""
    found = [target.model_copy(update={"element": ""}) for target in _or_all(targets)]
    return [t for n, t in enumerate(found) if t not in found[:n] and (not t.is_everything or len(found) == 1)] or found[
        :1
    ]


def _as_tuple(target: Target) -> tuple[Target, ...]:
    return () if target.is_everything else (target,)


def _background(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "background")
    color = clause.one("color")
    if not color:
        raise _Unsure
    return [Background(color=color)]


def _show(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    if clause.has("background"):
        return _background(clause)
    if clause.has("key"):
        return _color(clause)
    if clause.has("style"):
        return _preset(clause)
    if clause.has("fact"):
        return _tell(clause)
    if clause.has("transparency") or clause.has("thin"):
        return _setting(clause)
    rep, color = clause.one("rep"), clause.one("color")
    only = clause.take("only")
    clause.take("unit")
    clause.take("two")
    targets = clause.targets()
    if not targets and not rep and not color:
        raise _Unsure
    if color and not rep:
        return [Color(color=color, targets=_as_tuple(target)) for target in _or_all(targets)]
    steps = _only(rep, targets) if only else _shown(clause, rep, targets)
    return steps + [Color(color=color, targets=_as_tuple(target)) for target in _or_all(targets) if color]


def _only(rep: str, targets: list[Target]) -> list[AnyStep]:
    target = _one(targets)
    if rep and (target.is_everything or target.part):
        whole = target.model_copy(update={"part": ""})
        return [Show.model_validate({"verb": "as", "representation": rep, "targets": _as_tuple(whole)})]
    rest = target.model_copy(update={"negated": not target.negated})
    hide = Show(verb="hide", representation="everything", targets=(rest,))
    show = Show.model_validate({"verb": "show", "representation": rep or _usual(target), "targets": (target,)})
    return [hide, show]


def _shown(clause: _Clause, rep: str, targets: list[Target]) -> list[AnyStep]:
    steps: list[AnyStep] = []
    for target in _or_all(targets):
        whole = target.word in _WHOLE_WORDS and not (
            target.part or target.resi or target.resn or target.near or target.name
        )
        replaces = bool(rep) and clause.has("prep", "as") and rep not in ("surface", "mesh", "dots", "labels")
        verb = "as" if replaces and (whole or target.word in ("ligand", "water", "metal", "ion")) else "show"
        fields = {"verb": verb, "representation": rep or _usual(target), "targets": _as_tuple(target)}
        steps.append(Show.model_validate(fields))
    return steps


def _usual(target: Target) -> str:
    if target.part or target.resi or target.resn or target.near:
        return "nb_spheres" if target.word == "water" else "sticks"
    return _USUAL.get(target.word, "sticks" if target.word or target.name else "cartoon")


def _hide(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    rep = clause.one("rep")
    clause.take("unit")
    targets = clause.targets()
    if not rep and not targets:
        raise _Unsure
    made = {"verb": "hide", "representation": rep or "everything"}
    return [Show.model_validate({**made, "targets": _as_tuple(target)}) for target in _or_all(targets)]


def _unlabel(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    return [Show(verb="hide", representation="labels", targets=_as_tuple(t)) for t in _or_all(clause.targets())]


def _select(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "name_it")
    name = clause.one("free_name")
    clause.take("unit")
    targets = clause.targets()
    if not targets:
        raise _Unsure
    return [Select(name=name or "sele", targets=(_one(targets),))]


def _look(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    clause.take("unit")
    return [Look.model_validate({"verb": clause.verb, "targets": _as_tuple(_one(clause.targets()))})]


def _reset(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    return [Reset()]


def _turn(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "near")
    if clause.has("rep") or clause.has("color"):
        return _without_verb(clause)  # "turn the protein into a surface"
    axis, angle = clause.one("axis_word"), clause.one("number")
    clause.take("word")
    return [Turn.model_validate({"axis": axis or "y", "angle_deg": float(angle or 90)})]


def _setting(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    relative = _relative(clause)
    name = clause.one("thin")
    is_transparency = clause.take("transparency") and not name
    percent, number, rep = clause.one("percent"), clause.one("number"), clause.one("rep")
    value = float(number) if number else float(percent) / 100 if percent else 0.5 if is_transparency else relative
    if is_transparency:
        name = {"surface": "transparency", "cartoon": "cartoon_transparency", "sticks": "stick_transparency",
                "spheres": "sphere_transparency", "": "transparency"}.get(rep, "")  # fmt: skip
    if not name or value is None or value < 0:
        raise _Unsure
    if value > 1 and "transparency" in name:
        value /= 100
    target = _one(clause.targets())
    steps: list[AnyStep] = []
    if rep and clause.verb in ("show", "add"):
        steps.append(Show.model_validate({"verb": "show", "representation": rep, "targets": _as_tuple(target)}))
    if target.word == "it":
        target = Target()
    return [*steps, Setting(setting=name, value=f"{value:g}", targets=_as_tuple(target))]


def _relative(clause: _Clause) -> float | None:
    """The value of "thicker" without a number."""
    text = " ".join(tag.text for part in clause.parts for tag in part if tag.kind == "thin")
    if re.search(r"thinner|thin", text):
        return _THINNER
    return _THICKER if re.search(r"thick|fatter", text) else None


def _label(clause: _Clause) -> list[AnyStep]:
    if clause.has("file"):
        return _save(clause)  # "write the ligand to lig.pdb"
    clause.all("verb")
    what = clause.one("label")
    clause.take("unit")
    targets = clause.targets()
    if not targets:
        raise _Unsure
    return [Label.model_validate({"what": what or "residue", "targets": (target,)}) for target in targets]


def _measure(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    both = clause.take("two")
    found: list[Target] = []
    for part in clause.parts:
        for piece in _cut(part):
            target = _plain_target(clause, piece)
            if target is not None and target.word != "it":
                found.append(target)
    clause.all("near", "unit")
    wanted = {"distance": 2, "angle": 3, "dihedral": 4}[clause.verb]
    if len(found) == 1 and both:
        return [Measure.model_validate({"verb": clause.verb, "targets": tuple(found)})]
    if len(found) != wanted:
        raise _Unsure
    return [Measure.model_validate({"verb": clause.verb, "targets": tuple(found)})]


def _cut(part: list[Tag]) -> list[list[Tag]]:
    """In "from X to Y" the words between are the cuts."""
    pieces: list[list[Tag]] = [[]]
    for tag in part:
        if tag.kind in ("near", "conj") or (tag.kind == "prep" and tag.value == "to"):
            pieces.append([])
        else:
            pieces[-1].append(tag)
    return pieces


def _hbonds(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "near")
    targets = [t for part in clause.parts for piece in _cut(part) if (t := _plain_target(clause, piece)) is not None]
    if len(targets) > 2:
        raise _Unsure
    if len(targets) == 1:
        targets.append(Target(word="protein") if targets[0].word != "protein" else _LIGAND)
    return [Contacts(targets=tuple(targets or [_LIGAND, Target(word="protein")]))]


def _count(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    units = [tag.value for tag in clause.all("unit")]
    targets = clause.targets()
    target = _one(targets)
    if target.word == "ligand" and not units:
        return [Count(unit="ligands", targets=_as_tuple(target.model_copy(update={"word": ""})))]
    if target.is_everything and not units:
        raise _Unsure
    if target.element and not units:
        units = ["atoms"]
    return [Count.model_validate({"unit": units[0] if units else "residues", "targets": _as_tuple(target)})]


def _tell(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "mean", "name_it", "label")
    fact = clause.one("fact")
    units = [tag.value for tag in clause.all("unit")]
    near = clause.has("near") or clause.has("site")
    target = _one(clause.targets())
    if not fact:
        fact = _asked(target, units, near)
    if not fact:
        raise _Unsure
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


def _cut_atoms(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    only = clause.take("only")
    clause.take("unit")
    targets = clause.targets()
    if not targets or (clause.verb == "remove" and clause.has("rep")):
        if clause.verb == "remove" and clause.has("rep"):
            return _hide(clause)
        raise _Unsure
    if clause.verb == "remove" and len(targets) == 1:
        name = targets[0].object or targets[0].selection
        if targets[0].text in (f"object={name}", f"selection={name}"):
            return [Switch(verb="delete", name=name)]
    if clause.verb == "keep":
        return [Cut(verb="keep", targets=(_one(targets),))]
    if only:
        raise _Unsure
    return [Cut(verb="remove", targets=(target,)) for target in targets]


def _switch(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    name = clause.one("object")
    if not name:
        raise _Unsure
    return [Switch.model_validate({"verb": clause.verb, "name": name})]


def _rename(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "unit")
    name = clause.one("object", "selection")
    new = [tag for part in clause.parts for tag in part if tag.kind in ("unknown", "free_name")]
    if not name or len(new) != 1:
        raise _Unsure
    clause.used.add(id(new[0]))
    return [Rename(name=name, new_name=new[0].value)]


def _extract(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "new_object", "name_it", "unit")
    name = clause.one("free_name")
    targets = clause.targets()
    if not targets:
        raise _Unsure
    target = _one(targets)
    usual = target.object or target.word or (f"chain_{target.chain}" if target.chain else "part")
    verb = "copy" if clause.verb == "copy" else "extract"
    return [
        Extract.model_validate(
            {"verb": verb, "name": name or f"{usual}_copy" if verb == "copy" else name or usual, "targets": (target,)}
        )
    ]


def _align(clause: _Clause) -> list[AnyStep]:
    clause.all("verb")
    found: list[Target] = []
    for part in clause.parts:
        for piece in _cut(part):
            target = _plain_target(clause, piece)
            if target is not None:
                found.append(target)
    if len(found) != 2:
        raise _Unsure
    return [Align(targets=tuple(found))]


def _hydrogens(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "word")
    return [Hydrogens()]


def _save(clause: _Clause) -> list[AnyStep]:
    file, kind = clause.one("file"), clause.one("picture")
    if any(re.search("picture|shot|image", tag.text) for tag in clause.all("verb", "name_it", "background")):
        kind = kind or "picture"
    name = clause.one("free_name")
    target = _one(clause.targets())
    if not file:
        if not kind:
            raise _Unsure
        stem, ending = {"picture": ("figure", "png"), "pse": ("session", "pse"), "pdb": ("structure", "pdb")}[kind]
        file = f"{name or stem}.{ending}"
    return [Save(file=file, targets=() if file.endswith(("png", "pse")) else _as_tuple(target))]


def _preset(clause: _Clause) -> list[AnyStep]:
    clause.all("verb", "rep")
    clause.all("picture")
    styles = [tag.value for tag in clause.all("style")]
    style = "publication" if "publication" in styles else styles[0]
    return [Preset.model_validate({"style": style, "targets": _as_tuple(_one(clause.targets()))})]


def _make(clause: _Clause) -> list[AnyStep]:
    """For "make", "set", "turn into": what is made says what to do."""
    return _without_verb(clause)


def _without_verb(clause: _Clause) -> list[AnyStep]:
    clause.take("verb", "make")
    for kind, handler in _BY_KIND:
        if clause.has(kind):
            return handler(clause)
    if clause.has("ask", "exists") and not clause.has("ask", "which"):
        return _count(clause)
    if clause.has("ask") or clause.has("site") or clause.has("near"):
        return _tell(clause)
    raise _Unsure


_Handler = Callable[[_Clause], list[AnyStep]]
_BY_KIND: tuple[tuple[str, _Handler], ...] = (
    ("background", _background), ("transparency", _setting), ("thin", _setting), ("fact", _tell), ("style", _preset),
    ("key", _color), ("rep", _show), ("color", _color), ("file", _save), ("picture", _save), ("only", _show),
)  # fmt: skip
_HANDLERS: dict[str, _Handler] = {
    "color": _color, "show": _show, "hide": _hide, "remove": _cut_atoms, "keep": _cut_atoms, "select": _select,
    "zoom": _look, "center": _look, "orient": _look, "reset": _reset, "turn": _turn, "label": _label,
    "unlabel": _unlabel, "count": _count, "distance": _measure, "angle": _measure, "dihedral": _measure,
    "hbonds": _hbonds, "save": _save, "rename": _rename, "extract": _extract, "copy": _extract, "align": _align,
    "enable": _switch, "disable": _switch, "h_add": _hydrogens, "make": _make,
}  # fmt: skip
