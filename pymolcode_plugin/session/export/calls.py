"""The PyMOL calls of a script's Python lines, read and never run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...core.replaying import ScriptLine


@dataclass(frozen=True)
class Called:
    """A call with what it was given as plain values; what is worked out when it runs is left out."""

    name: str
    positional: tuple[object, ...]
    named: dict[str, object]

    def argument(self, number: int, name: str) -> str:
        """One of its arguments as text; empty where it was not given."""
        if name in self.named:
            return str(self.named[name])
        return str(self.positional[number]) if number < len(self.positional) else ""


def calls(lines: Iterable[ScriptLine]) -> Iterator[Called]:
    """Each `cmd.NAME(...)` of the lines, in order."""
    for line in lines:
        try:
            tree = ast.parse(line.python)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (name := _name(node.func)):
                named = {item.arg: _value(item.value) for item in node.keywords if item.arg}
                yield Called(name, tuple(map(_value, node.args)), named)


def _name(function: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(function, ast.Attribute):
        parts.append(function.attr)
        function = function.value
    is_ours = isinstance(function, ast.Name) and function.id == "cmd"
    return ".".join(reversed(parts)) if is_ours else ""


def _value(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return ""
