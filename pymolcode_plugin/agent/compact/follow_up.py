"""Reads requests that only make sense after the one before: "and chain B too", "the same for E and F, but in olive"."""

from __future__ import annotations

from collections.abc import Sequence

from .clauses import Clause, has, plain_target
from .language import AnyStep, Background, Color, Count, Cut, Label, Look, Measure, Setting, Show, Spectrum, Tell
from .slots import SceneNames, Tag
from .targets import Target

_REPEATABLE = (Color, Count, Cut, Label, Look, Setting, Show, Spectrum, Tell)
_LITTLE_WORDS = {"filler", "its", "same", "instead", "conj", "prep", "from", "not", "ask", "unit"}
_SAID = {"word", "part", "chain", "resi", "residue", "ligand_name", "atom", "element", "object", "selection"}
_CHANGED = {"color", "rep"}


def follow_up(tags: list[Tag], names: SceneNames, before: Sequence[AnyStep]) -> list[AnyStep]:
    """The steps before, said again for another target; empty where the request stands on its own."""
    if not before or not _is_elliptical(tags):
        return []
    tags = [_chain(tag, names) for tag in tags]
    if any(tag.kind not in _LITTLE_WORDS | _SAID | _CHANGED for tag in tags):
        return []
    clause = Clause([[tag] for tag in tags if tag.kind in _CHANGED])
    color, representation = clause.one("color"), clause.one("rep")
    said = [tag for tag in tags if tag.kind in _SAID]
    if not said and not color and not representation:
        return list(before) if has(tags, "same") and _repeats(tags) else []
    merged = _one_chain_tag(said)
    target = plain_target(clause, merged)
    if target is None and color and isinstance(before[-1], (Color, Background)):
        return [before[-1].model_copy(update={"color": color})]  # "no, white is better"
    if target is None and color and before[-1].targets:
        return [Color(color=color, targets=(Target(word="it"),))]  # "and in violet"
    if target is None or target.word in ("it", "other"):
        return []
    if isinstance(before[-1], Measure) and target == Target(resi=target.resi, resn=target.resn, name=target.name):
        return [before[-1].model_copy(update={"targets": tuple(_replaced(old, target) for old in before[-1].targets)})]
    repeated = [step for step in before if step.targets == before[-1].targets]
    if not all(isinstance(step, _REPEATABLE) for step in repeated):
        return []
    changed = [_changed(step, target, color, representation) for step in repeated]
    return [] if any(step is None for step in changed) else [step for step in changed if step is not None]


def _is_elliptical(tags: list[Tag]) -> bool:
    """It says "the same" or "what about", or begins with "and", and says nothing to do."""
    if has(tags, "verb"):
        return False
    first = next((tag for tag in tags if tag.kind != "filler"), None)
    return has(tags, "same") or (first is not None and first.kind == "conj")


def _repeats(tags: list[Tag]) -> bool:
    return any(
        tag.kind == "same" and ("more" in tag.text or "again" in tag.text or "repeat" in tag.text) for tag in tags
    )


def _chain(tag: Tag, names: SceneNames) -> Tag:
    """A letter alone is a chain here: "the same with E and F"."""
    is_letter = tag.kind == "unknown" and tag.value in names.chains
    return Tag("chain", tag.value, tag.text) if is_letter else tag


def _one_chain_tag(tags: list[Tag]) -> list[Tag]:
    chains = list(dict.fromkeys(tag.value for tag in tags if tag.kind == "chain"))
    rest = [tag for tag in tags if tag.kind != "chain"]
    return [*rest, Tag("chain", "+".join(chains))] if chains else rest


def _changed(step: AnyStep, target: Target, color: str, representation: str) -> AnyStep | None:
    """The step for the new target, with the new colour or representation; None where it cannot take them."""
    update: dict[str, object] = {"targets": (_replaced(step.target, target),)}
    if color:
        if not isinstance(step, Color):
            return None
        update["color"] = color
    if representation:
        if not isinstance(step, Show):
            return None
        update["representation"] = representation
    return step.model_copy(update=update)


def _replaced(old: Target, new: Target) -> Target:
    """Only what the new target says is replaced, where the old one said the same kind of thing."""
    said = {name: value for name in type(new).model_fields if (value := getattr(new, name))}
    return old.model_copy(update=said) if all(getattr(old, name) for name in said) else new
