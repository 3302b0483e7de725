"""What was done in the panel becomes files that replay; a real window."""

import pytest

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.window
STEM = "Colour-chain-A-red-it-s-the-first"


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    steps = (
        ("run_pymol", {"commands": "color red, chain A\nzoom organic"}),
        "Done.",
        ("run_pymol", {"commands": "color blue, chain B"}),
        "Done, **chain B** is blue.",
    )
    with ScriptedModel(*steps) as server:
        return run_inside("exporting", home, more_path=ROOT, env=server.environment, shots=home, timeout_s=240)


def test_the_scripts_of_a_window_replay_exactly_in_a_pymol_without_one(seen):
    assert seen["first"]["state"] == "exact", seen["first"]["text"]
    assert "Replays exactly" in seen["first"]["text"]


def test_what_was_changed_by_hand_is_listed(seen):
    assert "by hand, and in the scripts: showed spheres on" in seen["first"]["text"]
    assert "moved the view" in seen["first"]["text"]


def test_every_file_is_named_after_the_chat_and_told_with_its_full_path(seen):
    names = [f"{STEM}{end}" for end in (".html", ".ipynb", ".md", ".pml", ".py", "-start.pse", "-methods.txt")]
    assert seen["first"]["files"] == sorted(names)
    said = seen["first"]["text"].splitlines()
    assert sorted(said[-len(names) :]) == sorted(names)
    assert said[-len(names) - 1].startswith("In /")
    assert said[-len(names) - 1].endswith("/out:")


def test_the_button_opens_the_folder(seen):
    (folder,) = seen["opened"]
    assert folder.endswith("/out")


def test_nothing_is_written_over_without_a_question(seen):
    assert seen["asked"]["state"] == "asks"
    assert f"{STEM}.py" in seen["asked"]["text"]
    assert f"{STEM}-2.py" in seen["beside"]
    assert "color" in seen["kept"]
    assert "Nothing was written" in seen["cancelled"]


def test_it_can_be_stopped_and_the_chat_goes_on(seen):
    assert "Stopped" in seen["stopped"]["text"]
    assert seen["busy"] is False


def test_where_no_folder_is_named_it_asks_without_blocking(seen):
    assert seen["dialog"]["files"] == [f"{STEM}.html"]
    assert "Wrote 1 file" in seen["dialog"]["text"]
