"""What a loaded file became, in words a model and a person can read."""

from __future__ import annotations

import json

from ..core.counting import counted
from ..core.scene import LoadedFile, LoadedObject

_MAX_CHAINS = 12
_MAX_OBJECTS = 20


def describe(loaded: LoadedFile, title: str = "") -> str:
    """One line an object, with what PyMOL counted, and the file's own title where PyMOL did not keep it."""
    lines = [_object(item, item.title or title) for item in loaded.objects[:_MAX_OBJECTS]]
    left_out = len(loaded.objects) - len(lines)
    return "\n".join([*lines, f"and {left_out} more objects"] if left_out else lines)


def warnings(loaded: LoadedFile, asked: str) -> tuple[str, ...]:
    """That the object has another name than was asked for; nothing where it has that name."""
    names = [item.name for item in loaded.objects]
    if loaded.wanted:
        return (f"There was something named {loaded.wanted} already, so this is {', '.join(names)}.",)
    if asked and asked not in names:
        return (f"PyMOL does not take {asked} for a name, so this is {', '.join(names)}.",)
    return ()


def _object(item: LoadedObject, title: str) -> str:
    if item.values:
        size = " × ".join(f"{length:.0f}" for length in item.size_angstrom)
        lowest, highest, mean, deviation = item.values
        spread = f"values {lowest:.3g} to {highest:.3g}, mean {mean:.3g}, standard deviation {deviation:.3g}"
        return f"Object {item.name}: map of {size} Å, {spread}."
    if item.type != "object:molecule":
        return f"Object {item.name}: {item.type.removeprefix('object:')}."
    parts = [f"{item.n_atoms:,} atoms", counted(item.n_states, "state"), _chains(item)]
    # Quoted: it is the file's text, whatever it says.
    parts += [f"title {json.dumps(title, ensure_ascii=False)}"] if title else []
    return f"Object {item.name}: {', '.join(part for part in parts if part)}."


def _chains(item: LoadedObject) -> str:
    named = [chain or "(blank)" for chain in item.chains]
    more = f" and {len(named) - _MAX_CHAINS} more" if len(named) > _MAX_CHAINS else ""
    return f"chain{'' if len(named) == 1 else 's'} {' '.join(named[:_MAX_CHAINS])}{more}" if named else ""
