"""Command text as the pieces that run one by one, and what came of them together; never runs anything itself."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.scene import CommandOutput
from ..masking import mask
from .commands import Command

_BLOCKS = ("python", "skip")
_MAX_LINES = 200
_MAX_CHARS = 400


def typed_lines(command: Command) -> list[str]:
    """The lines that, typed one after the other, run this command: several for a block or continued Python."""
    lines = command.text.split("\n")
    if len(lines) > 1 and command.name not in _BLOCKS:
        return [f"{line}\\" for line in lines[:-1]] + lines[-1:]  # as it was continued
    return lines


class Ran:
    """Adds up the outputs of the commands of one text.

    Args:
        text: The whole text.
    """

    def __init__(self, text: str) -> None:
        self._text = text.splitlines()
        self._lines: list[str] = []
        self._errors: tuple[str, ...] = ()
        self._warnings: dict[str, None] = {}
        self._end = len(self._text)

    def add(self, command: Command, output: CommandOutput) -> bool:
        """Take in one command's output; True when the next command may run."""
        self._lines += output.lines
        self._errors = output.errors
        self._warnings |= dict.fromkeys(output.warnings)
        if not output.ok:
            self._end = command.line
        return output.ok

    def output(self) -> CommandOutput:
        """All of it, cut to what can be read."""
        return CommandOutput(
            lines=bounded(self._lines),
            errors=self._errors,
            warnings=tuple(self._warnings),
            completed=sum(bool(line.strip()) for line in self._text[: self._end]),
        )


def bounded(lines: Sequence[str]) -> tuple[str, ...]:
    """Cut long lines and long output, and say how much is missing.

    Secrets are taken out first: half of one would not be known as one.
    """
    cut = [line if len(line) <= _MAX_CHARS else mask(line)[:_MAX_CHARS] + " …" for line in lines]
    if len(cut) > _MAX_LINES:
        cut = [*cut[:_MAX_LINES], f"… and {len(cut) - _MAX_LINES} more lines"]
    return tuple(cut)
