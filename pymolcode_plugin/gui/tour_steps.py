"""What the guided tour consists of, from resources/tour.yaml; no Qt here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..config import paths
from ..core.scene import Frozen


class TourStep(Frozen):
    """One sentence and one click.

    Attributes:
        says: To the person.
        click: On the button.
        tool: That runs, with `arguments`; empty where something else happens.
        undo: The last step is taken back.
        selection: Is attached to the next message, as `label`, and `question` is written down.
    """

    says: str
    click: str
    tool: str = ""
    arguments: Mapping[str, Any] = {}
    undo: bool = False
    selection: str = ""
    label: str = ""
    question: str = ""

    def filled(self, it: str) -> TourStep:
        """With the name of the object, and the file that is loaded, in place of their words."""
        facts = {"{it}": it, "{file}": str(structure())}
        return self.model_validate(_replaced(self.model_dump(), facts))


def structure() -> Path:
    """1HPV, as it comes with PyMOL."""
    return Path(os.environ.get("PYMOL_DATA", "")) / "tut" / "1hpv.pdb"


def read() -> tuple[TourStep, ...]:
    """The steps, in order."""
    found = yaml.safe_load(paths.resource("tour.yaml").read_text(encoding="utf-8"))
    return tuple(TourStep.model_validate(step) for step in found)


def _replaced(value: Any, facts: Mapping[str, str]) -> Any:  # noqa: ANN401  # what YAML holds
    if isinstance(value, str):
        for word, fact in facts.items():
            value = value.replace(word, fact)
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(item, facts) for key, item in value.items()}
    return [_replaced(item, facts) for item in value] if isinstance(value, (list, tuple)) else value
