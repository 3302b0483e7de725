"""The recipes a small model reads: all of them in a fixed prefix, and the most similar once more before a request."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from typing import cast

import yaml

from ...config import paths
from .words import patterns

_LITTLE = ("filler", "prep", "conj", "from", "ask")  # words that say nothing of what is wanted
_N_SIMILAR = 2
_LEAST_SHARED = 1.5  # in sums of inverse document frequency: two everyday words, or a rare one, in common


@functools.cache
def recipes() -> tuple[tuple[str, str], ...]:
    """Requests and their steps, in the order of the prefix: the groups are mixed."""
    data = yaml.safe_load(paths.resource("recipes/recipes.yaml").read_text(encoding="utf-8"))
    groups = [list(group.items()) for group in cast("dict[str, dict[str, str]]", data).values()]
    # One of each group in turn: a small model leans on what it read last, which must not be all of a kind.
    return tuple(pair for row in itertools.zip_longest(*groups) for pair in row if pair is not None)


def as_text(pairs: tuple[tuple[str, str], ...]) -> str:
    """Recipes as the model reads them."""
    return "".join(f"Q: {request}\nA: {steps}\n" for request, steps in pairs)


def similar(request: str) -> tuple[tuple[str, str], ...]:
    """The recipes that share most with a request, the best one last, where the model looks first."""
    wanted = _words(request)
    scored = [(sum(_rarity().get(word, 0.0) for word in wanted & _words(pair[0])), pair) for pair in recipes()]
    best = sorted((item for item in scored if item[0] >= _LEAST_SHARED), key=lambda item: item[0])
    return tuple(pair for _, pair in best[-_N_SIMILAR:])


@functools.lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    found = re.findall(r"[a-z]{2,}", text.lower())
    little = [pattern for kind, _, pattern in patterns() if kind in _LITTLE]
    return frozenset(word.removesuffix("s") for word in found if not any(p.fullmatch(word) for p in little))


@functools.cache
def _rarity() -> dict[str, float]:
    """Inverse document frequency of the recipes' words."""
    counts = Counter(word for request, _ in recipes() for word in _words(request))
    return {word: math.log(len(recipes()) / n) / math.log(10) for word, n in counts.items()}
