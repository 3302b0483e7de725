"""Reads a request without a model, at once, and only where every word of it was understood.

It gives up (None) rather than guess: the model gets what it does not know.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from .clauses import Clause, Unsure, clauses, has, is_content, without_asides
from .follow_up import follow_up
from .language import (
    AnyStep,
    Background,
    Cannot,
    Chat,
    Color,
    Contacts,
    Label,
    Look,
    Measure,
    Select,
    Setting,
    Show,
    Turn,
)  # fmt: skip
from .slots import SceneNames, Tag, read
from .targets import Target
from .verbs import steps_of
from .words import words

_MAX_LEFT_OUT = 2
_MAX_OPEN = 2
_NEVER_HARMFUL = (Color, Show, Select, Look, Label, Measure, Contacts, Setting, Background, Turn)
# What must not have been done where a request says "but do not ...".
_DOES = {"remove": {"remove", "keep", "delete"}, "hide": {"hide", "as"}, "color": {"color", "spectrum"}}


def read_steps(request: str, names: SceneNames, before: Sequence[AnyStep] = ()) -> list[AnyStep] | None:
    """The steps of a request that is understood to the last word; None otherwise.

    Args:
        request: What the user wrote.
        names: The live scene's.
        before: The steps of the turn before, for "and chain B too".
    """
    talk = _small_talk(request)
    if talk is not None:
        return [talk]
    tags = without_asides(read(request, names))
    if has(tags, "thanks") and not any(is_content(tag) for tag in tags):
        return [Chat(topic="thanks")]
    try:
        steps = follow_up(tags, names, before) or _steps(tags, bool(before))
    except (Unsure, ValueError):
        steps = []
    if has(tags, "far") or (not steps and has(tags, "negated")):
        return [Cannot(topic="unsure")]  # a small model does what it is told not to do
    return [step for number, step in enumerate(steps) if step not in steps[:number]] or None


def read_most(request: str, names: SceneNames) -> tuple[list[AnyStep], list[str]] | None:
    """The steps without the one or two words that nobody knows, and these words, which the user must be told.

    Only steps that show, select or measure something that the rest of the request names, and only where the word does
    not stand before a general noun, which it would narrow ("the catalytic residues"). None otherwise.
    """
    tags = without_asides(read(request, names))
    unknown = [tag.text for tag in tags if tag.kind == "unknown"]
    if not 1 <= len(unknown) <= _MAX_LEFT_OUT or has(tags, "negated") or has(tags, "far"):
        return None
    said = [tag for tag in tags if tag.kind != "filler"]
    if any(tag.kind == "unknown" and _is_general(after) for tag, after in itertools.pairwise(said)):
        return None
    try:
        steps = _steps([tag for tag in tags if tag.kind != "unknown"], has_before=False)
    except (Unsure, ValueError):
        return None
    harmless = all(isinstance(step, _NEVER_HARMFUL) and (step.targets or not step.N_TARGETS[1]) for step in steps)
    return (steps, unknown) if steps and harmless else None


def _is_general(tag: Tag) -> bool:
    return tag.kind in ("unit", "unknown", "part") or tag.value in ("all", "it")


def read_parts(request: str, names: SceneNames, before: Sequence[AnyStep] = ()) -> list[AnyStep | str]:
    """The steps of the clauses that are understood, and the words of those that are not, in order.

    A small model does better on one short clause than on a whole request. Empty where nothing would be gained.
    """
    tags = without_asides(read(request, names))
    if has(tags, "negated") or has(tags, "far"):
        return []
    parts: list[AnyStep | str] = []
    done: list[AnyStep] = []
    try:
        for clause in clauses(tags):
            try:
                new = _clause_steps(clause, done, bool(before))
            except (Unsure, ValueError):
                parts.append(clause.text)
                continue
            done += new
            parts += new
    except Unsure:
        return []
    n_open = sum(isinstance(part, str) for part in parts)
    return parts if done and 0 < n_open <= _MAX_OPEN else []


def _steps(tags: list[Tag], has_before: bool) -> list[AnyStep]:
    steps: list[AnyStep] = []
    found = clauses(tags)
    stays = True in {clause.take("as_is") for clause in found}  # a set, so that every one counts as understood
    for clause in found:
        steps += _clause_steps(clause, steps, has_before)
    if stays and any(step.target.is_everything for step in steps):
        raise Unsure  # "color everything red and leave chain A as it is"
    return steps


def _clause_steps(clause: Clause, steps: list[AnyStep], has_before: bool) -> list[AnyStep]:
    """The steps of one clause, after those of the clauses before it."""
    if clause.is_used_up or _is_echo(clause, steps):
        return []
    if clause.has("word", "other") and not has_before and not any(step.targets for step in steps):
        raise Unsure
    if clause.has("negated") or (clause.verb == "keep" and steps and not clause.has("only")):
        _check_constraint(clause, steps)
        return []
    new = steps_of(clause)
    goes_on = any(step.targets for step in steps) and not clause.has("word")
    return [_of_it(step) for step in new] if goes_on else new


def _of_it(step: AnyStep) -> AnyStep:
    """A colour without a target goes on with what was named: "show the ligand as sticks and colour red"."""
    if isinstance(step, Color) and not step.targets:
        return step.model_copy(update={"targets": (Target(word="it"),)})
    return step


def _is_echo(clause: Clause, steps: list[AnyStep]) -> bool:
    """Whether it only asks to see what the step before draws anyway: "measure the angle and display it"."""
    drawn = steps and isinstance(steps[-1], (Measure, Contacts, Label, Select))
    tags = [tag for part in clause.parts for tag in part]
    return bool(drawn) and clause.verb == "show" and all(tag.kind == "verb" or tag.value == "it" for tag in tags)


def _check_constraint(clause: Clause, steps: list[AnyStep]) -> None:
    """A wish that something stays as it is; raises Unsure unless no step so far comes near it."""
    done = {step.verb for step in steps}
    if clause.has("negated"):
        forbidden = _DOES.get(clause.verb)
        if forbidden is None or done & forbidden or not steps:
            raise Unsure
        return
    kept, touched = clause.targets(), [target for step in steps for target in step.targets]
    simple = all(target.word and target == Target(word=target.word) for target in [*kept, *touched])
    if not kept or not touched or not simple or {t.word for t in kept} & {"it", "other", *(t.word for t in touched)}:
        raise Unsure


def _small_talk(request: str) -> AnyStep | None:
    text = request.lower().strip()
    for topic, phrase in words().small_talk.items():
        if re.fullmatch(phrase, text):
            return Chat.model_validate({"topic": topic})
    for topic, phrase in words().refusals.items():
        if re.search(phrase, text):
            return Cannot.model_validate({"topic": topic})
    return None
