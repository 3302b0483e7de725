"""What a click, a name or an expression points at: its kind, words for it, and an expression that stays true.

Standard library only: `menus` needs it before any dependency is there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_OBJECT_KINDS = {
    "object:molecule": "object",
    "object:map": "map",
    "object:volume": "map",
    "object:surface": "surface",
    "object:mesh": "surface",
    "object:group": "group",
    "selection": "selection",
}
_WHOLE = {"all": "everything loaded", "visible": "what is shown"}
_FIELDS = "model, chain, resn, resi, name, alt, index"


class Target(NamedTuple):
    """One thing to ask about.

    Attributes:
        kind: A key of resources/questions.yaml, e.g. `residue` or `map`.
        label: Words for a person, e.g. "1hpv/A/ASP`25".
        expression: What PyMOL resolves when the message is sent.
    """

    kind: str
    label: str
    expression: str


class _Atom(NamedTuple):
    model: str
    chain: str
    resn: str
    resi: str
    name: str
    alt: str
    number: int


def at_atom(cmd: Any, clicked: str) -> tuple[Target, ...]:
    """The residue (or ligand, water, ion) of an atom first, then the atom, its chain and its object.

    Call on PyMOL's thread.

    Args:
        cmd: The `pymol.cmd` module.
        clicked: Expression of the atom; of several the first counts.

    Raises:
        Exception: As PyMOL raises it: it is no selection; IndexError where it matches nothing.
    """
    atom = _first(cmd, clicked)
    exact = f"({atom.model}`{atom.number})"
    chain = f"{atom.model}/{atom.chain}" if atom.chain else atom.model
    residue = f"{chain}/{atom.resn}`{atom.resi}"
    macro = f"/{atom.model}//{atom.chain}"
    found = [
        Target(_class_of(cmd, exact), residue, _stable(cmd, f"{macro}/{atom.resn}`{atom.resi}", f"(byres {exact})")),
        Target("atom", f"{residue}/{atom.name}", _stable(cmd, _atom_macro(macro, atom), exact)),
    ]
    if atom.chain:
        found.append(Target("chain", chain, _stable(cmd, macro, f"(bychain {exact})")))
    return (*found, Target("object", atom.model, f"%{atom.model}"))


def named(cmd: Any, what: str) -> Target:
    """What an expression or a name means, as words for a person; call on PyMOL's thread.

    Raises:
        Exception: As PyMOL raises it: it is no selection; LookupError where it matches nothing.
    """
    whole = what.strip(" ()")
    if whole in _WHOLE:
        return Target("scene", _WHOLE[whole], whole)
    if what.lstrip("%") in cmd.get_names("all"):
        name = what.lstrip("%")
        return Target(_OBJECT_KINDS.get(cmd.get_type(name), "drawing"), name, name)
    n_atoms = cmd.count_atoms(what)
    if not n_atoms:
        raise LookupError(f"`{what}` matches no atom")
    for target in reversed(at_atom(cmd, what)[:-1]):  # the smallest that it fills counts
        if cmd.count_atoms(target.expression) == n_atoms == cmd.count_atoms(f"({what}) and ({target.expression})"):
            return Target(target.kind, target.label, what)
    objects = cmd.get_object_list(f"({what})") or []
    return Target("selection", f"{n_atoms:,} atoms of {', '.join(objects[:3])}", what)


def _first(cmd: Any, expression: str) -> _Atom:
    atoms: list[_Atom] = []
    cmd.iterate(
        f"first ({expression})", f"keep({_FIELDS})", space={"keep": lambda *values: atoms.append(_Atom(*values))}
    )
    return atoms[0]


def _class_of(cmd: Any, atom: str) -> str:
    for word, kind in (("polymer", "residue"), ("organic", "ligand"), ("solvent", "water"), ("inorganic", "ion")):
        if cmd.count_atoms(f"{atom} and {word}"):
            return kind
    return "residue"


def _atom_macro(macro: str, atom: _Atom) -> str:
    alt = f"`{atom.alt}" if atom.alt else ""
    return f"{macro}/{atom.resn}`{atom.resi}/{atom.name}{alt}"


def _stable(cmd: Any, macro: str, exact: str) -> str:
    """The macro, which outlives a removed atom, where it means the same; names can hold its own signs (`O5*`)."""
    try:
        same = cmd.count_atoms(macro) == cmd.count_atoms(exact) == cmd.count_atoms(f"({macro}) and {exact}")
    except Exception:  # noqa: BLE001  # border: a name that PyMOL cannot read in a macro
        same = False
    return macro if same else exact
