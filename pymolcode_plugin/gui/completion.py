"""What can be completed where one writes, and which of many candidates fit; knows no widget."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, compress, pairwise
from typing import Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")
_SHOWN = 60  # of a kind; more are found by writing more
_WORST = 6  # rank of a word whose letters only occur in order
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

    It runs at every key, so it makes no object of a candidate: collecting those would hold up the key after.

    Args:
        candidates: In the order in which those that fit equally well are shown.
        kind: Of a candidate; kinds are shown in the order they come in.
        searched: The text that the query is looked for in, the name first.
    """

    def __init__(self, candidates: Iterable[T], *, kind: Callable[[T], str], searched: Callable[[T], str]) -> None:
        items = list(candidates)
        self._kinds = list(dict.fromkeys(kind(item) for item in items))
        numbers = {name: number for number, name in enumerate(self._kinds)}
        self._items = sorted(items, key=lambda item: numbers[kind(item)])  # those of a kind stand together
        n_of_kind = Counter(kind(item) for item in items)
        self._begins = list(accumulate((n_of_kind[name] for name in self._kinds), initial=0))
        self._texts = [searched(item).lower() for item in self._items]
        self._lengths = [len(text) for text in self._texts]
        self._all = list(range(len(self._items)))
        self._query = ""
        self._fitting = self._all
        self._ends = [0] * len(self._all)  # of the letters of the last word, each as far left as it can be

    def found(self, query: str) -> list[Group[T]]:
        """Those that fit, by kind."""
        query = query.lower().strip()
        words = query.split()
        fitting, ends, rest = self._all, [0] * len(self._all), words
        if self._query and query.startswith(self._query):
            before = self._query.split()
            fitting, ends = self._fitting, self._ends
            rest = [words[len(before) - 1][len(before[-1]) :], *words[len(before) :]]
        for number, word in enumerate(rest):
            if number:
                ends = [0] * len(fitting)
            for letter in word:
                fitting, ends = self._narrowed(fitting, ends, letter)
        self._query, self._fitting, self._ends = query, fitting, ends
        return self._grouped(fitting, self._ranks(fitting, words))

    def _narrowed(self, numbers: list[int], ends: list[int], letter: str) -> tuple[list[int], list[int]]:
        """Those that have a letter behind what they were found to have so far, and where each ends then.

        Comprehensions, here and below: the call of a function for each of 5,000 would take longer than all else.
        """
        texts = self._texts
        ends = [texts[number].find(letter, end) + 1 for number, end in zip(numbers, ends, strict=True)]
        if 0 in ends:
            numbers, ends = list(compress(numbers, ends)), list(filter(None, ends))
        return numbers, ends

    def _ranks(self, numbers: list[int], words: Sequence[str]) -> list[int]:
        """How well all the words fit those that have their letters in order, 0 the best."""
        texts, lengths = self._texts, self._lengths
        ranks = [0] * len(numbers)
        for word in words:
            places, n_chars = [texts[number].find(word) for number in numbers], len(word)
            if any(places):
                ranks = [
                    rank
                    + (
                        lengths[number] > n_chars
                        if not place
                        else _WORST
                        if place < 0
                        else 2 + texts[number][place - 1].isalnum()
                    )
                    for number, rank, place in zip(numbers, ranks, places, strict=True)
                ]
            else:
                ranks = [rank + (lengths[number] > n_chars) for number, rank in zip(numbers, ranks, strict=True)]
        return ranks

    def _grouped(self, numbers: Sequence[int], ranks: Sequence[int]) -> list[Group[T]]:
        """The best of each kind; of those that fit equally well, the first."""
        groups = []
        for name, (begin, end) in zip(self._kinds, pairwise(self._begins), strict=True):
            start, stop = bisect_left(numbers, begin), bisect_left(numbers, end)
            if start < stop:
                best = sorted(range(start, stop), key=ranks.__getitem__)[:_SHOWN]
                groups.append(Group(name, tuple(self._items[numbers[at]] for at in best), stop - start))
        return groups
