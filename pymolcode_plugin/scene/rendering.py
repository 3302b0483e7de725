"""The commands that ray-trace: the pictures of `ray` and `png FILE, ..., ray=1` are made in a child (`beside`)."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .. import whole_files
from ..core.errors import CommandFailed
from ..core.scene import CommandOutput
from . import beside
from .executor import Executor
from .listening import Listener
from .long_call import Hold, Steps, Work

_RAY_ARGUMENTS = frozenset(("width", "height", "antialias", "angle", "shift"))
_PNG_ARGUMENTS = frozenset(("width", "height", "dpi"))
_QUIET = "quiet"
_OPAQUE = "ray_opaque_background"


class _Picture(NamedTuple):
    picture: bytes
    text: str


class Renderer:
    """Makes pictures for the commands `png` and `ray`.

    Args:
        executor: The one queue.
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window, or None without a GUI.
        hold: Of that window.
    """

    def __init__(self, executor: Executor, cmd: Any, window: Any, hold: Hold | None) -> None:
        self._executor = executor
        self._cmd = cmd
        self._hold = hold
        self._listener = Listener(cmd, window)

    async def ray(self, *, width_px: int, height_px: int, opaque: bool) -> bytes:
        """PNG of the scene as it is now; see ScenePort.

        Raises:
            CommandFailed: There is no picture; says why.
        """
        size = {"width": width_px, "height": height_px}
        if await self._executor.call(lambda: _is_grid(self._cmd)):
            return await self._executor.call_long(lambda: _here(self._cmd, size, opaque=opaque), self._hold)
        background: list[beside.Step] = [("set", {"name": _OPAQUE, "value": 1, _QUIET: 1})] if opaque else []
        traced: beside.Step = ("png", {"filename": beside.PICTURE, **size, "ray": 1, _QUIET: 1})
        return (await self._beside([*background, traced])).picture

    async def run(self, name: str, arguments: Mapping[str, Any]) -> CommandOutput | None:
        """Run `png` or `ray` with its arguments by name; None where PyMOL should do it itself."""
        steps = _traced(name, arguments)
        if steps is None or await self._executor.call(lambda: _is_grid(self._cmd)):
            return None
        try:
            made = await self._beside(steps)
            path = await self._saved(made.picture, str(arguments["filename"])) if name == "png" else beside.PICTURE
        except (CommandFailed, OSError) as error:
            return CommandOutput(errors=(str(error),))
        text = made.text.replace(beside.PICTURE, str(path)).rstrip()
        return await self._executor.call_long(lambda: self._shown(made.picture, text), self._hold)

    async def _beside(self, steps: list[beside.Step]) -> _Picture:
        kept = await self._executor.call(lambda: beside.keep(self._cmd))
        made = await beside.run(kept, *steps)
        if made.picture is None:
            raise CommandFailed(f"No picture came of it. {made.text}".strip())
        return _Picture(made.picture, made.text)

    async def _saved(self, png: bytes, filename: str) -> Path:
        path = await self._executor.call(lambda: _full_name(self._cmd, filename))
        await asyncio.to_thread(whole_files.write, path, png)
        return path

    def _shown(self, png: bytes, text: str) -> Steps[CommandOutput]:
        """The picture stands in the viewport until the view changes, and a `png` without `ray` saves it."""
        with self._listener.listening() as heard:
            if text:
                print(text)  # noqa: T201  # into PyMOL's log, where it would have been printed
            yield Work(lambda: _show(self._cmd, png))
        return CommandOutput(lines=tuple(heard.lines()), errors=tuple(heard.shown()), completed=1)


def _traced(name: str, arguments: Mapping[str, Any]) -> list[beside.Step] | None:
    """The steps in the child; None for what is not ray-traced, or by another program."""
    quiet = {_QUIET: arguments.get(_QUIET, 0)}
    if name == "ray":
        if not set(arguments) <= _RAY_ARGUMENTS | {_QUIET}:
            return None
        given = {key: arguments[key] for key in arguments if key in _RAY_ARGUMENTS}
        return [("ray", {**given, **quiet}), ("png", {"filename": beside.PICTURE, "prior": 1, _QUIET: 1})]
    if not set(arguments) <= _PNG_ARGUMENTS | {"filename", "ray", _QUIET} or not arguments.get("filename"):
        return None
    if str(arguments.get("ray", 0)).strip() != "1":
        return None
    given = {key: arguments[key] for key in arguments if key in _PNG_ARGUMENTS}
    return [("png", {"filename": beside.PICTURE, **given, "ray": 1, **quiet})]


def _is_grid(cmd: Any) -> bool:
    """A grid is laid out when PyMOL draws in a window, so a child without one would not show it."""
    return bool(cmd.get_setting_int("grid_mode"))


def _here(cmd: Any, size: dict[str, int], *, opaque: bool) -> Steps[bytes]:
    before = cmd.get(_OPAQUE)
    try:
        if opaque:
            cmd.set(_OPAQUE, 1, quiet=1)
        png = yield Work(lambda: cmd.png(None, **size, ray=1, quiet=1))
    finally:
        cmd.set(_OPAQUE, before, quiet=1)
    return bytes(png)


def _full_name(cmd: Any, filename: str) -> Path:
    """As PyMOL completes it."""
    return Path(cmd.exp_path(filename if filename.endswith(".png") else f"{filename}.png")).absolute()


def _show(cmd: Any, png: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=".png")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(png)
        cmd.load_png(name, movie=0, quiet=1)
    finally:
        Path(name).unlink()
