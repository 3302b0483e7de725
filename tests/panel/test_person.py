"""Forty steps of a person through the whole panel, in a real window, with a scripted model."""

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel, Silence
from .test_panel import transcript_kinds

pytestmark = pytest.mark.window

ANSWER = "Chain A is **red**, with Asp25 of chain A in it.\n\n```pml\ncolor blue, chain B\n```\n"


def test_a_person_works_with_all_of_the_panel(tmp_path):
    turns = (
        ("run_pymol", {"commands": "color red, chain A"}),
        ANSWER,
        ("run_pymol", {"commands": "delete all"}),
        "All right.",
        ("run_pymol", {"commands": "delete all"}),
        "Gone.",
        Silence("Let me think"),
        "Here I am.",
        "A binding site.",
    )
    with ScriptedModel(*turns) as server:
        seen = run_inside(
            "person", tmp_path, more_path=ROOT, env=server.environment, timeout_s=240, shots=str(tmp_path)
        )
    steps = seen["steps"]
    assert [what for what, held in steps if not held] == [], seen["shown"]
    assert len(steps) >= 40
    assert transcript_kinds(seen).count("turn_started") >= 6
