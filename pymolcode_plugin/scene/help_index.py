"""An index of PyMOL's documentation that is searched by words, their stems and a table of what people say instead.

It knows nothing of PyMOL itself: `docs` gives it the texts.
Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import yaml

from ..config import paths

Kind = Literal["command", "setting", "topic", "representation", "preset", "function"]

_WORD = re.compile(r"[a-z][a-z0-9]*|\d+")
_NAME_WEIGHT, _SUMMARY_WEIGHT, _OTHER_WORD = 6, 2, 0.5
_SATURATION, _LENGTH = 1.4, 0.6
_ABOUT = 25.0  # what the table says a question is about comes before what merely shares words with it
_WHOLE_NAME = 8.0
_PRIOR: dict[Kind, float] = {
    "command": 1.2, "setting": 1.0, "topic": 0.9, "representation": 0.9, "preset": 0.8, "function": 0.7,
}  # fmt: skip
_STOP = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "get", "have", "how",
        "i", "if", "in", "is", "it", "its", "me", "my", "no", "of", "on", "or", "set", "so", "that", "the", "their",
        "them", "there", "this", "to", "up", "use", "using", "want", "was", "what", "when", "where", "which", "will",
        "with", "you", "your", "make", "need", "should",
    }
)  # fmt: skip
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "e", "y")


@dataclass(frozen=True)
class Entry:
    """One thing that has documentation. `summary` is its first sentence."""

    kind: Kind
    name: str
    summary: str
    text: str = ""


@dataclass(frozen=True)
class Words:
    """What people say instead; see `resources/help_words.yaml`."""

    instead: dict[str, tuple[str, ...]]
    about: tuple[tuple[str, re.Pattern[str]], ...]


@functools.cache
def said_instead() -> Words:
    """The table, with its words as stems."""
    data = yaml.safe_load(paths.resource("help_words.yaml").read_text(encoding="utf-8"))
    return Words(
        instead={
            stem(word): tuple(term for text in others for term in terms(text)) for word, others in data["words"].items()
        },
        about=tuple((name, re.compile(rf"\b(?:{pattern})\b")) for name, pattern in data["about"].items()),
    )


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude stem: enough to bring `shadows` to `shadow` and `labelling` to `label`."""
    word = word.replace("colour", "color").replace("centre", "center")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def terms(text: str) -> list[str]:
    """The stems of a text, without the words that say nothing."""
    return [stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


class Index:
    """Searches entries; made once, in about a tenth of a second for PyMOL's."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        lengths: list[float] = []
        for number, entry in enumerate(self.entries):
            counts = _weighted_counts(entry)
            lengths.append(sum(counts.values()))
            for term, count in counts.items():
                self._postings.setdefault(term, []).append((number, count))
        mean = sum(lengths) / max(len(lengths), 1)
        self._norms = [_SATURATION * (1 - _LENGTH + _LENGTH * length / (mean or 1)) for length in lengths]
        self._by_name: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            self._by_name.setdefault(entry.name.lower(), []).append(number)

    def named(self, name: str) -> list[Entry]:
        """Entries of exactly that name, commands first."""
        found = [self.entries[number] for number in self._by_name.get(name.lower(), ())]
        return sorted(found, key=lambda entry: -_PRIOR[entry.kind])

    def _best_of(self, name: str) -> int:
        """A setting rather than the help topic of the same name."""
        return max(self._by_name[name], key=lambda number: _PRIOR[self.entries[number].kind])

    def names(self) -> list[str]:
        """All names."""
        return list(self._by_name)

    def search(self, question: str, limit: int = 7) -> list[Entry]:
        """The best entries for a question, best first."""
        scores: dict[int, float] = defaultdict(float)
        for term, weight in _query(question).items():
            postings = self._postings.get(term, ())
            rarity = math.log(1 + (len(self.entries) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                scores[number] += weight * rarity * count * (_SATURATION + 1) / (count + self._norms[number])
        for number in scores:
            scores[number] *= _PRIOR[self.entries[number].kind]
        self._add_names(question, scores)
        ranked = sorted(scores, key=lambda number: -scores[number])
        return [self.entries[number] for number in ranked[:limit]]

    def _add_names(self, question: str, scores: dict[int, float]) -> None:
        lower = " ".join(question.lower().split())
        for name, pattern in said_instead().about:
            found = pattern.search(lower)
            if found and name in self._by_name:
                # A longer phrase says more.
                scores[self._best_of(name)] += _ABOUT + len(found[0]) / 10
        for word in set(re.findall(r"[\w.]+", lower)):
            if "_" in word or "." in word or word not in _STOP:
                for number in self._by_name.get(word, ()):
                    scores[number] += _WHOLE_NAME * (3 if "_" in word else 1)


def _weighted_counts(entry: Entry) -> Counter[str]:
    counts: Counter[str] = Counter(terms(entry.text))
    for term in terms(entry.summary):
        counts[term] += _SUMMARY_WEIGHT
    for term in terms(entry.name.replace("_", " ")):
        counts[term] += _NAME_WEIGHT
    return counts


def _query(question: str) -> dict[str, float]:
    """Stems of the question, and, with less weight, what is said instead of them."""
    weights: dict[str, float] = {}
    for term in terms(question):
        weights[term] = 1.0
    for term in list(weights):
        for other in said_instead().instead.get(term, ()):
            weights.setdefault(other, _OTHER_WORD)
    return weights
