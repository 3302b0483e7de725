"""Checks words and names in arguments against the running PyMOL, with an error that says what there is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ..core.errors import ArgumentsInvalid, ToolFailed
from ..core.ports import ScenePort, Vocabulary

Selection = Annotated[str, Field(min_length=1, max_length=5000)]
Name = Annotated[str, Field(max_length=200)]
_MAX_LISTED = 60
_HEX = re.compile(r"(?:0x|#)([0-9a-fA-F]{6})")


async def need_word(scene: ScenePort, kind: Vocabulary, word: str) -> str:
    """The word in full, where PyMOL knows it or it is the beginning of exactly one that PyMOL knows.

    Raises:
        ArgumentsInvalid: It knows none; the hint names those it knows, or the closest.
    """
    known = await scene.vocabulary(kind)
    begun = [item for item in known if word and item.startswith(word)]
    if word in known or len(begun) == 1:
        return word if word in known else begun[0]
    raise ArgumentsInvalid(f"PyMOL has no {kind} `{word}`.", hint=_allowed(word, known))


async def need_color(scene: ScenePort, color: str) -> None:
    """Raises ArgumentsInvalid unless it is a colour PyMOL knows or 0xRRGGBB."""
    if not _HEX.fullmatch(color):
        await need_word(scene, "color", color)


def color_value(color: str) -> str:
    """A colour as PyMOL takes it."""
    match = _HEX.fullmatch(color)
    return f"0x{match.group(1)}" if match else color


async def need_object(scene: ScenePort, name: str, *types: str) -> None:
    """Raises ToolFailed unless there is an object of that name, of one of the types where any are given."""
    objects = {key: type_ for key, type_ in (await scene.names()).items() if type_.startswith("object:")}
    fitting = [key for key, type_ in objects.items() if not types or type_ in types]
    if name in fitting:
        return
    wanted = f"{types[0].removeprefix('object:')} object" if types else "object"
    there = f"There are: {', '.join(fitting[:_MAX_LISTED])}." if fitting else "There is none."
    raise ToolFailed(f"There is no {wanted} named `{name}`.", hint=there)


async def need_new_name(scene: ScenePort, name: str) -> None:
    """Raises ArgumentsInvalid where PyMOL would change the name, because commands on it would fail afterwards."""
    if not name:
        raise ArgumentsInvalid("A name is missing.")
    legal = await scene.legal_name(name)
    if legal != name:
        raise ArgumentsInvalid(f"`{name}` is a selection keyword or no name for PyMOL.", hint=f"Use e.g. `{legal}`.")


async def need_free_name(scene: ScenePort, name: str) -> None:
    """As `need_new_name`, and nothing may have the name already."""
    await need_new_name(scene, name)
    taken = (await scene.names()).get(name)
    if taken:
        raise ArgumentsInvalid(f"There is already {_a(taken)} named `{name}`.", hint="Use another name.")


def _a(type_: str) -> str:
    return "a selection" if type_ == "selection" else f"an object ({type_.removeprefix('object:')})"


def _allowed(word: str, known: Iterable[str]) -> str:
    known = list(known)
    if not known:
        return "There is none."
    if len(known) <= _MAX_LISTED:
        return f"There are: {', '.join(known)}."
    close = difflib.get_close_matches(word, known, n=6, cutoff=0.5)
    inside = [item for item in known if word and (word in item or (item in word and len(item) > 3))]
    found = list(dict.fromkeys([*close, *inside]))[:10]
    return f"Close: {', '.join(found)}." if found else "See the tool `help`."
