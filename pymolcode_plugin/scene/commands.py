"""Reads command text as PyMOL's own parser would, without running it: which commands, with which arguments."""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field
from pymol import colorprinting, parsing
from pymol.parser import py_delims

from ..core.scene import Frozen
from .command_arguments import selections_in

Kind = Literal["command", "python", "script", "unknown", "comment"]
_OPENS_BLOCK = (parsing.PYTHON_BLOCK, parsing.SKIP)
_SWALLOWS_REST = (*_OPENS_BLOCK, parsing.EMBED)


class Command(Frozen):
    """One command, as PyMOL's parser reads it.

    Attributes:
        name: Full name of the command; empty for Python, scripts and what PyMOL does not know.
        arguments: Text by name of the parameter; those without a name are numbered from "0". Empty where PyMOL
            refuses the arguments.
        text: The exact piece.
        line: Of the text, 0-based, where the command begins.
        kind: `unknown` is what PyMOL refuses to read, such as an ambiguous abbreviation.
        selections: Values of those arguments that are atom selections.
    """

    name: str
    arguments: dict[str, str] = Field(default_factory=dict)
    text: str
    line: int = 0
    kind: Kind = "command"
    selections: tuple[str, ...] = ()


@dataclass
class _Layer:
    """What PyMOL's parser remembers between lines, for a line and for what follows its first `;`."""

    continued: str = ""
    continued_from: int = 0
    sentinel: str | None = None
    block: list[str] = field(default_factory=list)
    block_at: int = 0


def parse(cmd: Any, text: str) -> tuple[Command, ...]:
    """The commands of a text that is typed line by line, in order.

    A command that PyMOL would refuse ends its line there; what follows it is listed all the same, because only
    running it would show whether it fails.
    """
    reader = _Reader(cmd)
    for number, line in enumerate(text.splitlines()):
        reader.read(_without_prefix(line), number)
    reader.finish()
    return tuple(reader.commands)


def _without_prefix(line: str) -> str:
    """PyMOL takes pasted prompts, and a mark that suppresses the echo, off a line."""
    if line.startswith("PyMOL>"):
        return line.removeprefix("PyMOL>").removeprefix(" ")
    return line[2:] if line.startswith("_ ") else line


class _Reader:
    """Follows `pymol.parser.Parser._parse` step by step; the layers are PyMOL's nesting."""

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._layers: dict[int, _Layer] = {}
        self.commands: list[Command] = []

    def read(self, line: str, number: int) -> None:
        """One line, and what of it follows each `;`."""
        depth = 1
        left: tuple[str, int] | None = (line, number)
        while left is not None:
            left = self._read_first(*left, self._layers.setdefault(depth, _Layer()))
            depth += 2  # PyMOL's nesting is two deep for each `;`: one of its own, one of the parser's

    def finish(self) -> None:
        """What was left open counts as if it had been closed."""
        for layer in list(self._layers.values()):
            if layer.sentinel is not None:
                self._close_block(layer)
        first = self._layers.get(1, _Layer())
        left, first.continued = first.continued, ""
        self.read(left, first.continued_from)

    def _read_first(self, line: str, number: int, layer: _Layer) -> tuple[str, int] | None:
        """Returns what is left for the next layer, and its line."""
        if layer.sentinel is not None:
            self._read_in_block(layer, line)
            return None
        line = line.rstrip()
        if not line:
            return None
        if line.endswith("\\"):
            layer.continued_from = layer.continued_from if layer.continued else number
            layer.continued = layer.continued + "\n" + line[:-1] if layer.continued else line[:-1]
            return None
        if layer.continued:
            line, number = layer.continued + "\n" + line, layer.continued_from
            layer.continued = ""
        return self._read_whole(layer, line, number)

    def _read_whole(self, layer: _Layer, line: str, number: int) -> tuple[str, int] | None:
        if not line.strip(";"):
            return None  # PyMOL's splitter fails on it
        pieces = parsing.split(line, ";", 1)
        takes_rest = self._read_piece(layer, pieces[0], line, number)
        return (pieces[1], number) if len(pieces) > 1 and not takes_rest else None

    def _read_piece(self, layer: _Layer, piece: str, line: str, number: int) -> bool:
        """Returns True where the command takes the rest of the line as its own."""
        word, _, rest = piece.partition(" ")
        word = word.strip()
        if word.startswith("/") or (rest and rest.split(" ", 1)[0] in py_delims):
            self._python(piece, number)
            return False
        name = full_name(self._cmd, word)
        if name is None:
            self.commands.append(Command(name="", text=piece, line=number, kind="unknown"))
        elif name not in self._cmd.keyword:
            self._no_keyword(piece, number)
        else:
            return self._keyword(layer, name, piece, line, number)
        return False

    def _no_keyword(self, piece: str, number: int) -> None:
        if piece.startswith("@"):
            self.commands.append(Command(name="", text=piece, line=number, kind="script"))
        else:
            self._python(piece, number)

    def _python(self, piece: str, number: int) -> None:
        if not piece.strip().removeprefix("/").strip():
            return
        kind: Kind = "comment" if _is_comment(piece) else "python"
        self.commands.append(Command(name="", text=piece, line=number, kind=kind))

    def _keyword(self, layer: _Layer, name: str, piece: str, line: str, number: int) -> bool:
        mode = self._cmd.keyword[name][4]
        if mode == parsing.PYTHON:
            self._python(piece, number)
            return False
        # Only literal arguments keep the line breaks of a continued line.
        text = line if mode >= parsing.LITERAL else (line if mode == parsing.MOVIE else piece).replace("\n", "")
        accepted = mode >= parsing.NO_CHECK or _old_arguments(self._cmd, name, text) is not None
        if mode in _OPENS_BLOCK and accepted and self._open_block(layer, name, text, number):
            return True
        arguments = bind(self._cmd, name, text)
        selections = selections_in(name, arguments)
        self.commands.append(Command(name=name, arguments=arguments, text=text, line=number, selections=selections))
        return mode >= parsing.LITERAL or mode == parsing.MOVIE or (mode in _SWALLOWS_REST and accepted)

    def _open_block(self, layer: _Layer, name: str, text: str, number: int) -> bool:
        is_python = self._cmd.keyword[name][4] == parsing.PYTHON_BLOCK
        names = ("sentinel", "skip") if is_python else ("sentinel",)
        defaults = {"sentinel": f"{name} end", "skip": 0} if is_python else {"sentinel": f"{name} end"}
        with _silent():
            try:
                values = parsing.apply_arg(parsing.parse_arg(text, _self=self._cmd), names, defaults)
            except Exception:  # noqa: BLE001  # border: whatever PyMOL's parser raises, it refuses the line
                return False
        if not values or (not is_python and values[0] == "end"):
            return False
        layer.sentinel, layer.block, layer.block_at = values[0], [text], len(self.commands)
        self.commands.append(Command(name=name, text=text, line=number, kind="python" if is_python else "command"))
        return True

    def _read_in_block(self, layer: _Layer, line: str) -> None:
        layer.block.append(line.rstrip())
        if line.strip() == layer.sentinel:
            self._close_block(layer)

    def _close_block(self, layer: _Layer) -> None:
        head = self.commands[layer.block_at]
        self.commands[layer.block_at] = head.model_copy(update={"text": "\n".join(layer.block)})
        layer.sentinel = None


def full_name(cmd: Any, word: str) -> str | None:
    """The command a word or an abbreviation stands for; the word itself when it is none; None when ambiguous."""
    if word not in cmd.kwhash:
        return word
    meant = cmd.kwhash.interpret(word)
    if meant is None:
        return ""
    return meant if isinstance(meant, str) else None


def bind(cmd: Any, name: str, text: str) -> dict[str, str]:
    """The arguments of one command by parameter; empty where PyMOL would refuse them."""
    function, *_, mode = cmd.keyword[name][:5]
    if mode < parsing.NO_CHECK:
        values = _old_arguments(cmd, name, text) or ()
        return _named(function, [(None, value) for value in values], mode)
    with _silent():
        try:
            given = parsing.parse_arg(text, mode=mode, _self=cmd)
        except Exception:  # noqa: BLE001  # border: whatever PyMOL's parser raises, it refuses the line
            return {}
    return _named(function, given, mode)


def first_parameter(cmd: Any, name: str) -> str:
    """Name of what a command takes first; empty where it takes nothing."""
    code = inspect.unwrap(cmd.keyword[name][0]).__code__
    return str(code.co_varnames[0]) if code.co_argcount else ""


def _old_arguments(cmd: Any, name: str, text: str) -> list[str] | None:
    """Arguments in the style PyMOL is leaving behind; None where it refuses their number."""
    _, least, most, separator, _ = cmd.keyword[name][:5]
    _, has_arguments, rest = text.partition(" ")
    if rest and not rest.strip(separator):
        return None  # PyMOL's splitter fails on it
    values: list[str] = parsing.split(rest, separator) if has_arguments and rest else []
    at = 0
    while at < len(values) - 1:
        if values[at].count("(") == values[at].count(")"):
            at += 1
        else:
            values[at : at + 2] = [f"{values[at].strip()},{values[at + 1].strip()}"]
            at = 0
    values = [] if values == [""] else values
    return [value.strip() for value in values] if least <= len(values) <= most else None


def _named(function: Any, given: Sequence[tuple[str | None, str | None]], mode: int) -> dict[str, str]:
    code = inspect.unwrap(function).__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if mode == parsing.LEGACY:
        # `set name=value` means `set name, value`.
        given = [item for key, value in given for item in _legacy(key, value, names)]
    bound: dict[str, str] = {}
    for number, (key, value) in enumerate(given):
        is_positional = number < code.co_argcount
        bound[key or (names[number] if is_positional else str(number))] = value or ""
    return bound


def _legacy(key: str | None, value: str | None, names: Sequence[str]) -> list[tuple[str | None, str | None]]:
    return [(key, value)] if key is None or key in names else [(None, key), (None, value)]


def _is_comment(piece: str) -> bool:
    if not all(not line.strip() or line.strip().startswith("#") for line in piece.splitlines()):
        return False
    with contextlib.suppress(SyntaxError, ValueError):
        return not ast.parse(piece.strip()).body
    return False


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """PyMOL's parser prints what it cannot read; here nothing runs yet."""
    original = colorprinting.error
    colorprinting.error = lambda *_args, **_kwargs: None
    try:
        yield
    finally:
        colorprinting.error = original
