"""What one can type after a slash: each command's name, its words and what it does; parts of the panel add theirs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_COMMAND = re.compile(r"/(?P<name>[A-Za-z][A-Za-z-]*)(?:\s+(?P<rest>.*))?\s*", re.DOTALL)


class SlashCommand(NamedTuple):
    """A command of the panel.

    Attributes:
        name: Without the slash.
        words: What it does, for the list.
        run: Called with what was typed after the name, stripped.
        argument: What may follow, for the list, e.g. `[MODEL]`; empty where nothing does.
        while_busy: It may run while the agent works.
    """

    name: str
    words: str
    run: Callable[[str], None]
    argument: str = ""
    while_busy: bool = False


class SlashCommands:
    """The commands of one panel, in the order they were added."""

    def __init__(self) -> None:
        self._commands: dict[str, SlashCommand] = {}

    def __iter__(self) -> Iterator[SlashCommand]:
        return iter(self._commands.values())

    def add(self, command: SlashCommand) -> None:
        """Make a command known; one of the same name is replaced."""
        self._commands[command.name] = command

    def parsed(self, text: str) -> tuple[str, str] | None:
        """Name and the rest of a line that is written as a command, known or not; None for any other text.

        A path, or a slash somewhere in a sentence, is no command. `/Help` is one, `/Users` is none.
        """
        match = _COMMAND.fullmatch(text.strip())
        if match is None:
            return None
        name = match["name"] if match["name"].lower() not in self._commands else match["name"].lower()
        return (name, (match["rest"] or "").strip()) if name.islower() else None

    def find(self, name: str) -> SlashCommand | None:
        """The command of that name, or the only one that begins so; None where there is none, or several."""
        if name in self._commands:
            return self._commands[name]
        found = self.matching(name)
        return found[0] if len(found) == 1 else None

    def matching(self, prefix: str) -> list[SlashCommand]:
        """Those whose names begin so."""
        return [command for command in self if command.name.startswith(prefix)]

    def unknown(self, name: str) -> str:
        """That there is no such command, and which are near."""
        near = [command.name for command in self.matching(name)] or difflib.get_close_matches(name, self._commands, n=2)
        meant = f" Is {' or '.join(f'/{other}' for other in near)} meant?" if near else ""
        return f"There is no command /{name}.{meant} /help lists them."

    def help(self) -> str:
        """All of them, one a line."""
        heads = [f"/{command.name} {command.argument}".rstrip() for command in self]
        return "\n".join(f"{head}: {command.words}" for head, command in zip(heads, self, strict=True))
