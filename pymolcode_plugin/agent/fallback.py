"""Tries the next model of a list where one is overloaded or out of reach."""

from __future__ import annotations

from collections.abc import Callable

from pydantic_ai.models import Model

from ..llm.choice import Choice
from .outgoing import Outgoing

Make = Callable[[Choice], Model]


def with_fallback(choices: tuple[Choice, ...], make: Make, outgoing: Outgoing, tell: Callable[[str], None]) -> Model:
    """A model that asks the first of `choices`, and the next on 429, 5xx, overload or no connection.

    It stays with the one that answered until the turn ends, goes through `Gate` for each (what may leave depends on
    where the model is), and never goes on after text of an answer was shown.

    Args:
        choices: The chosen model, then the fallback list.
        make: Makes the model behind the gate; heavy, so called in a worker thread, when first needed.
        outgoing: Told which model is asked.
        tell: Told in words that the next one is tried, and why; goes into the transcript.
    """
    raise NotImplementedError
