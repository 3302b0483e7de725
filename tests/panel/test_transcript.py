"""The transcript in a real window: links, code, search, pictures and thoughts, by mouse and keyboard."""

from pathlib import Path

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel
from .test_panel import transcript_kinds

pytestmark = pytest.mark.window

ANSWER = """### How it sits

The ligand 478 lies between **Asp25 of chain A** and Asp25 (chain B); the flaps, with Ile50 (chain B), close over it.

| residue | chain | what it does | how far it is from the ligand |
|---|---|---|---|
| Asp 25 | A | holds the hydroxyl group | 2.85 Å |
| Ile 50 | B | through a water | 3.40 Å |

```pml
color red, chain A
zoom organic, 5
```

1. See [the paper](https://example.org/1hpv).
2. No such residue: Trp999."""


@pytest.fixture
def play(tmp_path):
    def run(scenario, *turns, **arguments):
        with ScriptedModel(*turns) as server:
            given = {"scenario": scenario, "shots": str(tmp_path), **arguments}
            return run_inside("reading", tmp_path, more_path=ROOT, env=server.environment, **given)

    return run


@pytest.mark.parametrize("arguments", [{}, {"width": 320, "dark": True}])
def test_an_answer_is_clicked_run_undone_and_searched(play, arguments):
    measured = ("query_atoms", {"what": "count", "selections": ["chain A"]})
    seen = play("answer", measured, ANSWER, **arguments)
    assert set(seen["links"]) >= {"Asp25 of chain A", "Asp25 (chain B)", "Ile50 (chain B)", "478", "Asp 25"}
    assert "Trp999" not in str(seen["links"]), "only what is there"
    assert seen["clicked"] == [8, True, False]
    assert seen["second"] == [8, 8]
    assert seen["hidden"], "nothing else runs meanwhile"
    assert seen["red"] == 758
    assert (seen["questions"], seen["red_then"]) == (0, 0), "a click is nothing that undo would lose"
    assert seen["opened"] == [True, True]
    (first, n_found), (second, _), (back, _) = [map(int, text.split(" of ")) for text in seen["texts"]]
    assert n_found > 3
    assert (second, back) == (first % n_found + 1, first)
    assert seen["closed"] == [False, True]
    assert not seen["leaked"]
    assert transcript_kinds(seen).count("turn_finished") == 2


def test_a_picture_is_enlarged_saved_and_copied_and_thoughts_unfold_by_the_keyboard(play):
    seen = play("pictures", ("look", {}), "There.", ("run_pymol", {"commands": "delete all"}), "Well.")
    assert "×" in seen["title"]
    assert seen["saved"] == [True, "Saved as saved.png."]
    assert Path(seen["path"]).read_bytes()[:4] == b"\x89PNG"
    assert seen["copied"]
    assert seen["closed"]
    assert not seen["leaked"]
    assert seen["unfolded"][0]
    assert seen["unfolded"][1].startswith("Thought")
    assert seen["in_view"]
