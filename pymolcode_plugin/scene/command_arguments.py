"""Which arguments of PyMOL's commands are atom selections."""

from __future__ import annotations

from collections.abc import Mapping

# Parameters that are selections in every command that has them.
_EVERYWHERE = frozenset(
    {
        "selection", "selection1", "selection2", "selection3", "selection4",
        "sele", "sele1", "sele2", "atom1", "atom2", "atom3", "atom4",
    }
)  # fmt: skip
_ALIGNMENTS = ("align", "super", "cealign", "fit", "rms", "rms_cur", "update")
# Others by command; `copy TARGET, SOURCE` and `alignto` take names of objects.
_ALSO: dict[str, frozenset[str]] = {name: frozenset({"mobile", "target", "source"}) for name in _ALIGNMENTS} | {
    "extract": frozenset({"1"}),
    "pop": frozenset({"source"}),
    "get_sasa_relative": frozenset({"subsele"}),
    "pair_fit": frozenset(map(str, range(100))),
}
_NO_SELECTION = frozenset({"", "none", "same"})


def selections_in(name: str, arguments: Mapping[str, str]) -> tuple[str, ...]:
    """Values of the arguments of a command that are atom selections, in order."""
    names = _EVERYWHERE | _ALSO.get(name, frozenset())
    arguments = _as_meant(name, arguments)
    return tuple(value for key, value in arguments.items() if key in names and value not in _NO_SELECTION)


def _as_meant(name: str, arguments: Mapping[str, str]) -> Mapping[str, str]:
    """`select EXPRESSION` and `show SELECTION` have the selection where a name should be."""
    if name == "select" and "selection" not in arguments:
        return {"selection": arguments.get("name", "")}
    if name == "distance" and "selection1" in arguments:
        return {key: value for key, value in arguments.items() if key != "name"}
    return arguments
