"""Judges Python that PyMOL would evaluate for a command, by its syntax tree; nothing is ever evaluated here."""

from __future__ import annotations

import ast
import re

from ..core.atom_properties import ATOM_PROPERTIES

PROPERTIES = frozenset({*ATOM_PROPERTIES, "label", "elec_radius", "stereo", "state", "x", "y", "z"})
_WRITABLE = PROPERTIES - {"model", "index", "oneletter", "state", "explicit_degree", "explicit_valence"}
# Names that `spectrum` has of its own.
_OF_SPECTRUM = frozenset({"count", "pc", "fc"})
_FUNCTIONS = frozenset({"str", "int", "float", "round", "len"})
_METHODS = frozenset({"upper", "lower", "strip"})
# fmt: off
_PLAIN = (
    ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.JoinedStr,
    ast.FormattedValue, ast.Subscript, ast.Slice, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)
_NUMBERS = (
    ast.Expression, ast.Constant, ast.Name, ast.Tuple, ast.List, ast.UnaryOp, ast.UAdd, ast.USub, ast.BinOp, ast.Add,
    ast.Sub, ast.Mult, ast.Div, ast.Load,
)
# fmt: on
_MAX_NUMBER = 10**6
_WIDE = re.compile(r"\d{4,}|\*")


def reads_only(expression: str) -> bool:
    """True when `iterate` or `label` with this expression only looks at properties of atoms."""
    tree = _tree(expression, "exec")
    return isinstance(tree, ast.Module) and all(isinstance(line, ast.Expr) and _plain(line.value) for line in tree.body)


def assigns_properties(expression: str) -> bool:
    """True when `alter` with this expression only gives properties of atoms new values."""
    tree = _tree(expression, "exec")
    return isinstance(tree, ast.Module) and all(_assignment(line) for line in tree.body)


def assigned(expression: str) -> tuple[str, ...]:
    """The properties that `alter` with this expression would change."""
    tree = _tree(expression, "exec")
    nodes = ast.walk(tree) if tree else ()
    return tuple(
        dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    )


def colours_by(expression: str) -> bool:
    """True when `spectrum` with this expression only reads numbers of atoms."""
    if expression in _OF_SPECTRUM:
        return True
    tree = _tree(expression, "eval")
    return isinstance(tree, ast.Expression) and _plain(tree.body)


def is_literal(text: str) -> bool:
    """True for a number or a string as Python writes it."""
    tree = _tree(text, "eval")
    return isinstance(tree, ast.Expression) and isinstance(tree.body, ast.Constant)


def is_harmless_value(text: str) -> bool:
    """True for a value, such as `[1, 0.5, red]`, that PyMOL's `safe_eval` cannot run code from.

    It evaluates names to strings but any other Python for real, `().__class__` and calls included. Text that is no
    Python at all is harmless.
    """
    try:
        tree = ast.parse(text.lstrip(" \t"), mode="eval")
    except SyntaxError:
        return True
    except (ValueError, RecursionError, MemoryError):
        return False  # PyMOL may get further with it
    return all(isinstance(node, _NUMBERS) and _small(node) for node in ast.walk(tree))


def _tree(text: str, mode: str) -> ast.AST | None:
    try:
        return ast.parse(text.strip(), mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _assignment(line: ast.stmt) -> bool:
    if isinstance(line, ast.Assign):
        return all(_target(target) for target in line.targets) and _plain(line.value)
    return isinstance(line, ast.AugAssign) and _target(line.target) and _small(line.op) and _plain(line.value)


def _target(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(_target(item) for item in node.elts)
    return isinstance(node, ast.Name) and node.id in _WRITABLE


def _plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in PROPERTIES
    if isinstance(node, ast.Call):
        return _is_known_call(node) and all(_plain(item) for item in node.args)
    return isinstance(node, _PLAIN) and _small(node) and all(_plain(child) for child in ast.iter_child_nodes(node))


def _is_known_call(node: ast.Call) -> bool:
    if node.keywords:
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in _FUNCTIONS
    return isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS and _plain(node.func.value)


def _small(node: ast.AST) -> bool:
    """Nothing that would take PyMOL's time or memory: huge numbers, powers, shifts, paddings."""
    if isinstance(node, (ast.Pow, ast.LShift, ast.MatMult)):
        return False
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return abs(node.value) <= _MAX_NUMBER
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return not _WIDE.search(ast.unparse(node.format_spec))
    return not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _pads(node.left))


def _pads(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_WIDE.search(node.value))
