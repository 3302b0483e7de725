"""Settings and the doctor in a real window."""

import pytest
import yaml

from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.window

CONFIG = "# Mine.\ncommand_limit_s: 120  # enough\n"


@pytest.fixture
def play(tmp_path):
    def run(scenario, server, *, config=CONFIG):
        folder = tmp_path / "home" / ".pymolcode"
        folder.mkdir(parents=True)
        (folder / "config.yaml").write_text(config)
        return run_inside(
            "setting_up", tmp_path / "home", more_path=ROOT, env=server.environment, scenario=scenario, shots=tmp_path
        )

    return run


def test_settings_are_changed_hold_at_once_and_are_written_with_the_comments_kept(play):
    with ScriptedModel("x") as server:
        seen = play("settings", server)
        assert server.requests == []
    assert seen["section"] == "Safety"
    assert seen["wrong"] == ["A number is wanted.", True]
    assert seen["withheld"] == ["images"]
    assert not seen["overruled"][0]
    assert "PYMOLCODE_MODEL" in seen["overruled"][1]
    assert seen["config"].startswith(CONFIG)
    assert yaml.safe_load(seen["config"]) == {
        "command_limit_s": 120,
        "mode": "auto",
        "budget_usd": 1.5,
        "withhold": ["images"],
        "text_size": 150,
    }


def test_a_file_that_cannot_be_read_is_said_and_nothing_can_be_changed(play):
    with ScriptedModel("x") as server:
        seen = play("broken", server)
    assert "config.yaml cannot be read (line" in seen["said"][0]
    assert not seen["said"][1]
    assert seen["status"] == ""


def test_the_doctor_looks_at_everything_and_asks_the_model_on_demand(play):
    with ScriptedModel("ready") as server:
        seen = play("doctor", server)
        assert len(server.requests) == 1
    assert {"PyMOL", "Graphics", "Packages", "Folder", "Sign-ins", "Model"} <= set(seen["texts"])
    assert any("PyQt5, Qt 5" in text for text in seen["texts"])
    assert "Model's answer" in seen["asked"]
    assert "Model's answer" in seen["copied"]
    assert seen["title"].startswith("Everything")
