"""The commands that ray-trace, `ray` and `png FILE, ..., ray=1`, with the picture made beside PyMOL (`rendering`)."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core.errors import CommandFailed
from ..core.scene import CommandOutput
from . import rendering
from .executor import Executor
from .listening import Listener
from .long_call import Hold, Steps, Work

_RAY_ARGUMENTS = frozenset(("width", "height", "antialias", "angle", "shift"))
_PNG_ARGUMENTS = frozenset(("width", "height", "dpi"))
_QUIET = "quiet"


class Figures:
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

    async def ray(self, *, width_px: int, height_px: int) -> bytes:
        """PNG of the scene as it is now.

        Raises:
            CommandFailed: There is no picture; says why.
        """
        size = {"width": width_px, "height": height_px}
        if await self._executor.call(lambda: _is_grid(self._cmd)):
            return await self._executor.call_long(lambda: _here(self._cmd, size), self._hold)
        kept = await self._executor.call(lambda: rendering.keep(self._cmd))
        return (await rendering.render(kept, ray=None, png={**size, "ray": 1, _QUIET: 1})).png

    async def run(self, name: str, arguments: Mapping[str, Any]) -> CommandOutput | None:
        """Run `png` or `ray` with its arguments by name; None where PyMOL should do it itself."""
        steps = _traced(name, arguments)
        if steps is None or await self._executor.call(lambda: _is_grid(self._cmd)):
            return None
        kept = await self._executor.call(lambda: rendering.keep(self._cmd))
        try:
            picture = await rendering.render(kept, ray=steps[0], png=steps[1])
            path = await self._saved(picture.png, str(arguments["filename"])) if name == "png" else None
        except (CommandFailed, OSError) as error:
            return CommandOutput(errors=(str(error),))
        text = picture.text.replace(rendering.FILE, str(path)) if path else _of_ray(picture.text)
        return await self._executor.call_long(lambda: self._shown(picture.png, text), self._hold)

    async def _saved(self, png: bytes, filename: str) -> Path:
        path = await self._executor.call(lambda: _full_name(self._cmd, filename))
        await asyncio.to_thread(_write, path, png)
        return path

    def _shown(self, png: bytes, text: str) -> Steps[CommandOutput]:
        """The picture stands in the viewport until the view changes, and a `png` without `ray` saves it."""
        with self._listener.listening() as heard:
            if text:
                print(text)  # noqa: T201  # into PyMOL's log, where it would have been printed
            yield Work(lambda: _show(self._cmd, png))
        return CommandOutput(lines=tuple(heard.lines()), errors=tuple(heard.shown()), completed=1)


def _traced(name: str, arguments: Mapping[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]] | None:
    """Arguments of `ray` and of `png` in the child; None for what is not ray-traced, or by another program."""
    quiet = {_QUIET: arguments.get(_QUIET, 0)}
    if name == "ray":
        if not set(arguments) <= _RAY_ARGUMENTS | {_QUIET}:
            return None
        return {**{key: arguments[key] for key in arguments if key in _RAY_ARGUMENTS}, **quiet}, {"prior": 1, _QUIET: 1}
    if not set(arguments) <= _PNG_ARGUMENTS | {"filename", "ray", _QUIET} or not arguments.get("filename"):
        return None
    if str(arguments.get("ray", 0)).strip() != "1":
        return None
    return None, {**{key: arguments[key] for key in arguments if key in _PNG_ARGUMENTS}, "ray": 1, **quiet}


def _is_grid(cmd: Any) -> bool:
    """A grid is laid out when PyMOL draws in a window, so a child without one would not show it."""
    return bool(cmd.get_setting_int("grid_mode"))


def _here(cmd: Any, size: dict[str, int]) -> Steps[bytes]:
    png = yield Work(lambda: cmd.png(None, **size, ray=1, quiet=1))
    return bytes(png)


def _full_name(cmd: Any, filename: str) -> Path:
    """As PyMOL completes it."""
    return Path(cmd.exp_path(filename if filename.endswith(".png") else f"{filename}.png")).absolute()


def _write(path: Path, png: bytes) -> None:
    """All or nothing: a picture that was there stays until the new one is whole."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        aside.write_bytes(png)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _of_ray(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())


def _show(cmd: Any, png: bytes) -> None:
    handle, name = tempfile.mkstemp(suffix=".png")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(png)
        cmd.load_png(name, movie=0, quiet=1)
    finally:
        Path(name).unlink()
