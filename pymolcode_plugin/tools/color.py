"""Colours atoms: one colour, or by what they are."""

from __future__ import annotations

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.ports import ScenePort
from ..core.scene import Argument, Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import command_tool
from .words import Name, Selection, color_value, need_color, need_word

_SPECTRA = {"b": "blue_white_red", "q": "blue_white_red", "rainbow": "rainbow"}
_SCHEMES = ("element", "chain", "ss", *_SPECTRA)


class ColorArgs(ToolArgs):
    """Colour atoms. element keeps carbons; b, q, rainbow take palette and range."""

    selection: Selection
    color: Name = Field(description="A colour, 0xRRGGBB, or element|chain|ss|b|q|rainbow")
    palette: Name = Field(default="", description="e.g. blue_white_red")
    minimum: float | None = None
    maximum: float | None = None


def _calls(args: ColorArgs) -> tuple[Call, ...]:
    if args.color == "element":
        return (Call(command="util.cnc", arguments={"selection": args.selection}),)
    if args.color == "chain":
        return (Call(command="util.cbc", arguments={"selection": args.selection}),)
    if args.color == "ss":
        by_ss = {"polymer": "green", "ss H": "red", "ss S": "yellow"}
        return tuple(_color(color, f"({args.selection}) and {part}") for part, color in by_ss.items())
    if args.color in _SPECTRA:
        return (_spectrum(args),)
    return (_color(color_value(args.color), args.selection),)


def _color(color: str, selection: str) -> Call:
    return Call(command="color", arguments={"color": color, "selection": selection, "quiet": 0})


def _spectrum(args: ColorArgs) -> Call:
    arguments: dict[str, Argument] = {
        "expression": "count" if args.color == "rainbow" else args.color,
        "palette": args.palette or _SPECTRA[args.color],
        "selection": args.selection,
        "minimum": args.minimum,
        "maximum": args.maximum,
        "byres": int(args.color == "rainbow"),
        "quiet": 0,
    }
    return Call(command="spectrum", arguments={key: value for key, value in arguments.items() if value is not None})


async def _check(args: ColorArgs, scene: ScenePort) -> None:
    extras = args.palette or args.minimum is not None or args.maximum is not None
    if extras and args.color not in _SPECTRA:
        raise ArgumentsInvalid(f"palette and range go with {', '.join(_SPECTRA)}, not with `{args.color}`.")
    if " " in args.palette.strip():  # several colours are a palette of their own
        for color in args.palette.split():
            await need_color(scene, color)
    elif args.palette:
        await need_word(scene, "palette", args.palette)
    if args.color not in _SCHEMES:
        await need_color(scene, args.color)


async def _read_back(args: ColorArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    found = await scene.summarise(args.selection)
    scheme = f"by {args.color}" if args.color in _SCHEMES else args.color
    return f"Coloured {scheme}: {found.n_atoms:,} atoms of {', '.join(found.objects)}."


COLOR = command_tool(
    "color",
    ColorArgs,
    _calls,
    lambda args: f"Colour {args.selection} {'by ' if args.color in _SCHEMES else ''}{args.color}",
    selections=lambda args: (args.selection,),
    check=_check,
    read_back=_read_back,
)
