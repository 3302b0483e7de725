"""The basics of movies: made from states, by rocking or rolling, or from scenes; played and stopped."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid, ToolFailed
from ..core.ports import ScenePort
from ..core.scene import Argument, Call, CommandOutput
from ..core.tool import ToolArgs
from .command_tool import planned_tool

_MIN_SCENES = 2
_SIMPLE = {"play": "mplay", "stop": "mstop"}


class MovieArgs(ToolArgs):
    """Make a movie, play or stop it, or go to a frame."""

    action: Literal["states", "scenes", "rock", "roll", "play", "stop", "clear", "frame"]
    frames: int = Field(default=180, ge=1, le=20_000, description="How many; for frame: which")
    angle_deg: float = Field(default=30.0, gt=0, le=360, description="For rock")


async def _plan(args: MovieArgs, scene: ScenePort) -> tuple[Call, ...]:
    if args.action in _SIMPLE:
        return (Call(command=_SIMPLE[args.action]),)
    if args.action == "clear":
        return Call(command="mstop"), _mset("")
    if args.action == "frame":
        return await _frame(args, scene)
    if args.action == "states":
        n_states = await _number("count_states", scene)
        if n_states < _MIN_SCENES:
            raise ToolFailed("There is only one state.", hint="A movie from states needs an object of several states.")
        return (_mset(f"1 -{n_states}"),)
    if args.action == "scenes":
        return await _scenes(args, scene)
    arguments: dict[str, Argument] = {"first": 1, "last": args.frames, "axis": "y"}
    swing: dict[str, Argument] = {"angle": args.angle_deg} if args.action == "rock" else {}
    return _mset(f"1 x{args.frames}"), Call(command=f"movie.{args.action}", arguments=arguments | swing)


async def _frame(args: MovieArgs, scene: ScenePort) -> tuple[Call, ...]:
    n_frames = await _number("count_frames", scene)
    if args.frames > n_frames:
        raise ArgumentsInvalid(f"There is no frame {args.frames}: there are {n_frames}.")
    return (Call(command="frame", arguments={"frame": args.frames}),)


async def _scenes(args: MovieArgs, scene: ScenePort) -> tuple[Call, ...]:
    names = await scene.vocabulary("scene")
    if len(names) < _MIN_SCENES:
        raise ToolFailed(f"There are {len(names)} scenes.", hint="Store two or more with the tool view first.")
    step = max(1, args.frames // len(names))
    views = [
        Call(command="mview", arguments={"action": "store", "first": 1 + step * number, "scene": name})
        for number, name in enumerate(names)
    ]
    return _mset(f"1 x{step * len(names)}"), *views


def _mset(specification: str) -> Call:
    return Call(command="mset", arguments={"specification": specification})


async def _number(command: str, scene: ScenePort) -> int:
    value = (await scene.call(Call(command=command))).value
    return value if isinstance(value, int) else 0


async def _read_back(args: MovieArgs, scene: ScenePort, _outputs: tuple[CommandOutput, ...]) -> str:
    if args.action == "clear":
        return "There is no movie any more."
    return f"{await _number('count_frames', scene):,} frames, now at {await scene.setting('frame')}."


MOVIE = planned_tool(
    "movie",
    MovieArgs,
    _plan,
    lambda args: f"Go to frame {args.frames}" if args.action == "frame" else f"Movie: {args.action}",
    selections=lambda _args: (),
    read_back=_read_back,
)
