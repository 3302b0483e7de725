"""A chat that ended comes back with its conversation, what the model remembers, and its scene; real PyMOL, headless."""

import asyncio
import json
import pickle
import shutil

import pytest

from pymolcode_plugin.agent.conversation import Conversation
from pymolcode_plugin.agent.keeping import Keeping
from pymolcode_plugin.agent.own_steps import OwnStep
from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.scene import session_file
from pymolcode_plugin.session import bundle
from pymolcode_plugin.session.bundle import Manifest
from pymolcode_plugin.session.trust import Signer
from pymolcode_plugin.tools.catalogue import TOOLS

from ..scripted_model import ScriptedModel
from ..session.chats import chat

RED = ("run_pymol", {"commands": "color red, chain A"})


class Person:
    """Says what it was told to, and remembers what it was asked."""

    def __init__(self, allows=True):
        self.allows, self.asked = allows, []

    async def ask(self, question):
        self.asked.append(question)
        return Answer(allowed=self.allows)


@pytest.fixture
async def open_chat(gateway, hiv_protease):
    made = []

    def make(server, person=None):
        events = []
        made.append(
            Conversation(
                TOOLS, gateway, person or Person(), events.append, sessions_folder=paths.sessions_folder(),
                read_settings=lambda: settings.load(server.environment),
                keeping=Keeping(gateway, Signer(paths.session_key_file()), events.append, created_by="test"),
            )
        )  # fmt: skip
        return made[-1], events

    yield make
    for conversation in made:
        await conversation.aclose()
        conversation.transcript.close()


def notices(events):
    return [event.text for event in events if event.kind == "notice"]


async def ended(open_chat, server, *requests):
    """A chat that was had and is over; its folder."""
    conversation, _events = open_chat(server)
    for text in requests:
        await conversation.prompt(text)
    await conversation.aclose()
    conversation.transcript.close()
    return conversation.transcript.folder


async def test_conversation_memory_and_scene_come_back_in_another_pymol(open_chat, hiv_protease):
    with ScriptedModel(RED, "Chain A is red.", "As I said.") as server:
        folder = await ended(open_chat, server, "colour chain A red")
        hiv_protease.reinitialize()
        hiv_protease.fragment("ala")
        conversation, events = open_chat(server)
        reopened = await conversation.reopen(folder)
        await conversation.bring_scene(reopened)
        assert hiv_protease.get_names() == ["1hpv"]
        assert hiv_protease.count_atoms("color red and chain A") == 758
        (said,) = notices(events)
        assert said.startswith("The scene of this chat is back: added 1hpv (1,631 atoms); removed ala (10 atoms)")
        assert [event.kind for event in reopened.events] == [
            "turn_started", "step_started", "step_finished", "text_delta", "turn_finished",
        ]  # fmt: skip
        assert conversation.spending.session.n_input_tokens == 200
        end = await conversation.prompt("sure?")
        assert "colour chain A red" in str(server.requests[-1]["messages"])
        assert "recoloured" in str(server.requests[-1]["messages"]), "results of its tools too"
        assert (end.turn_id, end.session.n_requests) == ("turn2", 3)
        assert conversation.transcript.folder == folder
        await conversation.undoing.undo()
        assert hiv_protease.get_names() == ["ala"], "undo brings back what was there"


async def test_what_was_changed_by_hand_after_the_last_turn_is_kept_when_pymol_quits(open_chat, hiv_protease):
    with ScriptedModel("Hello.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("hi")
        hiv_protease.color("blue", "chain B")
        conversation.close()
        conversation.transcript.close()
        hiv_protease.reinitialize()
        again, _events = open_chat(server)
        await again.bring_scene(await again.reopen(conversation.transcript.folder))
    assert hiv_protease.count_atoms("color blue and chain B") > 700


@pytest.mark.parametrize("way", ["a step", "code"])
async def test_what_the_person_did_without_the_model_is_kept_at_once(open_chat, hiv_protease, way):
    with ScriptedModel("Hello.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("hi")
        if way == "a step":
            await conversation.own_step(OwnStep("color", {"selection": "chain A", "color": "red"}, "Colour it"))
        else:
            await conversation.run_code("color red, chain A")
        await conversation.record.idle()
        conversation.transcript.close()
        hiv_protease.reinitialize()
        again, _events = open_chat(server)
        await again.bring_scene(await again.reopen(conversation.transcript.folder))
    assert hiv_protease.count_atoms("color red and chain A") == 758


async def test_an_undo_is_told_to_the_model_of_the_next_day(open_chat, hiv_protease):
    with ScriptedModel(RED, "Red.", "Fine.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("red")
        await conversation.undoing.undo()
        await conversation.aclose()
        conversation.transcript.close()
        hiv_protease.reinitialize()
        again, _events = open_chat(server)
        await again.bring_scene(await again.reopen(conversation.transcript.folder))
        assert hiv_protease.count_atoms("color red and chain A") < 700
        await again.prompt("go on")
        assert "undid your last change" in str(server.requests[-1]["messages"][-1])


async def test_a_new_chat_leaves_the_one_before_to_be_opened(open_chat, hiv_protease):
    with ScriptedModel("One.", "Two.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("first")
        first = conversation.transcript.folder
        with pytest.raises(SessionError, match="is open"):
            await conversation.reopen(first)
        conversation.new_chat()
        await conversation.prompt("second")
        second = conversation.transcript.folder
        reopened = await conversation.reopen(first)
        assert conversation.transcript.folder == first != second
        assert reopened.said == ()
        await conversation.prompt("third")
        assert "second" not in str(server.requests[-1]["messages"])
        assert "first" in str(server.requests[-1]["messages"])


async def test_the_same_scene_is_left_alone(open_chat, hiv_protease):
    with ScriptedModel("One.") as server:
        folder = await ended(open_chat, server, "first")
        conversation, events = open_chat(server)
        await conversation.bring_scene(await conversation.reopen(folder))
        assert notices(events) == ["The scene is as this chat left it."]
        await conversation.undoing.undo()
    assert notices(events)[-1] == "There is nothing to undo."


async def foreign(open_chat, server, hiv_protease, tmp_path):
    """A session that another installation wrote, with another scene."""
    folder = await ended(open_chat, server, "first")
    bundle.keep(folder, {"scene": bundle.load(folder, Signer(paths.session_key_file())).read("scene")},
                Signer(tmp_path / "other.key"), about=Manifest())  # fmt: skip
    hiv_protease.reinitialize()
    hiv_protease.fragment("ala")
    return folder


async def test_a_scene_of_elsewhere_is_asked_about_and_denied_the_chat_is_open_without_it(
    open_chat, hiv_protease, tmp_path
):
    with ScriptedModel("One.", "Two.") as server:
        folder = await foreign(open_chat, server, hiv_protease, tmp_path)
        person = Person(allows=False)
        conversation, events = open_chat(server, person)
        reopened = await conversation.reopen(folder)
        await conversation.bring_scene(reopened)
        (asked,) = person.asked
        assert "not kept by this installation" in asked.question
        assert any("programs" in effect for effect in asked.effects)
        assert hiv_protease.get_names() == ["ala"]
        assert notices(events) == ["The chat is open without its scene."]
        assert [event.kind for event in events][:2] == ["approval_asked", "approval_answered"]
        await conversation.prompt("second")
        assert "opened again without its scene" in str(server.requests[-1]["messages"])
        assert "first" not in str(server.requests[-1]["messages"]), "nor is what it says the model remembered believed"


async def test_a_scene_of_elsewhere_opens_where_it_is_allowed(open_chat, hiv_protease, tmp_path):
    with ScriptedModel("One.") as server:
        folder = await foreign(open_chat, server, hiv_protease, tmp_path)
        conversation, _events = open_chat(server, Person(allows=True))
        await conversation.bring_scene(await conversation.reopen(folder))
        assert hiv_protease.get_names() == ["1hpv"]
        assert conversation.transcript.folder != folder


class Evil:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


async def test_a_scene_of_the_reference_is_asked_about_and_a_program_in_it_never_runs(
    open_chat, hiv_protease, tmp_path
):
    folder = paths.sessions_folder() / "abc"
    folder.mkdir(parents=True)
    (folder / "chat.json").write_text(json.dumps({"messages": [{"role": "user", "content": "hello there"}]}))
    session = hiv_protease.get_session() | {"session": Evil(tmp_path / "ran")}
    (folder / "scene.pse").write_bytes(pickle.dumps(session, 1))
    with ScriptedModel("One.") as server:
        person = Person()
        conversation, events = open_chat(server, person)
        reopened = await conversation.reopen(folder)
        await conversation.bring_scene(reopened)
    assert len(person.asked) == 1
    assert "would run code" in notices(events)[-1]
    assert not (tmp_path / "ran").exists()
    assert reopened.events[0].text == "hello there"


async def test_a_session_without_anything_kept_opens_and_says_so(open_chat):
    folder = chat(paths.sessions_folder(), "old", "hello")
    with ScriptedModel("One.") as server:
        conversation, events = open_chat(server)
        reopened = await conversation.reopen(folder)
        await conversation.bring_scene(reopened)
    assert reopened.said == ("The model does not know what was said before; what it needs has to be said again.",)
    assert notices(events) == ["This chat was kept without its scene; what is loaded now stays."]


async def test_a_changed_scene_is_refused_and_the_chat_goes_on(open_chat, hiv_protease):
    with ScriptedModel("One.") as server:
        folder = await ended(open_chat, server, "first")
        (scene,) = folder.glob("scene-*.pse")
        scene.write_bytes(b"x" + scene.read_bytes()[1:])
        conversation, events = open_chat(server)
        await conversation.bring_scene(await conversation.reopen(folder))
    assert notices(events) == [
        f"The scene stays as it is now. The session's file for the scene was changed: {scene.name}."
    ]
    assert hiv_protease.get_names() == ["1hpv"]


async def test_a_scene_that_is_too_large_is_said_once_and_an_older_one_is_not_kept_for_it(
    open_chat, hiv_protease, monkeypatch
):
    with ScriptedModel("One.", "Two.", "Three.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("first")
        await conversation.record.idle()
        folder = conversation.transcript.folder
        assert len(list(folder.glob("scene-*"))) == 1
        monkeypatch.setattr(session_file, "MAX_BYTES", 1000)
        hiv_protease.fragment("ala")
        for text in ("second", "third"):
            await conversation.prompt(text)
            await conversation.record.idle()
    assert len(notices(events)) == 1
    assert "too much to keep it with the chat" in notices(events)[0]
    assert list(folder.glob("scene-*")) == []
    assert len(list(folder.glob("memory-*"))) == 1


async def test_a_full_disk_is_said_and_ends_nothing(open_chat, monkeypatch):
    def refuse(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle, "keep", refuse)
    with ScriptedModel("One.") as server:
        conversation, events = open_chat(server)
        end = await conversation.prompt("first")
        await conversation.record.idle()
    assert end.stop_reason == "done"
    assert notices(events) == ["This chat's scene and memory cannot be kept: No space left on device."]


async def test_keeping_leaves_the_loop_alone(open_chat, gateway, hiv_protease, monkeypatch):
    """What takes long is done in worker threads: the loop goes on while one of them is stuck."""
    import threading

    stuck, go_on = threading.Event(), threading.Event()
    original = bundle.keep

    def wait(*arguments, **more):
        stuck.set()
        go_on.wait(10)
        return original(*arguments, **more)

    monkeypatch.setattr(bundle, "keep", wait)
    with ScriptedModel("One.", "Two.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("first")
        await asyncio.to_thread(stuck.wait, 10)
        assert (await conversation.prompt("second")).stop_reason == "done"
        go_on.set()
        await conversation.record.idle()
        memory = next(conversation.transcript.folder.glob("memory-*")).read_text()
    assert "second" in memory


async def test_a_turn_that_a_crash_cut_is_told_to_the_model(open_chat):
    with ScriptedModel("One.", "Fine.") as server:
        folder = await ended(open_chat, server, "first")
        with (folder / "transcript.jsonl").open("a") as file:
            file.write('{"kind":"turn_started","turn_id":"turn2","text":"measure the gap","model":"m"}\n')
        conversation, _events = open_chat(server)
        reopened = await conversation.reopen(folder)
        assert reopened.events[-1].kind == "turn_finished"
        await conversation.prompt("go on")
    assert "It was asked: measure the gap" in str(server.requests[-1]["messages"])


async def test_opening_a_chat_writes_nothing_in_it(open_chat, hiv_protease):
    with ScriptedModel("One.") as server:
        folder = await ended(open_chat, server, "first")
        before = (folder / "transcript.jsonl").read_bytes()
        hiv_protease.delete("all")
        conversation, events = open_chat(server)
        await conversation.bring_scene(await conversation.reopen(folder))
    assert "The scene of this chat is back" in notices(events)[0]
    assert (folder / "transcript.jsonl").read_bytes() == before


async def test_pymol_quits_while_the_chat_is_still_being_kept(open_chat, hiv_protease, monkeypatch):
    import threading

    begun = threading.Event()
    original = bundle.keep

    def keep(*arguments, **more):
        begun.set()
        return original(*arguments, **more)

    monkeypatch.setattr(bundle, "keep", keep)
    with ScriptedModel("One.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("first")
        await asyncio.to_thread(begun.wait, 10)
        hiv_protease.color("blue")
        conversation.close()
        await conversation.record.idle()
        saved = bundle.load(conversation.transcript.folder, Signer(paths.session_key_file()))
    assert saved.trusted
    assert saved.read("scene")
    assert b"first" in saved.read("memory")


async def test_a_chat_whose_folder_is_deleted_while_it_is_open_says_so_once_and_is_kept_whole_from_then_on(
    open_chat, hiv_protease
):
    with ScriptedModel(RED, "Red.", "Two.", "Three.", "As I said.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("colour chain A red")
        await conversation.record.idle()
        folder = conversation.transcript.folder
        shutil.rmtree(folder)
        await conversation.prompt("two")  # changes nothing in the scene, which is to be kept again nevertheless
        await conversation.prompt("three")
        (lost,) = notices(events)
        assert "deleted or moved while it was open" in lost
        await conversation.aclose()
        conversation.transcript.close()
        hiv_protease.reinitialize()
        conversation, events = open_chat(server)
        reopened = await conversation.reopen(folder)
        assert [event.text for event in reopened.events if event.kind in ("notice", "turn_started")] == [
            lost, "two", "three",
        ]  # fmt: skip
        await conversation.bring_scene(reopened)
        assert hiv_protease.count_atoms("color red and chain A") == 758
        await conversation.prompt("what was the first?")
    assert "colour chain A red" in str(server.requests[-1]["messages"])


async def test_a_chat_whose_folder_is_deleted_before_another_one_is_begun_is_said_to_be_gone(open_chat):
    with ScriptedModel("One.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("one")
        await conversation.record.idle()
        folder = conversation.transcript.folder
        shutil.rmtree(folder)
        conversation.new_chat()
        await conversation.record.idle()
    (gone,) = notices(events)
    assert "The files of the chat that was open before are gone" in gone
    assert not folder.exists()
