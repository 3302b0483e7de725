"""Says what command text or calls would do, before anything runs: the classes, the effects, the files.

Every command is judged from what PyMOL's own source does with its arguments; what is not known to be harmless is EXEC.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pymol
import yaml

from ..config import paths
from ..core.risk import Assessment, Risk
from ..core.scene import Call, as_typed
from . import arguments, effects, file_scope, files, replacing
from .commands import Command, parse

_MAX_EFFECTS = 12
_FINAL = ("quit",)
# PyMOL and its window, which replaces some commands; plugins live in folders named startup below these.
_PACKAGES = (Path(pymol.__file__).parent, Path(pymol.__file__).parents[1] / "pmg_qt")


@functools.cache
def _classes() -> dict[str, Risk]:
    data = yaml.safe_load(paths.resource("command_classes.yaml").read_text(encoding="utf-8"))
    return {name: Risk[risk] for risk, names in data.items() for name in names}


def assess(cmd: Any, what: str | Sequence[Call]) -> Assessment:
    """Every class that occurs in command text or calls, and what each command would do to the scene as it is now."""
    commands = parse(cmd, what) if isinstance(what, str) else tuple(_command(call) for call in what)
    found = Assessment(risks=frozenset())
    if _is_left_open(cmd):
        found = Assessment(risks=frozenset({Risk.EXEC}), effects=("continues what was typed and left open before",))
    has_moved = False
    for command in commands:
        item = _one(cmd, command)
        if has_moved and Risk.FILE in item.risks:
            item = item.model_copy(update={"outside": True})  # relative to a folder that is not known yet
        has_moved = has_moved or command.name == "cd"
        found |= item
    return found.model_copy(update={"risks": found.risks or frozenset({Risk.READ}), "effects": _bounded(found.effects)})


def assess_file(cmd: Any, path: str, *, writes: bool) -> Assessment:
    """What reading or writing a file would do."""
    return file_scope.assess_file(path, writes=writes, expand=cmd.exp_path)


def only_reads(name: str) -> bool:
    """True for a command that never changes anything, whatever its arguments are."""
    return _classes().get(name) is Risk.READ and not arguments.depends_on_them(name)


def _one(cmd: Any, command: Command) -> Assessment:
    risk = _risk(cmd, command)
    name = command.name or (command.text.split() or [command.kind])[0]
    if command.kind == "comment":
        return Assessment()
    item = Assessment(risks=frozenset({risk}), commands=(name,), final=name in _FINAL)
    if risk is not Risk.EXEC:
        item |= files.assess(cmd, command) | replacing.assess(cmd, command)
    return item.model_copy(update={"effects": _distinct((*effects.of(cmd, command, item.risk), *item.effects))})


def _risk(cmd: Any, command: Command) -> Risk:
    """The class of one command but for its files; whatever is not surely less is EXEC."""
    if command.kind == "comment":
        return Risk.READ
    known = _classes().get(command.name)
    if command.kind != "command" or known is None or not _is_pymols_own(cmd, command.name):
        return Risk.EXEC
    return arguments.risk(cmd, command, known)


def _is_pymols_own(cmd: Any, name: str) -> bool:
    """False where an alias, a plugin or a script gave a command of PyMOL another meaning."""
    entry = cmd.keyword.get(name)
    code = getattr(inspect.unwrap(entry[0]), "__code__", None) if entry else None
    if code is None or code.co_name == "<lambda>":
        return False
    file = Path(code.co_filename)
    return any(file.is_relative_to(package) for package in _PACKAGES) and "startup" not in file.parts


def _is_left_open(cmd: Any) -> bool:
    """True where PyMOL's parser would add what comes to a block, or to a line, that is not finished."""
    parser = getattr(cmd, "_parser", None)
    layers = parser.layer.values() if parser else ()
    return any(layer.embed_sentinel is not None or layer.cont for layer in layers)


def _command(call: Call) -> Command:
    given = {key: as_typed(value) for key, value in call.arguments.items() if value is not None}
    return Command(name=call.command, arguments=given, text=call.text)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _bounded(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) <= _MAX_EFFECTS:
        return texts
    return (*texts[: _MAX_EFFECTS - 1], f"and {len(texts) - _MAX_EFFECTS + 1} more effects")
