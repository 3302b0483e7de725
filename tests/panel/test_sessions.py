"""Chats that are found again, in real windows of one home; each scenario is a PyMOL of its own."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from ..pymol_process import INSIDE, ROOT, environment, run_inside
from ..scripted_model import ScriptedModel

pytestmark = pytest.mark.window
RED = ("run_pymol", {"commands": "color red, chain A"})


def play(home, scenario, *turns):
    with ScriptedModel(*turns or ("Fine.",)) as server:
        seen = run_inside("sessions", home, more_path=ROOT, env=server.environment, scenario=scenario, shots=home)
        return {**seen, "requests": server.requests}


@pytest.fixture(scope="module")
def two_chats(tmp_path_factory):
    home = tmp_path_factory.mktemp("two_chats")
    return home, play(home, "have_a_chat", RED, "I coloured it.", "Only water.")


@pytest.fixture
def home(two_chats, tmp_path):
    """A home in which two chats were had."""
    copy = tmp_path / "home"
    shutil.copytree(two_chats[0], copy)
    return copy


def test_there_is_an_empty_state_then_chats_are_listed_newest_first(two_chats):
    _home, seen = two_chats
    assert "No chats yet" in seen["empty"][0]
    assert seen["listed"] == [
        "Today",
        "- What else is there? · 1hpv | open here · 1 turn · scripted",
        "- Colour chain A red · 1hpv | 1 turn · scripted",
    ]


def test_a_chat_is_found_by_its_text_and_gone_on_with_in_its_scene(two_chats, home):
    seen = play(home, "find_and_resume", "Going on.")
    assert seen["found"] in ("I coloured it.", "recoloured 758 atoms of 1hpv"), "where the first of the words is"
    assert seen["preview"] == "You: Colour chain A red\nAgent: I coloured it."
    names, n_red, view = seen["back"]
    assert (names, n_red) == (["1hpv"], 758)
    assert view == pytest.approx(two_chats[1]["view"], abs=1e-3)
    assert "Colour chain A red" in seen["said"]
    assert "I coloured it." in seen["said"]
    assert "The scene of this chat is back" in seen["said"]
    assert "Colour chain A red" in str(seen["requests"][-1]["messages"]), "the model remembers"
    assert "300" in seen["usage"], "the sums go on"
    assert not seen["leaks"]
    sessions = home / ".pymolcode" / "sessions"
    lines = [json.loads(line) for line in (sessions / seen["folder"] / "transcript.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines if line["kind"] == "turn_started"] == ["Colour chain A red", "Go on"]
    assert len(list(sessions.iterdir())) == 2, "no new session"


def test_chats_are_renamed_and_deleted_in_place_by_keyboard(home):
    seen = play(home, "rename_and_delete")
    assert seen["still_open"]
    assert seen["kept"]
    assert seen["asked"].replace("\u200b", "").startswith("Delete “My figure”")
    assert seen["listed"] == ["Today", "- Colour chain A red · 1hpv | 1 turn · scripted"]
    assert "What else is there?" in seen["said"], "from the file that it was saved as"
    assert seen["names"] == ["1hpv"], "in its scene, without a question: this installation wrote it"
    titles = [path.read_text() for path in (home / ".pymolcode" / "sessions").glob("*/about.json")]
    assert [json.loads(text)["title"] for text in titles] == ["My figure"]


@pytest.mark.skipif(os.name == "nt", reason="kill")
def test_a_chat_that_another_pymol_has_open_is_opened_as_a_copy_that_says_so(home):
    report = home / "open.json"
    with ScriptedModel("Fine.") as server:
        arguments = {"report": str(report), "scenario": "stay_open", "shots": str(home)}
        env = environment(
            home,
            PYTHONPATH=os.pathsep.join((str(INSIDE), str(ROOT))),
            PYMOLCODE_TEST_ARGUMENTS=json.dumps(arguments),
            **server.environment,
        )
        command = [sys.executable, "-m", "pymol", "-q", str(INSIDE / "sessions.py")]
        with subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as first:
            try:
                _wait_for(report, first)
                transcript = (
                    home / ".pymolcode" / "sessions" / json.loads(report.read_text())["folder"] / "transcript.jsonl"
                )
                before = transcript.read_bytes()
                seen = play(home, "open_it_too")
            finally:
                first.kill()
    assert "open in another PyMOL" in seen["listed"][1]
    assert seen["button"] == "Open copy"
    assert not seen["removable"]
    assert "a copy of it is open here" in seen["said"]
    assert seen["folder"] != transcript.parent.name
    assert transcript.read_bytes() == before
    about = json.loads((transcript.parents[1] / seen["folder"] / "about.json").read_text())
    assert about["origin"] == transcript.parent.name


def _wait_for(path, process):
    """Its output ends where it dies before it wrote the report."""
    while not path.exists():
        if process.poll() is not None:
            raise AssertionError(process.stdout.read())
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue


def test_a_scene_that_another_installation_kept_is_asked_about_in_the_panel(home):
    (home / ".pymolcode" / "session.key").unlink()
    seen = play(home, "question")
    assert "Open a scene that was not kept by this installation of pymolcode?" in seen["text"]
    assert "can hold programs" in seen["text"]
    assert seen["names"] == []
    assert "The chat is open without its scene." in seen["said"]
    assert "a copy is open" in seen["said"]
