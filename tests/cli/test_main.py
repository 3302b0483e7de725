"""The command line, run as a user runs it; PyMOL itself is started in tests/panel."""

import os
import subprocess
import sys

import pytest

from ..scripted_model import ScriptedModel


@pytest.fixture
def pymolcode(tmp_path):
    def run(*arguments, **env):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYMOLCODE", "OPENAI"))}
        home = {"PYMOLCODE_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-m", "pymolcode_plugin.cli.main", *arguments]
        return subprocess.run(
            command, env={**kept, **home, **env}, capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_help_and_version(pymolcode):
    assert "pymolcode model fetch" in pymolcode("--help").stdout
    assert pymolcode("--version").stdout.strip().count(".") == 2


def test_status_says_which_model_and_why_and_what_to_do(pymolcode):
    done = pymolcode("model", "status", PYMOLCODE_MODEL="builtin")
    assert "Qwen" in done.stdout
    assert "named by PYMOLCODE_MODEL" in done.stdout
    assert "pymolcode model fetch" in done.stdout


def test_status_says_where_data_goes_and_what_is_withheld(pymolcode, tmp_path):
    assert "Everything stays on this machine." in pymolcode("model", "status", PYMOLCODE_MODEL="builtin").stdout
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "config.yaml").write_text("withhold: [images, file_names]\n")
    remote = {"PYMOLCODE_MODEL": "openai:gpt", "OPENAI_API_KEY": "sk-canary-12345678"}
    done = pymolcode("model", "status", **remote)
    assert "Sends    To api.openai.com: what you write," in done.stdout
    assert "Not: images, file names." in done.stdout
    assert "canary" not in done.stdout + done.stderr
    locked = pymolcode("model", "status", PYMOLCODE_THIS_MACHINE_ONLY="1", **remote)
    assert locked.returncode == 1
    assert "api.openai.com does not run on this machine" in locked.stderr


def test_the_built_in_model_can_be_fetched_where_the_lock_refuses_the_model_that_is_set(pymolcode, tmp_path):
    from pymolcode_plugin.llm import catalogue

    entry = catalogue.find()
    (tmp_path / "home" / "models").mkdir(parents=True)
    with (tmp_path / "home" / "models" / entry.file).open("wb") as file:
        file.truncate(entry.n_bytes)
    done = pymolcode("model", "fetch", PYMOLCODE_MODEL="openai:gpt", PYMOLCODE_THIS_MACHINE_ONLY="1")
    assert "corrupt and has been removed" in done.stderr, "it went as far as looking at the file"


def test_nothing_is_fetched_where_another_model_is_set(pymolcode):
    with ScriptedModel("x") as server:
        done = pymolcode("model", "fetch", "--if-needed", **server.environment)
    assert done.returncode == 0
    assert "is not needed" in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_the_path_is_printed_only_where_there_is_a_file(pymolcode, tmp_path):
    none = pymolcode("model", "path", PYMOLCODE_MODEL="builtin")
    assert (none.returncode, none.stdout) == (1, "")
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"GGUF")
    assert pymolcode("model", "path", PYMOLCODE_WEIGHTS=str(mine)).stdout.strip() == str(mine)


def test_a_mistake_ends_with_a_message_and_no_traceback(pymolcode):
    done = pymolcode("model", "status", PYMOLCODE_MODEL="martian:x")
    assert done.returncode == 1
    assert done.stderr.startswith("pymolcode: The provider `martian` is unknown.")
    assert "PYMOLCODE_MODEL names martian:x" in done.stdout
    assert "Traceback" not in done.stderr


def test_fetching_checks_what_lies_there_already(pymolcode, tmp_path):
    """A file of the right size and wrong bytes is found out, although nobody fetched it."""
    from pymolcode_plugin.llm import catalogue

    entry = catalogue.find()
    folder = tmp_path / "home" / "models"
    folder.mkdir(parents=True)
    with (folder / entry.file).open("wb") as file:
        file.truncate(entry.n_bytes)
    done = pymolcode("model", "fetch", PYMOLCODE_MODEL="builtin")
    assert done.returncode == 1
    assert "corrupt and has been removed" in done.stderr
    assert not (folder / entry.file).exists()
