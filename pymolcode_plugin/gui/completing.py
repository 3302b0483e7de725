"""Ties the composer to what it can complete: commands and their arguments, mentions, earlier prompts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any, NamedTuple

from ..core.mentions import Mentionable, as_written
from ..core.tasks import spawn
from .completion import Finder, Group, Trigger, choices, trigger
from .completions_popup import CompletionsPopup, Line
from .composer import Composer
from .slash import SlashCommand, SlashCommands

_KEPT_S = 5.0  # after the list was closed; it is read anew when it opens later
_HEADINGS = {
    "object": "Objects",
    "selection": "Selections",
    "chain": "Chains",
    "ligand": "Ligands",
    "scene": "Scenes",
    "file": "Files",
}
_NOTHING = "There is nothing to mention: load a structure first."

ReadMentionable = Callable[[], Awaitable[tuple[Mentionable, ...]]]


class _Earlier(NamedTuple):
    """A prompt of before."""

    text: str


class Completing:
    """Shows the list while something that can be completed is written, and writes what is taken from it.

    Args:
        composer: Where one writes.
        popup: The list.
        commands: What a slash offers.
        read_mentionable: Reads what can be mentioned; asked once when the list opens.
    """

    def __init__(
        self,
        composer: Composer,
        popup: CompletionsPopup,
        commands: SlashCommands,
        read_mentionable: ReadMentionable,
    ) -> None:
        self._composer, self._popup, self._commands = composer, popup, commands
        self._read_mentionable = read_mentionable
        self._now: Trigger | None = None
        self._closed_at = ""  # what was written when the list was closed by hand; it stays so for that word
        self._opened = False
        self._earlier: Finder[str] | None = None  # while an earlier prompt is looked for
        self._reading = False
        self._finder: Finder[Mentionable] | None = None
        self._lines: dict[int, Line] = {}  # those that were shown of what was read, by the identity of what they offer
        self._mentioning = False  # the word that is written has been read for, however long it takes to write
        self._used_at = 0.0
        composer.popup = popup
        composer.edited.connect(self._on_composer_edited)
        composer.search_requested.connect(self._on_composer_search_requested)
        popup.taken.connect(self._on_popup_taken)
        popup.moved.connect(composer.setAccessibleDescription)

    def _on_composer_search_requested(self) -> None:
        newest_first = tuple(dict.fromkeys(reversed(self._composer.recall.earlier)))
        self._earlier = Finder(newest_first, kind=lambda _text: "earlier", searched=str)
        self._show_earlier()

    def _show_earlier(self) -> None:
        assert self._earlier is not None  # noqa: S101  # both who call have made sure
        groups = self._earlier.found(self._composer.toPlainText())
        lines = [Line(" ".join(text.split()), "", _Earlier(text)) for group in groups for text in group.items]
        self._show_lines([Line("Earlier prompts" if lines else "No earlier prompt is like this"), *lines])

    def _on_composer_edited(self) -> None:
        if self._earlier is not None and self._popup.isVisible():
            self._show_earlier()
            return
        self._earlier = None
        found = trigger(self._composer.before_cursor())
        if self._opened and not self._popup.isVisible():
            self._closed_at, self._opened = self._head(self._now), False  # by Esc
        if found is None or (self._closed_at and self._head(found) == self._closed_at):
            self._closed_at = "" if found is None else self._closed_at
            self._hide()
            return
        self._closed_at = ""
        if found != self._now:  # a letter moves the cursor as well, which is told apart from it
            self._now = found
            self._show(found)

    @staticmethod
    def _head(found: Trigger | None) -> str:
        """What makes it the same word while more of it is written."""
        return f"{found.kind} {found.command}" if found else ""

    def _show(self, found: Trigger) -> None:
        if found.kind == "command":
            fitting = [command for command in self._commands if command.name.startswith(found.query)]
            self._show_lines([_command_line(command) for command in fitting])
        elif found.kind == "argument":
            command = self._commands.find(found.command)
            words = choices(command.argument) if command else ()
            self._show_lines([Line(word, "", word) for word in words if word.startswith(found.query)])
        else:
            self._show_mentions(found.query)

    def _show_mentions(self, query: str) -> None:
        fresh = self._mentioning or monotonic() - self._used_at < _KEPT_S
        if self._finder is not None and fresh:
            self._mentioning = True
            groups = self._finder.found(query)
            empty = [Line(_NOTHING)] if not query and not groups else []
            self._show_lines(empty or self._mention_lines(groups))
        elif not self._reading:
            self._reading = True
            spawn(self._read(), name="read what can be mentioned", on_error=self._on_read_failed)

    def _mention_lines(self, groups: Sequence[Group[Mentionable]]) -> list[Line]:
        lines: list[Line] = []
        for group in groups:
            more = group.n_found - len(group.items)
            found = f"{group.n_found:,}"
            lines.append(
                Line(
                    _HEADINGS[group.kind],
                    f"{len(group.items):,} of {found}; write more to narrow it" if more else found,
                )
            )
            lines += [self._mention_line(item) for item in group.items]
        return lines

    def _mention_line(self, item: Mentionable) -> Line:
        line = self._lines.get(id(item))
        if line is None:
            line = self._lines[id(item)] = Line(_name(item), item.detail, item)
        return line

    async def _read(self) -> None:
        try:
            found = await self._read_mentionable()
        finally:
            self._reading = False
        self._finder = Finder(found, kind=lambda item: item.kind, searched=_searched)
        self._lines = {}
        self._mentioning = True
        self._now = None
        self._on_composer_edited()  # more may have been written meanwhile, or it was left

    def _on_read_failed(self, _error: BaseException) -> None:
        """PyMOL is quitting; there is nothing to complete."""

    def _show_lines(self, lines: Sequence[Line]) -> None:
        self._popup.show_lines(lines, self._composer)
        self._opened = bool(lines)
        if lines and self._popup.current is None:
            self._composer.setAccessibleDescription(lines[0].text)

    def _hide(self) -> None:
        self._now = None
        self._mention_over()
        if self._opened:
            self._composer.setAccessibleDescription("")
        self._opened = False
        self._popup.hide()

    def _mention_over(self) -> None:
        if self._mentioning:
            self._mentioning, self._used_at = False, monotonic()

    def _on_popup_taken(self, value: Any, run: bool) -> None:  # noqa: ANN401  # of the kinds below
        found, self._now, self._opened = self._now, None, False
        self._mention_over()
        self._composer.setAccessibleDescription("")
        if isinstance(value, _Earlier):
            self._earlier = None
            self._composer.replace(value.text)
        elif found is None:
            return
        elif isinstance(value, Mentionable):
            self._composer.complete(found.written, f"{as_written(value.written)} ")
        elif isinstance(value, SlashCommand):
            self._take_command(found, value, run)
        else:
            self._composer.complete(found.written, str(value))
            if run:
                self._composer.submit()

    def _take_command(self, found: Trigger, command: SlashCommand, run: bool) -> None:
        """Enter runs what needs no more words; what may have some waits for them, unless it was written whole."""
        whole = found.query == command.name
        if run and (whole or not command.argument):
            self._composer.complete(found.written, f"/{command.name}")
            self._popup.hide()
            self._composer.submit()
        else:
            self._composer.complete(found.written, f"/{command.name} " if command.argument else f"/{command.name}")


def _command_line(command: SlashCommand) -> Line:
    return Line(f"/{command.name} {command.argument}".rstrip(), command.words, command)


def _name(item: Mentionable) -> str:
    return f"chain {item.name}" if item.kind == "chain" else item.name


def _searched(item: Mentionable) -> str:
    """The name, how it is written, and its kind, so that `chain A` is found as one says it."""
    if item.kind in ("chain", "ligand"):
        return f"{item.name} {item.kind} {item.name} {item.written}"
    return f"{item.name} {item.kind}"
