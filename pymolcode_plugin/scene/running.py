"""Runs command text, calls and Python in PyMOL: one call in the queue for each command, pictures beside PyMOL."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ..core.scene import Call, CommandOutput
from . import beside, commands
from .area import area
from .camera import Camera
from .command_output import CommandRunner
from .command_text import Ran
from .console import Console
from .executor import Executor
from .journal import Journal
from .long_call import Hold, Steps, Work
from .rendering import Renderer
from .watchdog import Watchdog

_LARGE = 5000  # atoms; their area takes as long as a child takes to start


class Running:
    """What runs on behalf of the agent.

    Args:
        executor: The one queue.
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window, or None without a GUI.
        hold: Of that window.
        camera: Has arrived before anything runs.
        command_limit_s: What a single command may take.
    """

    def __init__(
        self, executor: Executor, cmd: Any, window: Any, hold: Hold | None, camera: Camera, *, command_limit_s: float
    ) -> None:
        self._executor = executor
        self._cmd = cmd
        self._hold = hold
        self._camera = camera
        watchdog = Watchdog(cmd, command_limit_s)
        self.runner = CommandRunner(cmd, window, watchdog)
        self._console = Console(cmd, window, watchdog)
        self.journal = Journal(cmd)
        self.renderer = Renderer(executor, cmd, window, hold)

    async def text(self, text: str) -> CommandOutput:
        """Run one command after the other; stops at the first that reports an error.

        Each is a call of its own: between two of them the window draws, and a task that was cancelled goes no further.
        """
        ran = Ran(text)
        await self._executor.call(self._camera.arrive)
        for command in await self._executor.call(lambda: commands.parse(self._cmd, text)):
            if command.kind == "comment":
                continue
            output = await self._typed(command)
            self.journal.ran(command, output)
            if not ran.add(command, output):
                break
        return ran.output()

    async def call(self, call: Call, *, in_script: bool = True) -> CommandOutput:
        """Run one command by its keyword arguments."""
        await self._executor.call(self._camera.arrive)
        output = await self._figure(call.command, call.arguments)
        if output is None:
            output = await self._executor.call_long(functools.partial(self.runner.called, call), self._hold)
        if in_script:
            await self._executor.call(lambda: self.journal.called(call, output))
        return output

    async def python(self, code: str) -> CommandOutput:
        """Run Python with `cmd` at hand."""
        await self._executor.call(self._camera.arrive)
        output = await self._executor.call_long(functools.partial(self._console.run, code), self._hold)
        self.journal.python(code, output)
        return output

    async def area(self, selection: str, *, solvent: bool) -> float:
        """Surface area of a selection that has atoms; a large one is measured beside PyMOL.

        Raises:
            CommandFailed: PyMOL could not measure it; carries its message.
        """
        if self._hold is not None and await self._executor.call(lambda: self._is_large(selection)):
            kept = await self._executor.call(lambda: beside.keep(self._cmd))
            made = await beside.run(kept, ("area", {"selection": selection, "solvent": solvent}))
            return made.value or 0.0

        def steps() -> Steps[float]:
            return (yield Work(lambda: area(self._cmd, selection, solvent=solvent), can_interrupt=False))  # type: ignore[no-any-return]

        return await self._executor.call_long(steps, self._hold)

    def _is_large(self, selection: str) -> bool:
        return bool(self._cmd.count_atoms(selection) >= _LARGE)

    async def _typed(self, command: commands.Command) -> CommandOutput:
        made = await self._figure(command.name, command.arguments)
        if made is not None:
            return made
        return await self._executor.call_long(functools.partial(self.runner.typed, command), self._hold)

    async def _figure(self, name: str, arguments: Mapping[str, Any]) -> CommandOutput | None:
        return await self.renderer.run(name, arguments) if name in ("png", "ray") else None
