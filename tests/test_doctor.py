import json
import os
import subprocess
import sys

import pytest

from pymolcode_plugin import doctor
from pymolcode_plugin.core.scene import HostFacts

CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.endswith("_API_KEY") or name.startswith("PYMOLCODE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GROQ_API_KEY", CANARY)
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


def named(findings, name):
    return [item for item in findings if item.name == name]


def test_all_is_right_where_it_is(home):
    (home / "config.yaml").write_text("model: groq:x\n")
    found = doctor.examine(HostFacts(pymol_version="3.2.0a", qt="PyQt5, Qt 5.15.2", renderer="NVIDIA X"))
    assert {item.name for item in found if item.state != "ok"} <= {"Python"}, "3.10 has a note"
    assert named(found, "Model")[0].words.startswith("x")
    assert "PyQt5" in named(found, "PyMOL")[0].words


def test_weights_that_are_not_here_have_a_remedy(home):
    (home / "config.yaml").write_text("model: builtin\n")
    (model,) = named(doctor.examine(), "Model")
    assert model.state == "problem"
    assert "pymolcode model fetch" in model.remedy


def test_a_broken_place_does_not_hide_the_others(home):
    (home / "config.yaml").write_text(f"api_key: {CANARY}\nmode: [")
    found = doctor.examine()
    assert [item.state for item in named(found, "Settings")] == ["problem"]
    assert "line" in named(found, "Settings")[0].words
    assert named(found, "Folder")[0].state == "ok"
    assert doctor.report(found).count("config.yaml") == 1, "it is told once"
    assert (named(found, "Sign-ins")[0].state, named(found, "Model")[0].state) == ("ok", "note")
    assert CANARY not in doctor.report(found)


def test_software_graphics_and_an_old_pymol_are_noted(home):
    found = doctor.examine(HostFacts(pymol_version="2.4.1", renderer="llvmpipe (LLVM 15)"))
    assert named(found, "PyMOL")[0].state == "note"
    assert named(found, "Graphics")[0].state == "note"
    assert "processor" in named(found, "Graphics")[0].words


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing on Windows")
def test_what_others_can_read_or_change_is_a_problem(home):
    (home / "config.yaml").write_text(f"model: groq:x\napi_key: {CANARY}\n")
    (home / "config.yaml").chmod(0o644)
    home.chmod(0o722)
    found = doctor.examine()
    assert "chmod 600" in doctor.report(found)
    assert "chmod go-w" in doctor.report(found)
    assert CANARY not in doctor.report(found)


def test_a_key_that_was_put_aside_is_noted(home):
    (home / "auth.json.damaged-1").write_text("{")
    assert "put aside" in doctor.report(doctor.examine())


def test_a_disk_that_is_nearly_full_is_a_problem(home, monkeypatch):
    usage = doctor.shutil.disk_usage(home)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage._replace(free=10_000_000))
    assert named(doctor.examine(), "Folder")[0].state == "problem"


def run(home, *arguments, code=""):
    begin = code or "from pymolcode_plugin.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))"
    environment = {**os.environ, "PYMOLCODE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", begin, "doctor", *arguments],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_exits_with_what_it_found(home):
    (home / "config.yaml").write_text("model: groq:x\n")
    done = run(home, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {"Python", "Packages", "Folder", "Settings", "Sign-ins", "Model"} <= {item["name"] for item in found}
    (home / "config.yaml").write_text("model: builtin\n")
    done = run(home)
    assert done.returncode == 1
    assert "PROBLEM" in done.stdout
    assert "->" in done.stdout


def test_without_its_libraries_it_still_says_which_are_missing(home):
    code = (
        "import sys; sys.modules['pydantic'] = None; sys.modules['yaml'] = None\n"
        "from pymolcode_plugin import bootstrap\n"
        "bootstrap.missing = lambda: ('pydantic', 'yaml')\n"
        "from pymolcode_plugin.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    done = run(home, code=code)
    assert done.returncode == 1, done.stderr
    assert "missing: pydantic, yaml" in done.stdout
    assert done.stderr == ""


def test_the_model_is_asked_only_where_the_user_wants_that(home):
    (home / "config.yaml").write_text("model: custom:x\nbase_urls: {custom: 'http://127.0.0.1:9/v1'}\n")
    assert "Model's answer" not in run(home).stdout
    done = run(home, "--test-model")
    assert done.returncode == 1
    assert "PROBLEM  Model's answer" in done.stdout
