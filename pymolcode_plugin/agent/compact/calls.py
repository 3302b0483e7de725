"""Compiles a step to tool calls; the model never writes PyMOL syntax, and every target was resolved before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...core.errors import ToolFailed
from ...core.scene import SceneSnapshot
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
from .targets import Target, selection
from .words import words

NEAREST_PAIR = "(nearest pair)"
_OF_BONDS = {"stick_radius", "stick_transparency", "line_width"}


@dataclass(frozen=True)
class Call:
    """One call through the door."""

    tool: str
    arguments: dict[str, Any]


@dataclass
class Scope:
    """What the words of a request refer to.

    Attributes:
        scene: As it was when the request came.
        it: What was spoken of last; empty at the start of a chat, when "it" is everything.
        mentioned: Selections of this request so far; "other" is the rest of them.
    """

    scene: SceneSnapshot
    it: tuple[Target, ...] = ()
    mentioned: list[str] = field(default_factory=list)

    def select(self, target: Target) -> str:
        """The target as a PyMOL selection."""
        spoken_of = self.mentioned or [selection(thing) for thing in self.it if thing.word not in ("it", "other")]
        found = selection(target, others=" or ".join(f"({text})" for text in spoken_of))
        return f"({found}) and enabled" if self._means_visible(target) else found

    def _means_visible(self, target: Target) -> bool:
        """Where an object is switched off, "the protein" is the one that is seen."""
        is_off = any(not item.enabled for item in self.scene.objects if item.type == "object:molecule")
        return is_off and bool(target.word) and not (target.object or target.selection or target.negated)

    def named(self, step: AnyStep) -> list[AnyStep]:
        """The step with "it" replaced; once for each of the things that "it" stands for."""
        if isinstance(step, (Rename, Switch)) and step.name == "it" and self.it:
            return [step.model_copy(update={"name": self.it[-1].object or self.it[-1].selection or "it"})]
        if not any(target.word == "it" for target in step.targets):
            return [step]
        things = self.it or (Target(),)
        if len(step.targets) > 1:
            things = things[-1:]
        return [step.model_copy(update={"targets": _replaced(step.targets, thing)}) for thing in things]

    def mention(self, steps: list[AnyStep]) -> None:
        """Remember what was done to what."""
        targets = [target for step in steps for target in step.targets if target.word != "other"]
        self.mentioned += [self.select(target) for target in targets]
        things = [thing for step in steps for thing in spoken_of(step)]
        if things:
            self.it = tuple(dict.fromkeys(things))

    def new_name(self, stem: str) -> str:
        """A name that is not taken."""
        taken = {*self.scene.object_names(), *(item.name for item in self.scene.selections)}
        if stem not in taken:
            return stem
        return next(name for n in range(2, 1000) if (name := f"{stem}_{n}") not in taken)

    def chains(self) -> list[str]:
        """Polymer chains of all objects, each once."""
        return list(dict.fromkeys(chain.chain for item in self.scene.objects for chain in item.chains))


def spoken_of(step: AnyStep) -> list[Target]:
    """What "it" means after a step: the thing it made, else what it was done to."""
    if isinstance(step, Extract):
        return [Target(object=step.name)]
    if isinstance(step, Select):
        return [Target(selection=step.name)]
    if isinstance(step, Switch):
        return [Target(object=step.name)]
    if isinstance(step, Rename):
        return [Target(object=step.new_name)]
    return [target for target in step.targets if target.word != "other"]


def _replaced(targets: tuple[Target, ...], thing: Target) -> tuple[Target, ...]:
    filled = []
    for target in targets:
        if target.word == "it":
            target = _part_of(target.model_copy(update={"word": ""}), thing)
        if not target.is_everything:
            filled.append(target)
    return tuple(filled)


def _part_of(target: Target, thing: Target) -> Target:
    """Its carbons: both together; of a neighbourhood it is the atoms of what was found, which is another thing."""
    if target.is_everything or thing.near is None:
        return target.with_base(thing)
    return target.model_copy(update={"within": thing})


def compile_step(step: AnyStep, scope: Scope) -> list[Call]:
    """The calls that do a step; none for steps that are only words.

    Raises:
        ToolFailed: The step makes no sense in this scene; the message says why.
    """
    compiler = _COMPILERS.get(type(step))
    return compiler(step, scope) if compiler else []


def measured(step: Measure, scope: Scope) -> tuple[Target, ...]:
    """The targets between which to measure; one target stands for its copies in different chains."""
    wanted = {"distance": 2, "angle": 3, "dihedral": 4}[step.verb]
    if len(step.targets) == wanted:
        return tuple(_filled(target, step.targets) for target in step.targets)
    chains = scope.chains()
    if len(step.targets) == 1 and not step.target.chain and len(chains) == wanted:
        return tuple(step.target.model_copy(update={"chain": chain}) for chain in chains)
    raise ToolFailed(f"A {step.verb} needs {wanted} atoms or residues.", hint="Name each with its chain.")


def _filled(target: Target, others: tuple[Target, ...]) -> Target:
    """The atom or chain said once for all: "the CA of residue 10 of chain A and of residue 20"."""
    for key in ("name", "chain"):
        if target.resi and not getattr(target, key):
            said = {getattr(other, key) for other in others} - {""}
            if len(said) == 1 and all(other.resi for other in others):
                target = target.model_copy(update={key: said.pop()})
    return target


def _run(*commands: str) -> list[Call]:
    return [Call("run_pymol", {"commands": "\n".join(commands)})]


_MEASURED = ("distance", "angle", "dihedral", "area")


def _ask(what: str, *selections: str) -> list[Call]:
    tool = "measure" if what in _MEASURED else "query_atoms"
    return [Call(tool, {"what": what, "selections": list(selections)})]


def _color(step: Color, scope: Scope) -> list[Call]:
    return _run(f"color {_color_name(step.color)}, {scope.select(step.target)}")


def _color_name(color: str) -> str:
    return words().color_values.get(color, color)


def _spectrum(step: Spectrum, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    commands: dict[str, tuple[str, ...]] = {
        "b": (f"spectrum b, blue_white_red, {sel}",),
        # Of everything only the polymer: ligands keep the colours of their elements.
        "chain": ("util.cbc polymer" if step.target.is_everything else f"util.cbc {sel}",),
        "ss": (f"color green, ({sel}) and polymer", f"color red, ({sel}) and ss H", f"color yellow, ({sel}) and ss S"),
        "rainbow": (f"spectrum count, rainbow, ({sel}) and polymer",),
        "element": (f"util.cnc ({sel})",),
        "residue": (f"spectrum resn, rainbow, ({sel}) and polymer",),
    }
    return _run(*commands[step.key])


def _show(step: Show, scope: Scope) -> list[Call]:
    return _run(f"{step.verb} {step.representation}, {scope.select(step.target)}")


def _select(step: Select, scope: Scope) -> list[Call]:
    return _run(f"select {step.name}, {scope.select(step.target)}")


def _look(step: Look, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    return _run(f"zoom {sel}, 4" if step.verb == "zoom" and not step.target.is_everything else f"{step.verb} {sel}")


def _reset(_step: Reset, _scope: Scope) -> list[Call]:
    return _run("reset")


def _turn(step: Turn, _scope: Scope) -> list[Call]:
    return _run(f"turn {step.axis}, {step.angle_deg:g}")


def _background(step: Background, _scope: Scope) -> list[Call]:
    return _run(f"bg_color {_color_name(step.color)}")


def _setting(step: Setting, scope: Scope) -> list[Call]:
    if step.target.is_everything:
        return _run(f"set {step.setting}, {step.value}")
    # PyMOL takes these for parts of an object only as a property of bonds.
    verb = "set_bond" if step.setting in _OF_BONDS else "set"
    return _run(f"{verb} {step.setting}, {step.value}, {scope.select(step.target)}")


def _label(step: Label, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    expression = {"residue": "resn+resi", "number": "resi", "element": "elem"}.get(step.what, step.what)
    if step.what == "b":
        expression = '"%.1f"%b'
    if not step.target.name and step.what not in ("name", "b", "element"):
        # One label a residue: on its CA or C4', and on one atom of what has neither.
        sel = f"first ({sel})" if step.target.word == "ligand" else f"({sel}) and guide"
    return _run(f"label {sel}, {expression}")


def _measure(step: Measure, scope: Scope) -> list[Call]:
    selections = [scope.select(target) for target in measured(step, scope)]
    name = scope.new_name(step.verb)
    if step.verb == "distance" and any(not target.name for target in step.targets):
        # Between more than single atoms the nearest pair counts; the answer of the first call names it.
        return [*_ask("distance", *selections), Call("run_pymol", {"commands": f"distance {name}, {NEAREST_PAIR}"})]
    return _ask(step.verb, *selections) + _run(f"{step.verb} {name}, {', '.join(selections)}")


def with_nearest_pair(call: Call, text: str) -> Call:
    """Put the pair of atoms that `text`, the answer about a distance, names into a call that waits for it."""
    commands = call.arguments.get("commands", "")
    pair = re.search(r"(/\S+) to (/\S+?)[.;]?(?=\s|$)", text)
    if NEAREST_PAIR not in commands or pair is None:
        return call
    return Call(call.tool, {"commands": commands.replace(NEAREST_PAIR, ", ".join(pair.groups()))})


def _contacts(step: Contacts, scope: Scope) -> list[Call]:
    selections = [scope.select(target) for target in step.targets]
    return _run(f"distance {scope.new_name('hbonds')}, {selections[0]}, {selections[-1]}, mode=2")


def _count(step: Count, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    if step.unit == "objects":
        return [Call("scene_state", {})]
    if step.unit == "heavy":
        sel = f"({sel}) and not hydro"
    what = {"atoms": "count", "heavy": "count", "residues": "count", "chains": "chains", "ligands": "ligands"}[
        step.unit
    ]
    return _ask(what, f"({sel}) and polymer" if step.unit == "chains" and step.target.is_everything else sel)


def _tell(step: Tell, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    if step.fact in ("objects", "scene"):
        return [Call("scene_state", {})]
    what = {"sasa": "area"}.get(step.fact, step.fact)
    return _ask(what, f"({sel}) and polymer" if step.fact == "chains" and step.target.is_everything else sel)


def _cut(step: Cut, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    return _run(f"remove {sel}" if step.verb == "remove" else f"remove not ({sel})")


def _switch(step: Switch, _scope: Scope) -> list[Call]:
    return _run(f"{step.verb} {step.name}")


def _rename(step: Rename, _scope: Scope) -> list[Call]:
    return _run(f"set_name {step.name}, {step.new_name}")


def _extract(step: Extract, scope: Scope) -> list[Call]:
    verb = "create" if step.verb == "copy" else "extract"
    return _run(f"{verb} {scope.new_name(step.name)}, {scope.select(step.target)}")


def _align(step: Align, scope: Scope) -> list[Call]:
    return _run(f"align {scope.select(step.targets[0])}, {scope.select(step.targets[1])}")


def _hydrogens(step: Hydrogens, scope: Scope) -> list[Call]:
    return _run(f"h_add {scope.select(step.target)}")


def _save(step: Save, scope: Scope) -> list[Call]:
    if step.file.endswith("png"):
        return _run(f"png {step.file}")
    sel = "" if step.target.is_everything else f", {scope.select(step.target)}"
    return _run(f"save {step.file}{sel}")


def _preset(step: Preset, scope: Scope) -> list[Call]:
    sel = scope.select(step.target)
    base = (f"hide everything, {sel}", f"show cartoon, ({sel}) and polymer", f"show sticks, ({sel}) and organic")
    looks: dict[str, tuple[str, ...]] = {
        "simple": (*base, f"util.cbc ({sel}) and polymer"),
        "pretty": (*base, f"util.cbc ({sel}) and polymer", f"util.cnc ({sel}) and organic"),
        "publication": (
            *base, f"util.cbc ({sel}) and polymer", f"util.cnc ({sel}) and organic", "set cartoon_fancy_helices, 1",
            "set cartoon_highlight_color, grey50", "set ray_trace_mode, 1", "bg_color white",
        ),
        "ballandstick": (
            f"hide everything, {sel}", f"show sticks, {sel}", f"show spheres, {sel}", f"set stick_radius, 0.14, {sel}",
            f"set sphere_scale, 0.25, {sel}",
        ),
        "default": (*base, f"show nb_spheres, ({sel}) and solvent", f"util.cnc ({sel})"),
    }  # fmt: skip
    return _run(*looks[step.style])


_COMPILERS: dict[type[Any], Callable[[Any, Scope], list[Call]]] = {
    Color: _color, Spectrum: _spectrum, Show: _show, Select: _select, Look: _look, Reset: _reset, Turn: _turn,
    Background: _background, Setting: _setting, Label: _label, Measure: _measure, Contacts: _contacts, Count: _count,
    Tell: _tell, Cut: _cut, Switch: _switch, Rename: _rename, Extract: _extract, Align: _align, Hydrogens: _hydrogens,
    Save: _save, Preset: _preset,
}  # fmt: skip
