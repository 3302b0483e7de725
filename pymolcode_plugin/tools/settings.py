"""Sets and unsets PyMOL's settings, and says the value before and after."""

from __future__ import annotations

import re

from pydantic import Field

from ..core.errors import ArgumentsInvalid, CommandFailed, ToolFailed
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Argument, Call
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .command_tool import run_calls
from .words import Name, need_word

_LEVEL = re.compile(r"Setting-Warning: '\w+' is an? ([\w-]+)-level setting")


class SetArgs(ToolArgs):
    """Set a PyMOL setting, e.g. bg_rgb, transparency, sphere_scale."""

    setting: Name
    value: str | None = Field(default=None, max_length=1000, description="Left out: unset")
    selection: str = Field(default="", max_length=5000, description="Object or atoms; else global")


def _call(args: SetArgs) -> Call:
    arguments: dict[str, Argument] = {"name": args.setting, "quiet": 0}
    if args.value is not None:
        arguments["value"] = args.value
    if args.selection:
        arguments["selection"] = args.selection
    return Call(command="unset" if args.value is None else "set", arguments=arguments)


async def _set(args: SetArgs, context: Context) -> ToolResult:
    name = await need_word(context.scene, "setting", args.setting)
    before = await _value(name, args, context.scene)
    result, _ = await run_calls(context.scene, (_call(args),))
    level = _LEVEL.search(result.text)
    if level and args.value is not None:  # PyMOL writes it all the same, and it does nothing
        await run_calls(context.scene, (_call(args.model_copy(update={"value": None})),))
        instead = "Leave the selection out." if level.group(1) == "global" else "Give the name of an object."
        raise ToolFailed(f"{name} is a {level.group(1)} setting and does nothing on `{args.selection}`.", hint=instead)
    after = await _value(name, args, context.scene)
    if not result.ok:
        return result.model_copy(update={"error": f"{result.error} {name} is {after}."})
    where = f" of {args.selection}" if args.selection else ""
    return result.model_copy(update={"text": f"{result.text}\n{name}{where}: was {before}, is {after}.".strip()})


async def _value(name: str, args: SetArgs, scene: ScenePort) -> str:
    try:
        return await scene.setting(name, args.selection) or "unset"
    except CommandFailed as error:
        raise ArgumentsInvalid(str(error.args[0])) from error


async def _assess(args: SetArgs, scene: ScenePort) -> Assessment:
    await need_word(scene, "setting", args.setting)
    return await scene.assess((_call(args),))


def _title(args: SetArgs) -> str:
    where = f" of {args.selection}" if args.selection else ""
    return f"Unset {args.setting}{where}" if args.value is None else f"Set {args.setting}{where} to {args.value}"


SET = Tool("set", SetArgs, _set, _assess, _title, selections=lambda args: (args.selection,) if args.selection else ())
