"""Command text as the pieces that run one by one, and what came of them together; never runs anything itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.scene import CommandOutput

_BLOCKS = {"python": "python end", "skip": "skip end", "embed": "embed end"}
_MAX_LINES = 200
_MAX_CHARS = 400


def pieces(text: str) -> Iterator[str]:
    """Split where PyMOL could be stopped: at every line end outside a block or a continued line."""
    held: list[str] = []
    sentinel = ""
    for line in text.splitlines():
        if not line.strip():
            continue
        held.append(line)
        closes = bool(sentinel) and line.strip() == sentinel
        sentinel = "" if closes else sentinel or _sentinel(line)
        if not sentinel and not line.rstrip().endswith("\\"):
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


def _sentinel(line: str) -> str:
    """The line that ends the block opened here, or an empty string."""
    word, _, rest = line.strip().partition(" ")
    if word not in _BLOCKS or rest.strip() == "end":
        return ""
    if word == "embed":
        arguments = [item.strip() for item in rest.split(",")]
        return arguments[2] if len(arguments) > 2 else _BLOCKS[word]
    return rest.split(",")[0].strip() or _BLOCKS[word]


class Ran:
    """Adds up the outputs of the pieces of one text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._errors: tuple[str, ...] = ()
        self._warnings: dict[str, None] = {}
        self._completed = 0

    def add(self, output: CommandOutput) -> bool:
        """Take in one piece's output; True when the next piece may run."""
        self._lines += output.lines
        self._errors = output.errors
        self._warnings |= dict.fromkeys(output.warnings)
        self._completed += output.completed
        return output.ok

    def output(self) -> CommandOutput:
        """All of it, cut to what can be read."""
        return CommandOutput(
            lines=bounded(self._lines),
            errors=self._errors,
            warnings=tuple(self._warnings),
            completed=self._completed,
        )


def bounded(lines: list[str]) -> tuple[str, ...]:
    """Cut long lines and long output, and say how much is missing."""
    cut = [line if len(line) <= _MAX_CHARS else line[:_MAX_CHARS] + " …" for line in lines]
    if len(cut) > _MAX_LINES:
        cut = [*cut[:_MAX_LINES], f"… and {len(cut) - _MAX_LINES} more lines"]
    return tuple(cut)
