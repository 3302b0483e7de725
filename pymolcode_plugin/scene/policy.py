"""Classifies PyMOL command text by what it may do, split and abbreviated exactly as PyMOL's parser would."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pymol import parsing

from ..config import paths
from ..core.risk import Assessment, Risk
from ..core.scene import Call


@functools.cache
def _classes() -> dict[str, Risk]:
    data = yaml.safe_load(paths.resource("command_classes.yaml").read_text(encoding="utf-8"))
    return {name: Risk[risk] for risk, names in data.items() for name in names}


# Their expression is Python to PyMOL; only a plain list of atom properties and literals is less than EXEC.
_WITH_EXPRESSION = {
    "label": Risk.VIEW, "spectrum": Risk.VIEW, "iterate": Risk.READ, "iterate_state": Risk.READ,
    "alter": Risk.MODIFY, "alter_state": Risk.MODIFY,
}  # fmt: skip
# fmt: off
_WORDS = {
    "name", "resn", "resi", "resv", "chain", "segi", "elem", "alt", "b", "q", "ss", "type", "index", "ID", "rank",
    "color", "model", "x", "y", "z", "vdw", "formal_charge", "partial_charge", "oneletter", "numeric_type", "reps",
    "cartoon", "count",
}
# fmt: on
_EXPRESSION = re.compile(r"""(?:\s*(?:"[^"\\]*"|'[^'\\]*'|[A-Za-z_]\w*|[\d.]+|[-+*/%(),=<>])\s*)*""")
_LOADS_CODE = re.compile(r"\.(py|pym|pml|pse|psw|pze|pzw|pkl|pwg|p1m)(\.gz)?\s*(,|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(https?|ftp)://", re.IGNORECASE)
_PYTHON_ASSIGNMENT = re.compile(r"^\S+\s+([-+*/%&|^]|//|\*\*|<<|>>)?=(\s|$)")


def assess(cmd: Any, what: str | Sequence[Call]) -> Assessment:
    """Every class that occurs in command text or calls; empty text is READ."""
    if not isinstance(what, str):
        risks = {_classes().get(call.command, Risk.EXEC) for call in what}
        return Assessment(risks=frozenset(risks or {Risk.READ}), commands=tuple(call.command for call in what))
    risks = {_command(cmd, part) for line in what.splitlines() for part in split(line)}
    return Assessment(risks=frozenset(risks or {Risk.READ}))


def assess_file(path: str, *, writes: bool) -> Assessment:
    """What reading or writing a file would do."""
    inside = Path(path).expanduser().resolve().is_relative_to(Path.cwd())
    verb = "writes" if writes else "reads"
    return Assessment(risks=frozenset({Risk.FILE}), effects=(f"{verb} {path}",), outside=not inside)


def split(line: str) -> list[str]:
    """The commands of one line, as PyMOL's parser separates them."""
    return [part.strip() for part in parsing.split(line.rstrip(), ";") if part.strip()]


def _command(cmd: Any, command: str) -> Risk:
    if command.startswith("#"):
        return Risk.READ
    word, _, rest = command.partition(" ")
    if word.startswith(("/", "@")) or _PYTHON_ASSIGNMENT.match(command):
        return Risk.EXEC
    name = _full_name(cmd, word)
    if name in _WITH_EXPRESSION:
        return _expression_risk(name, rest)
    risk = _classes().get(name, Risk.EXEC)
    if name in ("load", "loadall") and _LOADS_CODE.search(rest):
        return Risk.EXEC
    return max(risk, Risk.NET) if _ADDRESS.search(rest) else risk


def _full_name(cmd: Any, word: str) -> str:
    if word in cmd.kwhash:
        resolved = cmd.kwhash.interpret(word)
        if isinstance(resolved, str):
            return resolved
        return word if resolved is None else ""
    return word


def _expression_risk(name: str, rest: str) -> Risk:
    pieces = [piece.strip() for piece in parsing.split(rest, ",")]
    at = {"spectrum": 0, "iterate_state": 2, "alter_state": 2}.get(name, 1)
    expression = ", ".join(pieces[at : at + 1] if name == "spectrum" else pieces[at:])
    expression = re.sub(r"^expression\s*=", "", expression)
    words = re.findall(r"[A-Za-z_]\w*", re.sub(r"\"[^\"]*\"|'[^']*'", "", expression))
    is_plain = _EXPRESSION.fullmatch(expression) is not None and set(words) <= _WORDS
    return _WITH_EXPRESSION[name] if is_plain else Risk.EXEC
