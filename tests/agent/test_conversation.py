import asyncio
import threading

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths
from pymolcode_plugin.core.attachments import Message, Picture
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.core.outgoing import Data

from ..scripted_model import Cut, Limit, ScriptedModel, Silence, Status
from .person import Person, until

CANARY = "sk-test-canary-1"


def said(events):
    return "".join(event.text for event in events if event.kind == "text_delta").strip()


async def test_a_turn_runs_tools_and_is_written_down(open_chat, hiv_protease):
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Chain A is red.") as server:
        conversation, _events = open_chat(server)
        end = await conversation.prompt("colour chain A red")
    assert end.stop_reason == "done"
    assert end.usage.n_input_tokens == 200
    assert hiv_protease.count_atoms("color red and chain A") == 758
    kinds = [event.kind for event in conversation.transcript.events()]
    assert kinds == ["turn_started", "step_started", "step_finished", "text_delta", "turn_finished"]


async def test_the_key_goes_to_the_server_and_nowhere_else(open_chat):
    with ScriptedModel(Status(401, f"bad key {CANARY}")) as server:
        conversation, events = open_chat(server)
        end = await conversation.prompt("hello")
    assert server.headers[0]["authorization"] == f"Bearer {CANARY}"
    assert end.stop_reason == "failed"
    assert "Check the key" in end.message
    assert CANARY not in repr(events) + conversation.transcript.path.read_text()


async def test_the_next_turn_knows_the_one_before(open_chat):
    with ScriptedModel(
        ("query_atoms", {"what": "count", "selections": ["organic"]}), "35 atoms.", "As I said."
    ) as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("how many atoms has the ligand?")
        await conversation.prompt("sure?")
    text = str(server.requests[2]["messages"])
    assert "how many atoms has the ligand?" in text
    assert "35 atoms in 1 residues" in text


async def test_an_unknown_tool_and_malformed_arguments_are_answered_and_the_turn_goes_on(open_chat, hiv_protease):
    turns = [("explode", {}), ("run_pymol", {"command": "x"}), ("run_pymol", "{not json"), "I could not."]
    with ScriptedModel(*turns) as server:
        conversation, events = open_chat(server)
        end = await conversation.prompt("x")
    assert end.stop_reason == "done", end.message
    assert said(events) == "I could not."
    assert hiv_protease.get_names() == ["1hpv"]


async def test_a_model_that_never_stops_is_stopped(open_chat):
    with ScriptedModel(("scene_state", {})) as server:
        conversation, _events = open_chat(server)
        end = await conversation.prompt("x")
        assert len(server.requests) == 40
    assert end.stop_reason == "failed"
    assert "did not come to an end" in end.message


async def test_a_stream_that_is_cut_fails_the_turn_and_keeps_the_text_and_the_chat(open_chat):
    with ScriptedModel(Cut("The ligand"), "is amprenavir.") as server:
        conversation, events = open_chat(server)
        first = await conversation.prompt("what is it?")
        second = await conversation.prompt("go on")
    assert first.stop_reason == "failed"
    assert "broke" in first.message or "failed" in first.message
    assert said(events).startswith("The ligand")
    assert second.stop_reason == "done"


@pytest.mark.parametrize(("status", "words"), [(Status(404), "model's name"), (Status(400, "no"), "refused")])
async def test_a_refusal_says_what_to_do(open_chat, status, words):
    with ScriptedModel(status) as server:
        conversation, _ = open_chat(server)
        end = await conversation.prompt("x")
    assert words in end.message


async def test_no_network_is_said_in_words(open_chat):
    with ScriptedModel("x") as server:
        pass
    conversation, _events = open_chat(server)
    end = await conversation.prompt("x")
    assert end.stop_reason == "failed"
    assert "cannot be reached" in end.message


async def test_stop_ends_the_stream_at_the_server_too_and_the_next_turn_works(open_chat):
    with ScriptedModel(Silence("Let me think"), "Back.") as server:
        conversation, events = open_chat(server)
        turn = asyncio.ensure_future(conversation.prompt("x"))
        await until(lambda: said(events))
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert await asyncio.to_thread(server.broken_off.wait, 10)
        assert [event.stop_reason for event in events if event.kind == "turn_finished"] == ["stopped"]
        assert (await conversation.prompt("again")).stop_reason == "done"


READ = ("query_atoms", {"what": "count", "selections": ["organic"]})
RED = ("run_pymol", {"commands": "color red, chain A"})
UNDO = ("undo", {})


@pytest.mark.parametrize(("steps", "undoable"), [((), False), ((READ,), False), ((RED,), True), ((RED, UNDO), False)])
async def test_a_stopped_turn_speaks_of_undo_only_where_there_is_something_to_undo(
    open_chat, hiv_protease, steps, undoable
):
    with ScriptedModel(RED, "Red.", *steps, Silence("Let me think")) as server:
        conversation, events = open_chat(server)
        await conversation.prompt("red first, which is another turn's")
        hiv_protease.color("blue", "all")
        turn = asyncio.ensure_future(conversation.prompt("x"))
        await until(lambda: "Let me think" in said(events))
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        message = events[-1].message
        assert message.startswith("Stopped.")
        assert ("Undo" in message) == undoable
        if undoable:
            await conversation.undoing.undo()
            assert hiv_protease.count_atoms("color blue") == hiv_protease.count_atoms()


async def test_a_denied_step_reaches_the_model_and_changes_nothing(open_chat, hiv_protease):
    person = Person(answer=False)
    with ScriptedModel(("run_pymol", {"commands": "delete all"}), "Fine.") as server:
        conversation, _events = open_chat(server, person)
        await conversation.prompt("x")
    assert person.asked == ["delete all"]
    assert hiv_protease.get_names() == ["1hpv"]
    assert "did not allow" in str(server.requests[1]["messages"])


async def test_an_answer_cut_at_the_models_limit_is_said_to_be_cut(open_chat):
    with ScriptedModel(Limit("The first half")) as server:
        conversation, events = open_chat(server)
        await conversation.prompt("x")
    assert "was cut" in next(event.text for event in events if event.kind == "notice")


async def test_an_address_without_its_scheme_is_said(open_chat):
    with ScriptedModel("x") as server:
        conversation, _ = open_chat(server, OPENAI_BASE_URL="localhost:8080/v1")
        end = await conversation.prompt("x")
    assert "begins with http" in end.message


def notices(events):
    return [event.text for event in events if event.kind == "notice"]


async def test_another_model_in_the_middle_of_a_chat_knows_what_was_said(open_chat):
    with ScriptedModel("I am the first.") as first, ScriptedModel("And I the second.") as second:
        conversation, events = open_chat(first)
        await conversation.prompt("My name is Ada.")
        (paths.user_folder() / "config.yaml").write_text(f"base_urls: {{ollama: '{second.base_url}'}}")
        await conversation.use_model("ollama:scripted")
        end = await conversation.prompt("What is my name?")
        assert end.stop_reason == "done"
        assert said(events).endswith("And I the second.")
        sent = str(second.requests[-1]["messages"])
        assert "My name is Ada." in sent
        assert "I am the first." in sent
        assert conversation.brain.choice.full_name == "ollama:scripted"
        assert len(first.requests) == 1
        assert any("The model is now" in text for text in notices(events))


async def test_a_model_that_cannot_be_used_leaves_the_one_in_use(open_chat):
    with ScriptedModel("Still here.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("x")
        with pytest.raises(ConfigError, match="unknown"):
            await conversation.use_model("nobody:nothing")
        assert (await conversation.prompt("y")).stop_reason == "done"
        assert conversation.brain.choice.name == "scripted"


async def test_a_model_that_cannot_be_made_fails_the_message_and_leaves_the_one_before_as_it_was(open_chat):
    with ScriptedModel("One.", "Ada.") as server:
        conversation, events = open_chat(server, OPENROUTER_API_KEY="canary-key-0123")
        await conversation.prompt("My name is Ada.")
        await conversation.use_model("openrouter:no-such-model")
        for _ in range(2):
            end = await conversation.prompt("x")
            assert end.stop_reason == "failed"
            assert "OpenRouter has no model" in end.message
        assert len(server.requests) == 1, "nobody else is asked instead"
        await conversation.use_model("")
        end = await conversation.prompt("What is my name?")
        assert end.stop_reason == "done", end.message
        assert "My name is Ada." in str(server.requests[-1]["messages"])
        states = [event for event in events if event.kind == "model_state"]
        assert (states[-1].model, states[-1].phase) == ("scripted", "ready")
        assert not any("The model is now" in text for text in notices(events))


class DoingMeanwhile(Person):
    """A person who does something else before the answer, in the middle of the turn; it must not be done by then."""

    def __init__(self, limit_s):
        super().__init__()
        self.meanwhile, self.limit_s = None, limit_s

    async def ask(self, question):
        self.task = asyncio.ensure_future(self.meanwhile())
        await asyncio.wait({self.task}, timeout=self.limit_s)
        self.was_done = self.task.done()
        return await super().ask(question)


async def test_a_chat_is_made_shorter_only_once_the_turn_is_over(open_chat):
    person = DoingMeanwhile(0.3)
    with ScriptedModel(("run_pymol", {"commands": "delete all"}), "Done.") as server:
        conversation, events = open_chat(server, person)
        person.meanwhile = conversation.compact
        assert (await conversation.prompt("x")).stop_reason == "done"
        await person.task
    assert not person.was_done
    assert [event.kind for event in events if event.kind in ("notice", "turn_finished")] == ["turn_finished", "notice"]


async def test_a_change_of_the_model_takes_no_connection_from_a_turn_that_runs(open_chat):
    person = DoingMeanwhile(2)  # longer than a change takes
    with ScriptedModel(("run_pymol", {"commands": "delete all"}), "Done.") as first, ScriptedModel("Two.") as second:
        (paths.user_folder() / "config.yaml").write_text(f"base_urls: {{ollama: '{second.base_url}'}}")
        conversation, events = open_chat(first, person)

        async def change():
            await conversation.use_model("ollama:scripted")
            await conversation.brain.prepare()

        person.meanwhile = change
        assert (await conversation.prompt("x")).stop_reason == "done"
        assert said(events) == "Done."
        await person.task
        await conversation.prompt("y")
        assert (len(first.requests), len(second.requests)) == (2, 1)
    assert not person.was_done


async def test_a_sign_in_elsewhere_is_seen_at_the_next_message(open_chat):
    with ScriptedModel("Before.") as before, ScriptedModel("After.") as after:
        plain = {"OPENAI_BASE_URL": before.base_url, "PYMOLCODE_MODEL": "", "OPENAI_API_KEY": ""}
        conversation, events = open_chat(before, **plain)
        await conversation.prompt("x")
        store = TokenStore()
        metadata = {"method": "key", "base_url": after.base_url}
        store.put(Credential(provider_id="groq", access_token=SecretStr("canary-key-42"), metadata=metadata))
        store.choose("groq", "scripted")
        await conversation.prompt("y")
        assert said(events) == "Before. After."
        assert after.headers[-1]["authorization"] == "Bearer canary-key-42"
        assert any("The model is now" in text for text in notices(events))


async def test_that_a_model_is_waited_for_is_said(open_chat):
    busy = Status(429, "Rate limit reached. Please try again in 6s.")
    with ScriptedModel(busy, busy, "Here I am.") as server:
        conversation, events = open_chat(server)
        assert (await conversation.prompt("x")).stop_reason == "done"
        assert said(events) == "Here I am."
        assert notices(events) == ["scripted asks to slow down (429). Asking again in 6 s."]


async def test_the_next_model_is_tried_and_that_stands_in_the_transcript(open_chat):
    with ScriptedModel(Status(429, "enough")) as full, ScriptedModel("Here I am.") as other:
        (paths.user_folder() / "config.yaml").write_text(f"base_urls: {{ollama: '{other.base_url}'}}")
        conversation, events = open_chat(full, PYMOLCODE_FALLBACK="ollama:scripted")
        end = await conversation.prompt("x")
        assert end.stop_reason == "done"
        assert said(events) == "Here I am."
        written = [event.text for event in conversation.transcript.events() if event.kind == "notice"]
        assert any("Trying scripted" in text and "429" in text for text in written)


async def test_the_window_of_an_unknown_model_can_be_set_also_in_the_middle_of_a_chat(open_chat):
    with ScriptedModel("One.") as server:
        conversation, _ = open_chat(server)
        assert (await conversation.prompt("x")).usage.context_fraction is None
        (paths.user_folder() / "config.yaml").write_text("context_tokens: 1000")
        assert (await conversation.prompt("x")).usage.context_fraction == pytest.approx(0.107)


async def test_a_fallback_that_is_set_in_the_middle_of_a_chat_is_seen_and_the_chat_goes_on(open_chat):
    with ScriptedModel("One.", Status(529)) as full, ScriptedModel("Here I am.") as other:
        conversation, events = open_chat(full)
        await conversation.prompt("My name is Ada.")
        (paths.user_folder() / "config.yaml").write_text(
            f"base_urls: {{ollama: '{other.base_url}'}}\nfallback: [ollama:scripted]"
        )
        end = await conversation.prompt("x")
        assert end.stop_reason == "done", end.message
        assert "My name is Ada." in str(other.requests[0]["messages"])
        assert not any("The model is now" in text for text in notices(events)), "it is the same model"


async def test_the_limit_of_requests_that_is_set_in_the_middle_of_a_chat_holds(open_chat):
    with ScriptedModel(("scene_state", {})) as server:
        conversation, _ = open_chat(server)
        for limit in (3, 2):
            (paths.user_folder() / "config.yaml").write_text(f"request_limit: {limit}")
            n_before = len(server.requests)
            assert "request_limit" in (await conversation.prompt("x")).message
            assert len(server.requests) - n_before == limit


async def test_a_fallback_that_cannot_be_used_is_said_once_on_the_loop_and_used_once_somebody_signs_in(open_chat):
    with ScriptedModel("One.", "Two.", Status(529)) as full, ScriptedModel("Here I am.") as other:
        conversation, events = open_chat(full)
        threads = set()
        listen = conversation._listen
        conversation._listen = lambda event: (threads.add(threading.get_ident()), listen(event))
        (paths.user_folder() / "config.yaml").write_text("fallback: [mistral:scripted]")
        for text in ("x", "y"):
            await conversation.prompt(text)
            (paths.user_folder() / "config.yaml").write_text("fallback: [mistral:scripted]\nmode: auto")
        told = [text for text in notices(events) if "cannot be used as a fallback" in text]
        assert len(told) == 1
        assert threads == {threading.get_ident()}
        metadata = {"method": "key", "base_url": other.base_url}
        TokenStore().put(Credential(provider_id="mistral", access_token=SecretStr("canary-key-42"), metadata=metadata))
        end = await conversation.prompt("z")
        assert end.stop_reason == "done", end.message
        assert other.headers[-1]["authorization"] == "Bearer canary-key-42"


async def test_what_was_used_is_told_after_every_request_and_summed_up(open_chat):
    with ScriptedModel(("scene_state", {}), "Done.") as server:
        conversation, events = open_chat(server)
        end = await conversation.prompt("x")
        told = [event for event in events if event.kind == "usage_told"]
        assert [event.usage.n_requests for event in told] == [1, 2]
        assert end.usage.n_input_tokens == end.session.n_input_tokens == 200
        assert end.usage.cost_usd == 0, "it runs on this machine"
        second = await conversation.prompt("y")
        assert (second.usage.n_requests, second.session.n_requests) == (1, 3)
        conversation.new_chat()
        assert (await conversation.prompt("z")).session.n_requests == 1


async def test_a_turn_that_reaches_the_budget_stops_and_what_was_done_stands(open_chat, hiv_protease):
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Never asked.") as server:
        person = Person(answer=False)
        conversation, _events = open_chat(server, person, PYMOLCODE_BUDGET_TOKENS="50")
        end = await conversation.prompt("colour it")
        assert end.stop_reason == "failed"
        assert "50 tokens" in end.message
        assert len(server.requests) == 1
        colours = set()
        hiv_protease.iterate("chain A", "colours.add(color)", space={"colours": colours})
        assert colours == {hiv_protease.get_color_index("red")}


async def test_a_key_in_a_message_is_taken_out_before_it_is_sent(open_chat):
    with ScriptedModel("Thanks.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("my key is sk-canary-0123456789 please")
        assert "canary" not in str(server.requests)
        assert "my key is ******** please" in str(server.requests)
        assert "canary" not in conversation.transcript.path.read_text()
        assert any("key in your message" in text for text in notices(events))


async def test_a_chat_can_be_made_shorter_by_hand(open_chat):
    long = "It is so. " * 300
    with ScriptedModel(*[long] * 6, "They talked.", "Yes.") as server:
        conversation, events = open_chat(server)
        await conversation.compact()
        assert "nothing to make shorter" in notices(events)[-1]
        for number in range(6):
            await conversation.prompt(f"question {number}")
        await conversation.compact()
        assert "instead of" in notices(events)[-1]
        await conversation.prompt("still there?")
        sent = str(server.requests[-1]["messages"])
        assert "question 0" in sent
        assert "They talked." in sent
        assert "question 2" not in sent
        assert "question 5" in sent
        written = str(list(conversation.transcript.events()))
        assert "question 2" in written


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003"
    "8001ff6f2b0f0b0000000049454e44ae426082"
)


async def test_pictures_go_to_a_model_that_sees_and_their_names_into_the_transcript(open_chat):
    picture = Picture(name="gel.png", data=PIXEL, width_px=1, height_px=1)
    with ScriptedModel("A gel.", "Yes.") as server:
        conversation, _events = open_chat(server)
        await conversation.prompt("what is this?", images=(picture,), selections=("1hpv",), files=("/data/x.csv",))
        await conversation.prompt("sure?")
    content = server.requests[0]["messages"][-1]["content"]
    assert [item["type"] for item in content] == ["image_url", "text"]
    assert content[0]["image_url"]["url"].startswith("data:image/png;base64,")
    assert content[1]["text"].endswith("\nwhat is this?")
    assert "image_url" in str(server.requests[1]["messages"]), "the next turn still has it"
    started = next(iter(conversation.transcript.events()))
    assert (started.text, started.attachments) == ("what is this?", ("1hpv", "gel.png (1 × 1)", "x.csv"))


async def test_pictures_that_are_withheld_or_cannot_be_seen_are_words_and_that_is_said(open_chat, monkeypatch):
    picture = Picture(name="gel.png", data=PIXEL)
    with ScriptedModel("Two.") as server:
        conversation, events = open_chat(server)
        conversation.outgoing.withheld = {Data.IMAGES}
        monkeypatch.setattr("pymolcode_plugin.agent.outgoing.on_this_machine", lambda _address: False)
        await conversation.prompt("what is this?", images=(picture,))
    assert "image_url" not in str(server.requests[0])
    assert "A picture, which the user does not send" in str(server.requests[0])
    assert any("Images are withheld" in text for text in notices(events))


async def test_a_server_that_refuses_pictures_gets_words_and_the_turn_goes_on(open_chat):
    picture = Picture(name="gel.png", data=PIXEL)
    with ScriptedModel(Status(400, "no images here"), "I cannot see it.", "Nor this.") as server:
        conversation, events = open_chat(server)
        assert (await conversation.prompt("what is this?", images=(picture,))).stop_reason == "done"
        await conversation.prompt("and this?", images=(picture,))
    assert "which this model cannot see" in str(server.requests[1])
    assert "image_url" not in str(server.requests[2])
    assert any("cannot see pictures" in text for text in notices(events))


async def test_what_is_said_meanwhile_reaches_the_turn_beside_the_next_result(open_chat, hiv_protease):
    steered = []

    class Steering(Person):
        async def ask(self, question):
            steered.append(conversation.steer(Message(text="only @/1hpv//A please", selections=("organic",))))
            steered.append(conversation.steer(Message(text="taken back")))
            conversation.take_back(Message(text="taken back"))
            return await super().ask(question)

    turns = (("run_pymol", {"commands": "delete nothing*"}), ("run_pymol", {"commands": "delete all"}), "As you say.")
    with ScriptedModel(*turns) as server:
        conversation, _events = open_chat(server, Steering(answer=False))
        assert not conversation.steer(Message(text="nobody hears this")), "nothing runs"
        end = await conversation.prompt("tidy up")
    assert end.stop_reason == "done"
    assert steered == [True] * len(steered)
    asked = [message for message in server.requests[-1]["messages"] if message["role"] == "user"]
    said = str(asked[1]["content"])
    assert "only @/1hpv//A please" in said
    assert "[Attached selection `organic`: 35 atoms, 1 residue.]" in said
    assert "Attached selection `/1hpv//A`" in said
    assert "taken back" not in str(server.requests[-1])
    (told, *_) = [event for event in conversation.transcript.events() if event.kind == "steered"]
    assert (told.text, told.attachments) == ("only @/1hpv//A please", ("organic",))
    assert not conversation._meanwhile


async def test_what_is_said_after_the_last_result_is_not_said_to_the_next_turn(open_chat):
    with ScriptedModel("Done.", ("scene_state", {}), "Done.") as server:
        conversation, events = open_chat(server)
        conversation._listen = lambda event: (
            events.append(event),
            event.kind == "text_delta" and conversation.steer(Message(text="too late")),
        )
        await conversation.prompt("one")
        await conversation.prompt("two")
    assert "too late" not in str(server.requests)
    assert not [event for event in events if event.kind == "steered"]


async def test_a_dropped_file_is_loaded_without_the_model_and_without_a_question_about_where_it_lies(
    open_chat, shipped, hiv_protease
):
    person = Person(answer=False)
    with ScriptedModel("I see it.") as server:
        conversation, events = open_chat(server, person)
        await conversation.prompt("hello")
        hiv_protease.color("red", "chain A")  # by hand: no plan of the model's is at stake
        assert await conversation.load_file(str(shipped / "demo" / "pept.pdb")) == ("pept",)
        assert len(server.requests) == 1
        await conversation.prompt("what is new?")
    assert person.asked == []
    kinds = [event.kind for event in events if event.kind.startswith(("turn", "step"))][2:6]
    assert kinds == ["turn_started", "step_started", "step_finished", "turn_finished"]
    said = server.requests[-1]["messages"][-1]["content"]
    assert "changed by hand: recoloured" in said
    assert "The user did this by hand: Load pept.pdb." in said
    await conversation.undoing.undo()
    assert hiv_protease.get_names() == ["1hpv"]


async def test_a_dropped_session_asks_because_it_can_hold_code(open_chat, hiv_protease, tmp_path):
    person = Person(answer=False)
    hiv_protease.save(str(tmp_path / "old.pse"), quiet=1)
    with ScriptedModel("x") as server:
        conversation, events = open_chat(server, person)
        assert await conversation.load_file(str(tmp_path / "old.pse")) == ()
    assert len(person.asked) == 1
    assert events[-1].stop_reason == "failed"


async def test_a_dropped_file_that_is_broken_is_said(open_chat, hiv_protease, tmp_path):
    (tmp_path / "bad.pdb").write_text("this is no structure")
    with ScriptedModel("x") as server:
        conversation, events = open_chat(server)
        assert await conversation.load_file(str(tmp_path / "bad.pdb")) == ()
    assert not next(event.ok for event in events if event.kind == "step_finished")
    assert events[-1].message == "That did not work."
