"""Questions, undo, modes and privacy in a real window, through the panel's real widgets, with a scripted model."""

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel
from .test_panel import transcript_kinds

pytestmark = pytest.mark.window

DELETE = ("run_pymol", {"commands": "delete all"})


@pytest.fixture
def play(tmp_path):
    def run(scenario, *turns, **arguments):
        with ScriptedModel(*turns) as server:
            env = {**server.environment, **arguments.pop("env", {})}
            seen = run_inside(
                "approvals", tmp_path, more_path=ROOT, env=env, scenario=scenario, shots=tmp_path, **arguments
            )
            return {**seen, "requests": server.requests}

    return run


def test_a_command_is_edited_before_it_is_allowed_and_only_the_edited_one_runs(play):
    seen = play("edit", DELETE, "Done.")
    assert seen["before"] == ["Allow edited", "Cancel edit", True]
    assert not seen["emptied"], "nothing is no command"
    assert seen["objects"] == ["1hpv"]
    assert seen["waters"] == 0
    assert "Allowed as edited" in seen["shown"]
    assert "remove solvent" in seen["shown"]
    assert seen["focus"], "the cursor is back where one writes"
    assert "approval_answered" in transcript_kinds(seen)


def test_a_cancelled_edit_leaves_the_command_as_it_was(play):
    seen = play("cancel_edit", DELETE, "Done.")
    assert seen["after"] == ["delete all", "Allow", True]
    assert seen["objects"] == []
    assert "as edited" not in seen["shown"]


def test_a_reason_given_with_deny_reaches_the_model_as_it_was_written(play):
    seen = play("reason", DELETE, "All right.")
    assert seen["focus"] == [True, True]
    assert seen["objects"] == ["1hpv"]
    assert "Denied: keep <b>chain A</b>" in seen["shown"]
    assert "did not allow this: keep <b>chain A</b>" in str(seen["requests"][-1]["messages"][-1])
