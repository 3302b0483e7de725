"""What can be completed where one writes, and which of many candidates fit; knows no widget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")
_SHOWN = 60  # of a kind; more are found by writing more
_REACH_CHARS = 300  # before the cursor that are looked at, so that a long text is written as quickly
_COMMAND = re.compile(r"/(?P<query>[a-z-]*)")
_ARGUMENT = re.compile(r"/(?P<name>[a-z][a-z-]*) +(?P<query>\S*)")
_KINDS = "object|selection|chain|ligand|scene|file"
_MENTION = re.compile(
    rf"(?<![^\s(\[{{\"'])@(?:\"(?P<quoted>[^\"\n]{{0,200}})|(?P<plain>(?:(?:{_KINDS})s? )?[\w./`:+\-^~\\]{{0,200}}))$",
    re.IGNORECASE,
)


class Trigger(NamedTuple):
    """What is being written that can be completed.

    Attributes:
        kind: A command's name, its argument, or a mention.
        written: What would be replaced, which ends at the cursor.
        query: What to look for.
        command: Whose argument it is.
    """

    kind: Literal["command", "argument", "mention"]
    written: str
    query: str
    command: str = ""


def trigger(before: str) -> Trigger | None:
    """What the text before the cursor asks to complete; None for ordinary text."""
    match = _COMMAND.fullmatch(before)
    if match:
        return Trigger("command", before, match["query"])
    match = _ARGUMENT.fullmatch(before)
    if match:
        return Trigger("argument", match["query"], match["query"], match["name"])
    match = _MENTION.search(before[-_REACH_CHARS:])
    if match:
        return Trigger("mention", match[0], match["quoted"] if match["plain"] is None else match["plain"])
    return None


def choices(argument: str) -> tuple[str, ...]:
    """The words that may follow a command, as its table writes them: `[ask|auto|plan]`; not what stands for others."""
    words = re.fullmatch(r"\[([a-z|-]+)\]", argument)
    return tuple(words[1].split("|")) if words else ()


class Group(NamedTuple, Generic[T]):
    """What was found of a kind, best first.

    Attributes:
        n_found: Of which `items` are the first.
    """

    kind: str
    items: tuple[T, ...]
    n_found: int


class Finder(Generic[T]):
    """Looks through candidates as one types; what did not fit a shorter query is not looked at again.

    It runs at every key, so it makes no object a candidate: collecting those would hold up the key after.

    Args:
        candidates: In the order in which those that fit equally well are shown.
        kind: Of a candidate; kinds are shown in the order they come in.
        searched: The text that the query is looked for in, the name first.
    """

    def __init__(self, candidates: Iterable[T], *, kind: Callable[[T], str], searched: Callable[[T], str]) -> None:
        self._items = list(candidates)
        self._kinds = [kind(item) for item in self._items]
        self._texts = [searched(item).lower() for item in self._items]
        self._all = list(range(len(self._items)))
        self._fitting = self._all
        self._query = ""

    def found(self, query: str) -> list[Group[T]]:
        """Those that fit, by kind."""
        query = query.lower().strip()
        pool = self._fitting if self._query and query.startswith(self._query) else self._all
        words = query.split()
        fitting: list[int] = []
        by_kind: dict[str, dict[int, list[int]]] = {}
        for number in pool:
            rank = _rank(self._texts[number], words)
            if rank >= 0:
                fitting.append(number)
                by_kind.setdefault(self._kinds[number], {}).setdefault(rank, []).append(number)
        self._query, self._fitting = query, fitting
        return [self._group(kind, by_kind[kind]) for kind in dict.fromkeys(self._kinds) if kind in by_kind]

    def _group(self, kind: str, by_rank: dict[int, list[int]]) -> Group[T]:
        best: list[int] = []
        for rank in sorted(by_rank):
            best += by_rank[rank][: _SHOWN - len(best)]
        return Group(kind, tuple(self._items[number] for number in best), sum(map(len, by_rank.values())))


def _rank(text: str, words: Sequence[str]) -> int:
    """How well all the words fit, 0 the best; -1 where one does not."""
    total = 0
    for word in words:
        at = text.find(word)
        if at == 0:
            total += len(text) > len(word)
        elif at > 0:
            total += 3 if text[at - 1].isalnum() else 2
        elif _in_order(text, word):
            total += 6
        else:
            return -1
    return total


def _in_order(text: str, word: str) -> bool:
    """Whether the letters occur in that order, however far apart."""
    at = 0
    for letter in word:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True
