"""The questions that menus offer about a kind of thing, from resources/questions.yaml; read when first needed."""

from __future__ import annotations

import functools
from typing import NamedTuple

import yaml

from ..config import paths


class Question(NamedTuple):
    """One entry of a menu.

    Attributes:
        entry: Short, in PyMOL's own letters, which are ASCII.
        text: What is written into the composer; `{it}` is the thing's label.
    """

    entry: str
    text: str

    def about(self, label: str) -> str:
        """The text for one thing."""
        return self.text.replace("{it}", label)


@functools.cache
def about(kind: str) -> tuple[Question, ...]:
    """The questions for a kind of thing; those of a selection for a kind that has none of its own.

    Raises:
        OSError: The file is not there.
        ValueError: It is no YAML, or of another shape.
    """
    found = _all()
    return found.get(kind, found["selection"])


@functools.cache
def _all() -> dict[str, tuple[Question, ...]]:
    try:
        read = yaml.safe_load(paths.resource("questions.yaml").read_text(encoding="utf-8"))
        return {kind: tuple(Question(entry, text) for entry, text in entries.items()) for kind, entries in read.items()}
    except (yaml.YAMLError, AttributeError) as error:
        raise ValueError(f"questions.yaml cannot be read: {error}") from error
