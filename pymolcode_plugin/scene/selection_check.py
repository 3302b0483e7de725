"""The check of a selection before anything runs on it: refused, empty with what is there instead, or with warnings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pymol

from ..core.errors import CommandFailed, SelectionEmpty
from ..core.scene import SelectionSummary
from . import selection_broken, selection_empty, selection_traps

_MAX_EXACT = 20_000  # atoms whose residues are counted one by one
# Hidden by its underscore; every further question about the selection costs no second evaluation.
_NAME = "_pymolcode_check"


def check(cmd: Any, selection: str) -> SelectionSummary:
    """Resolve a selection and look for known traps; call on PyMOL's thread.

    `n_residues` is exact up to 20,000 atoms; beyond, only polymer residues are counted (or waters without any).

    Raises:
        SelectionEmpty: It is valid and matches nothing; the hint says what is there instead.
        CommandFailed: PyMOL rejects it; carries its message and what was probably meant.
    """
    with _resolved(cmd, selection) as n_atoms:
        if not n_atoms:
            raise SelectionEmpty(
                f"The selection `{selection}` matches no atom.", hint=selection_empty.explain(cmd, selection)
            )
        objects, chains = tuple(cmd.get_object_list(_NAME)), tuple(cmd.get_chains(_NAME))
        match = selection_traps.Match(cmd, selection, _NAME, n_atoms, objects, chains)
        return SelectionSummary(
            selection=selection,
            n_atoms=n_atoms,
            n_residues=_n_residues(cmd, n_atoms),
            objects=objects,
            chains=chains,
            warnings=selection_traps.warnings(match),
        )


@contextlib.contextmanager
def _resolved(cmd: Any, selection: str) -> Iterator[int]:
    try:
        n_atoms = int(cmd.select(_NAME, selection, enable=0, quiet=1))
    except pymol.CmdException as error:
        raise refusal(cmd, selection, error) from error
    try:
        yield n_atoms
    finally:
        cmd.delete(_NAME)


def refusal(cmd: Any, selection: str, error: Exception) -> CommandFailed:
    """PyMOL's own words on a selection it cannot read, and what was probably meant."""
    text = " ".join(str(error).replace("Error:", "").split()) or "Invalid selection."
    hint = selection_broken.meant(cmd, selection, text)
    return CommandFailed(f"PyMOL cannot read the selection `{selection}`: {text}", hint=hint)


def _n_residues(cmd: Any, n_atoms: int) -> int:
    if n_atoms > _MAX_EXACT:
        return int(cmd.count_atoms(f"{_NAME} and guide") or cmd.count_atoms(f"{_NAME} and solvent and elem O"))
    residues: set[tuple[str, ...]] = set()
    note = {"note": lambda *key: residues.add(key)}
    cmd.iterate(_NAME, "note(model, segi, chain, resi, resn)", space=note, quiet=1)
    return len(residues)
