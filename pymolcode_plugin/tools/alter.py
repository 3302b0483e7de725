"""Changes atom properties, coordinates excepted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.scene import Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import command_tool
from .expressions import need_expression
from .words import Selection

_Property = Literal[
    "b", "q", "vdw", "formal_charge", "partial_charge", "resi", "resn", "chain", "name", "segi", "ss", "elem", "type"
]
_FLOATS = ("b", "q", "vdw", "partial_charge")
# PyMOL orders atoms by these, and finds residues by that order.
_ORDERING = ("resi", "resn", "chain", "name", "segi")
_DRAWN = ("vdw", "ss", "elem")


class AlterArgs(ToolArgs):
    """Change a property of atoms."""

    selection: Selection
    property: _Property
    value: str = Field(max_length=500, description="Or = and an expression, e.g. =resv+100")


def _calls(args: AlterArgs) -> tuple[Call, ...]:
    alter = {"selection": args.selection, "expression": f"{args.property}={_value(args)}", "quiet": 0}
    calls = [Call(command="alter", arguments=dict(alter))]
    if args.property in _ORDERING:
        calls.append(Call(command="sort"))
    if args.property in _DRAWN:
        calls.append(Call(command="rebuild"))
    return tuple(calls)


def _value(args: AlterArgs) -> str:
    """The right side of the assignment, as Python.

    Raises:
        ArgumentsInvalid: It does not fit the property.
    """
    text = args.value.strip()
    if text.startswith("="):
        return need_expression(text[1:])
    if args.property in _FLOATS or args.property == "formal_charge":
        kind: type = int if args.property == "formal_charge" else float
        try:
            return repr(kind(text))
        except ValueError as error:
            raise ArgumentsInvalid(f"{args.property} takes {_NUMBERS[kind]}, not `{args.value}`.") from error
    allowed = _ALLOWED.get(args.property)
    if allowed and text not in allowed:
        named = ", ".join(repr(item) for item in allowed)
        raise ArgumentsInvalid(f"{args.property} takes one of {named}, not `{args.value}`.")
    return repr(text)


_NUMBERS = {int: "a whole number", float: "a number"}
_ALLOWED = {"ss": ("H", "S", "L", ""), "type": ("ATOM", "HETATM")}


async def _check(args: AlterArgs, _scene: ScenePort) -> None:
    _value(args)


async def _read_back(args: AlterArgs, _scene: ScenePort, outputs: tuple[CommandOutput, ...]) -> str:
    n_altered = outputs[0].value
    return f"{args.property} of {n_altered:,} atoms." if isinstance(n_altered, int) else ""


ALTER = command_tool(
    "alter",
    AlterArgs,
    _calls,
    lambda args: f"Set {args.property} of {args.selection} to {args.value}",
    selections=lambda args: (args.selection,),
    check=_check,
    read_back=_read_back,
)
