"""Turns what the steps gave into sentences; every number and name in them was read from PyMOL."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from ...config import paths
from ...core.tool import ToolResult
from .language import (
    Align,
    AnyStep,
    Cannot,
    Chat,
    Contacts,
    Count,
    Look,
    Measure,
    Reset,
    Save,
    Select,
    Setting,
    Show,
    Tell,
    Turn,
)  # fmt: skip
from .targets import FILTERS, PARTS, Target

_LEADS = {
    "residues": "Residues", "sequence": "Sequence", "ligands": "Ligands", "chains": "Chains", "area": "Surface area",
    "sasa": "Surface area", "bfactor": "B-factors", "center": "Centre",
}  # fmt: skip
_WORD_NAMES = {"": "everything", "all": "everything", "it": "it", "other": "the rest", "nucleic": "the nucleic acid"}


@functools.cache
def sentences() -> dict[str, Any]:
    """The fixed sentences."""
    data: dict[str, Any] = yaml.safe_load(paths.resource("prompts/compact.yaml").read_text(encoding="utf-8"))
    return data


def words_only(step: AnyStep) -> str:
    """The answer of a step that does nothing; an empty string for the others."""
    if isinstance(step, Chat):
        return str(sentences()[step.topic])
    if isinstance(step, Cannot):
        return str(sentences()["cannot"][step.topic])
    return ""


def answer(step: AnyStep, results: list[ToolResult]) -> str:
    """One sentence or paragraph for a step that ran."""
    failed = next((result for result in results if not result.ok), None)
    if failed is not None:
        return f"**That did not work:** {failed.error}"
    text = results[0].text.strip() if results else ""
    if isinstance(step, Tell):
        lead = _LEADS.get(step.fact)
        where = "" if step.target.is_everything else f" of {described(step.target)}"
        body = f"\n\n```\n{text}\n```" if step.fact == "sequence" else f" {text}"
        return f"**{lead}{where}:**{body}" if lead else _as_list(text)
    if isinstance(step, Count):
        where = described(step.target)
        return f"**{where[:1].upper()}{where[1:]}:** {text}" if step.unit != "objects" else _as_list(text)
    if isinstance(step, Measure):
        return f"**{step.verb.capitalize()}:** {text}"
    changed = "; ".join(result.diff.text for result in results if result.diff)
    return f"{_done(step, text)}{': ' if changed else '.'}{changed}{'.' if changed else _unchanged(step)}"


def described(target: Target) -> str:
    """A target in words, e.g. "the ligand" or "chain A residue 25"."""
    pieces = [_WORD_NAMES.get(target.word, f"the {target.word}")] if target.word or target.is_everything else []
    if target.part:
        pieces.append({"sidechain": "side chains", "backbone": "backbone"}[target.part] if target.part in PARTS else "")
    names = {
        "resn": "",
        "resi": "residue ",
        "name": "atom ",
        "element": "element ",
        "b": "B-factor ",
        "object": "",
        "selection": "",
    }
    order = sorted(FILTERS, key=lambda key: key != "chain")
    pieces += [
        f"{names.get(key, key + ' ')}{getattr(target, key).replace('+', ', ')}" for key in order if getattr(target, key)
    ]
    text = " ".join(pieces)
    if target.near is not None:
        text = f"{text or 'what is'} within {target.near_angstrom:g} Å of {described(target.near)}"
    if target.within is not None:
        text = f"{text} of {described(target.within)}"
    return f"everything but {text}" if target.negated else text


def _done(step: AnyStep, text: str) -> str:
    target = described(step.target)
    if isinstance(step, Look):
        return f"{ {'zoom': 'Zoomed on', 'center': 'Centred on', 'orient': 'Oriented'}[step.verb] } {target}"
    if isinstance(step, Select):
        return f"Selection `{step.name}` holds {target}"
    if isinstance(step, Show):
        verb = {"show": "Showing", "hide": "Hid", "as": "Showing only"}[step.verb]
        return f"{verb} {'everything' if step.representation == 'everything' else step.representation} for {target}"
    if isinstance(step, Save):
        return f"Saved `{step.file}`"
    if isinstance(step, Turn):
        return f"Turned {step.angle_deg:g}° around {step.axis}"
    if isinstance(step, Reset):
        return "Everything is in view again"
    if isinstance(step, Contacts):
        return f"Hydrogen bonds between {described(step.targets[0])} and {described(step.targets[-1])}"
    if isinstance(step, Align):
        rms = next((line.strip() for line in text.splitlines() if "RMSD" in line or "RMS" in line), "")
        return f"Aligned {target} ({rms})" if rms else f"Aligned {target}"
    if isinstance(step, Setting):
        where = "" if step.target.is_everything else f" for {target}"
        return f"Set `{step.setting}` to {step.value}{where}"
    return "Done"


def _unchanged(step: AnyStep) -> str:
    return (
        ""
        if isinstance(step, (Look, Save, Turn, Reset, Contacts, Select, Setting))
        else " It was so already: nothing changed."
    )


def _as_list(text: str) -> str:
    return "\n".join(f"- {line}" for line in text.splitlines())
