"""Checks that text is one expression of atom properties, so that a slip is said before PyMOL evaluates it.

Whether it is safe is decided by the door, which assesses the call; here nothing is ever evaluated.
"""

from __future__ import annotations

import ast

from ..core.atom_properties import ATOM_PROPERTIES
from ..core.errors import ArgumentsInvalid

_FUNCTIONS = ("str", "int", "float", "round", "abs", "min", "max", "len")


def need_expression(text: str) -> str:
    """The expression without blanks around it.

    Raises:
        ArgumentsInvalid: It is no expression, or uses a name that is no atom property; the hint says what there is.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        reason = getattr(error, "msg", str(error))
        raise ArgumentsInvalid(
            f"`{text}` is no expression: {reason}.", hint='Put plain text in quotes, e.g. "active site".'
        ) from error
    unknown = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {*ATOM_PROPERTIES, *_FUNCTIONS}
    if unknown:
        raise ArgumentsInvalid(
            f"No atom property: {', '.join(sorted(unknown))}.",
            hint=f"Put plain text in quotes, or use {', '.join(ATOM_PROPERTIES[:15])}.",
        )
    return text.strip()
