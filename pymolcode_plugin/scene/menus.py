"""Puts "Ask agent about this" into PyMOL's own context menus; asks nothing and changes nothing itself.

PyMOL's C code looks up `pymol.menu.NAME` at every click, so wrapping the functions there is enough. Standard library
only at import: PyMOL's start pays for it. Whatever fails here, PyMOL gets its original menu.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import pointed_at

if TYPE_CHECKING:
    from .pointed_at import Target

# An entry is [kind, text, command]: kind 0 a line, 1 an entry, 2 a title; the command is text for PyMOL's parser, or
# a list (a submenu), or a function that returns one once the mouse is on the entry.
Entry = list[Any]
_LINE: Entry = [0, "", ""]
_COLOR = r"\359"  # legible on the dark of a menu and on the white of the entry the mouse is on
LABEL = "Ask agent about this"
ABOUT_SCENE = "Ask agent about the scene"
_MARK = "_asks_pymolcode"
_MAX_CHARS = 60  # of a label in a menu


def install(module: Any = None) -> tuple[str, ...]:
    """Wrap the menus that are not wrapped yet; returns their names. To be called as often as one likes.

    Args:
        module: With the menus; `pymol.menu` by default.
    """
    if module is None:
        from pymol import menu as pymols  # noqa: PLC0415  # only in a PyMOL; there it is imported already

        module = pymols
    wrapped = []
    for name, (label, expression_of, targets_of) in _MENUS.items():
        original = getattr(module, name, None)
        if callable(original) and not getattr(original, _MARK, False):
            setattr(module, name, _wrapped(original, label, expression_of, targets_of))
            wrapped.append(name)
    return tuple(wrapped)


def _wrapped(
    original: Callable[..., Any],
    label: str,
    expression_of: Callable[..., str],
    targets_of: Callable[[Any, str], tuple[Target, ...]],
) -> Callable[..., Any]:
    """A menu with our entry below its title; another plugin may wrap this again, or have wrapped the original."""

    @functools.wraps(original)
    def menu(*args: Any, **kwargs: Any) -> Any:
        items = original(*args, **kwargs)
        try:
            cmd, *rest = args
            expression = expression_of(*rest, **kwargs)
            return _with_entry(items, label, lambda: _submenu(cmd, label, expression, targets_of))
        except Exception as error:  # noqa: BLE001  # border: PyMOL's menu must open, whatever is wrong with ours
            _note(error)
            return items

    setattr(menu, _MARK, True)
    return menu


def _with_entry(items: list[Entry], label: str, submenu: Callable[[], list[Entry]]) -> list[Entry]:
    """A copy with our entry; a menu that has it already stays as it is."""
    text = f"{_COLOR}{label}"
    if any(entry[1] == text for entry in items):
        return items
    n_titles = 1 if items and items[0][0] == 2 else 0  # PyMOL's own number for a title
    return [*items[:n_titles], [1, text, submenu], list(_LINE), *items[n_titles:]]


def _submenu(
    cmd: Any, label: str, expression: str, targets_of: Callable[[Any, str], tuple[Target, ...]]
) -> list[Entry]:
    """Questions about the first target; the others have menus of their own below. Read when the mouse is on it."""
    try:
        first, *others = targets_of(cmd, expression)
        below = [[1, f"{other.kind} {_short(other.label)}", _questions(other)] for other in others]
        return [*_questions(first), *([list(_LINE), *below] if below else [])]
    except Exception as error:  # noqa: BLE001  # border: an exception here would leave PyMOL's menu half drawn
        _note(error)
        return [[2, label, ""], [1, "my own question...", _command(expression)]]


def _questions(target: Target) -> list[Entry]:
    from . import questions  # noqa: PLC0415  # YAML costs PyMOL's start

    entries = [
        [1, question.entry, _command(target.expression, question.about(target.label))]
        for question in questions.about(target.kind)
    ]
    return [
        [2, _short(target.label), ""],
        [1, "my own question...", _command(target.expression)],
        list(_LINE),
        *entries,
    ]


def _command(expression: str, question: str = "") -> str:
    """For PyMOL's parser, which takes the rest of the line after `ask_agent` as one text."""
    line = f"ask_agent {expression}, question={question}" if question else f"ask_agent {expression}"
    return " ".join(line.replace("\\", " ").split())  # a backslash at the end would go on in the next line


def _short(label: str) -> str:
    """As PyMOL's menus can draw it: a backslash would be a colour there."""
    plain = "".join(char if " " <= char <= "~" and char != "\\" else "?" for char in label)
    return plain if len(plain) <= _MAX_CHARS else f"{plain[: _MAX_CHARS - 3]}..."


def _note(error: Exception) -> None:
    with contextlib.suppress(Exception):
        from .. import logs  # noqa: PLC0415  # structlog costs PyMOL's start

        logs.get("menus").warning("menu.failed", kind=type(error).__name__)


def _clicked(_title: str, selection: str) -> str:
    return selection


def _selected(selection: str, _title: str = "") -> str:
    return selection


def _scene(*_position: Any) -> str:
    return "visible"


def _in_scene(cmd: Any, expression: str) -> tuple[Target, ...]:
    """The scene, and each of its objects."""
    names = cmd.get_names("public_objects", enabled_only=1)
    return (pointed_at.named(cmd, expression), *(pointed_at.named(cmd, name) for name in names[:_MAX_OBJECTS]))


def _one(cmd: Any, expression: str) -> tuple[Target, ...]:
    return (pointed_at.named(cmd, expression),)


_MAX_OBJECTS = 12  # more would make the menu higher than the window
_MENUS: dict[str, tuple[str, Callable[..., str], Callable[[Any, str], tuple[Target, ...]]]] = {
    "pick_menu": (LABEL, _clicked, pointed_at.at_atom),
    "pick_sele": (LABEL, _selected, _one),
    "main_menu": (ABOUT_SCENE, _scene, _in_scene),
    **dict.fromkeys(
        (
            "sele_action", "mol_action", "group_action", "map_action", "surface_action", "mesh_action", "slice_action",
            "ramp_action", "simple_action", "all_action",
        ),
        (LABEL, _selected, _one),
    ),
}  # fmt: skip
