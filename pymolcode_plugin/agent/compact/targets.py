"""What a step is about, in a biologist's words, and its compilation to a PyMOL selection; never PyMOL itself."""

from __future__ import annotations

import re

from pydantic import Field

from ...core.scene import Frozen

_HYDROPHOBIC = "ALA+VAL+LEU+ILE+MET+PHE+TRP+PRO"
_ACIDIC = "ASP+GLU"
_BASIC = "LYS+ARG+HIS+HIE+HID+HIP"

# A word of the step language and the selection it stands for.
WORDS: dict[str, str] = {
    "all": "all",
    "protein": "polymer.protein",
    "nucleic": "polymer.nucleic",
    "ligand": "organic",
    "water": "solvent",
    "metal": "metals",
    "ion": "inorganic",
    "hydrogens": "hydro",
    "helix": "(polymer and ss H)",
    "sheet": "(polymer and ss S)",
    "loop": "(polymer and not ss H+S)",
    "hydrophobic": f"(polymer and resn {_HYDROPHOBIC})",
    "polar": "(polymer and resn SER+THR+ASN+GLN+TYR+CYS+HIS)",
    "charged": f"(polymer and resn {_ACIDIC}+LYS+ARG)",
    "acidic": f"(polymer and resn {_ACIDIC})",
    "basic": f"(polymer and resn {_BASIC})",
    "aromatic": "(polymer and resn PHE+TYR+TRP+HIS)",
    "other": "other",
    "it": "it",
}
PARTS: dict[str, str] = {"sidechain": "sidechain", "backbone": "backbone"}

# Fields in the order they are written, each at most once; the grammar follows the same order.
FILTERS: dict[str, str] = {
    "object": "%",
    "selection": "%",
    "chain": "chain ",
    "resn": "resn ",
    "resi": "resi ",
    "name": "name ",
    "element": "elem ",
    "b": "b ",
}
_VALUE = re.compile(r"[A-Za-z0-9_.+:'*<>-]+")


class Target(Frozen):
    """A part of the scene. Empty filters do not filter; values of a filter are alternatives joined by `+`.

    `near_angstrom` with `near` keeps what is that close to `near`, without `near` itself: whole residues, or single
    atoms where an atom name or an element is given. `within` is a target of its own that this one is a part of, as in
    "their CA atoms"; it has no written form.
    """

    word: str = ""
    part: str = ""
    object: str = ""
    selection: str = ""
    chain: str = ""
    resn: str = ""
    resi: str = ""
    name: str = ""
    element: str = ""
    b: str = Field(default="", description="A comparison of B-factors, e.g. `>50`, in square Angstrom.")
    near_angstrom: float | None = None
    near: Target | None = None
    within: Target | None = None
    negated: bool = Field(default=False, description="Everything but this.")

    @property
    def text(self) -> str:
        """The step language's form, e.g. `protein chain=A near=4:ligand`."""
        pieces = [piece for piece in (self.word, self.part) if piece]
        pieces += [f"{key}={getattr(self, key)}" for key in FILTERS if getattr(self, key)]
        if self.within is not None:
            pieces.append(f"of ({self.within.text})")
        if self.near is not None and self.near_angstrom is not None:
            pieces.append(f"near={self.near_angstrom:g}:{self.near.text.replace(' ', ',')}")
        return ("all but " if self.negated else "") + (" ".join(pieces) or "all")

    @property
    def is_everything(self) -> bool:
        """True when nothing narrows it."""
        return self.text == "all"

    def with_base(self, base: Target) -> Target:
        """This target with the empty fields of `base` filled in."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return base.model_copy(update={name: value for name, value in own.items() if value})


def parse_target(text: str) -> Target:
    """Read the step language's form of a target.

    Raises:
        ValueError: A word or filter is unknown, repeated, or has no value.
    """
    text = text.strip()
    negated = text.startswith("all but ")
    fields: dict[str, object] = {"negated": negated}
    for piece in text.removeprefix("all but ").split():
        key, value = _piece(piece)
        if key in fields:
            raise ValueError(f"'{key}' is said twice in '{text}'")
        fields[key] = value
        if key == "near":
            distance, _, thing = piece.removeprefix("near=").partition(":")
            fields["near_angstrom"] = float(distance)
            fields["near"] = parse_target(thing.replace(",", " "))
    target = Target.model_validate(fields)
    return target.model_copy(update={"word": ""}) if target.text == "all" and not negated else target


def _piece(piece: str) -> tuple[str, str]:
    key, equals, value = piece.partition("=")
    if equals:
        if key != "near" and (key not in FILTERS or not _VALUE.fullmatch(value)):
            raise ValueError(f"'{piece}' is not a filter")
        return key, value
    if piece in WORDS:
        return "word", piece
    if piece in PARTS:
        return "part", piece
    raise ValueError(f"'{piece}' is not a word for a part of the scene")


def selection(target: Target, *, others: str = "") -> str:
    """Compile to a PyMOL selection expression.

    Args:
        target: What to compile; the word `it` must have been replaced by what it stands for.
        others: Selection that the word `other` is the rest of.
    """
    terms = [_word(target.word, others)] if target.word not in ("", "all", "it") else []
    for key, prefix in FILTERS.items():
        value = getattr(target, key)
        if value:
            terms.append(_filter(key, prefix, value))
    part = f"polymer and {PARTS[target.part]}" if target.part else ""
    if target.near is not None and target.near_angstrom is not None:
        expression = _near(target, " and ".join(terms) or "all", _grouped(selection(target.near, others=others)))
        expression = f"{expression} and {part}" if part else expression
    else:
        expression = " and ".join([part, *terms] if part else terms) or "all"
    if target.within is not None:
        expression = f"({expression}) and ({selection(target.within, others=others)})"
    return f"not ({expression})" if target.negated else expression


def _near(target: Target, expression: str, thing: str) -> str:
    close = f"{_grouped(expression)} within {target.near_angstrom:g} of {thing}"
    is_atoms = target.name or target.element or target.word == "hydrogens"
    return f"({close if is_atoms else f'byres ({close})'}) and not {thing}"


def _grouped(expression: str) -> str:
    return f"({expression})" if " " in expression and not expression.startswith("(polymer and ") else expression


def _word(word: str, others: str) -> str:
    if word == "other":
        return f"not ({others})" if others else "all"
    return WORDS[word]


def _filter(key: str, prefix: str, value: str) -> str:
    if key in ("object", "selection"):
        names = [f"{prefix}{name}" for name in value.split("+")]
        return names[0] if len(names) == 1 else f"({' or '.join(names)})"
    return prefix + value
