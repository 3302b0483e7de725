import asyncio

import pytest

from pymolcode_plugin.core.risk import Mode

from ..scripted_model import ScriptedModel
from .person import Person, until


def kinds(events):
    return [event.kind for event in events]


async def test_code_runs_as_a_step_that_can_be_undone_and_the_model_is_told(open_chat, hiv_protease):
    with ScriptedModel("I see.") as server:
        conversation, events = open_chat(server)
        assert (await conversation.run_code("color red, chain A\ncolor blue, chain B", "pml")).ok
        assert events[-1].stop_reason == "done"
        assert server.requests == []
        assert hiv_protease.count_atoms("color red") == 758
        assert kinds(events) == ["turn_started", "step_started", "step_finished", "turn_finished"]
        assert events[2].undoable
        assert events[2].commands == ("color red, chain A", "color blue, chain B")
        await conversation.prompt("and?")
        told = str(server.requests[0]["messages"][-1])
        assert "The user ran code of your answer in PyMOL: color red, chain A" in told
        await conversation.undoing.undo()
    assert hiv_protease.count_atoms("color red") == 0


async def test_python_asks_first_and_a_denial_is_told(open_chat, hiv_protease):
    person = Person(answer=False)
    with ScriptedModel("I see.") as server:
        conversation, events = open_chat(server, person)
        await conversation.run_code("cmd.delete('all')", "python")
        assert person.asked == ["cmd.delete('all')"]
        assert hiv_protease.get_names() == ["1hpv"]
        assert (events[-2].ok, events[-1].stop_reason) == (False, "failed")
        await conversation.prompt("and?")
    assert "did not allow" in str(server.requests[0]["messages"][-1])


async def test_the_mode_holds_for_code_of_an_answer_too(open_chat, hiv_protease):
    with ScriptedModel("x") as server:
        conversation, events = open_chat(server)
        conversation.policy.mode = Mode.PLAN
        await conversation.run_code("color red")
    assert not events[2].ok
    assert hiv_protease.count_atoms("color red") == 0


async def test_what_was_changed_by_hand_before_does_not_stop_it_and_is_told_as_well(open_chat, hiv_protease):
    with ScriptedModel("One.", "Two.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("one")
        hiv_protease.color("yellow", "chain B")
        await conversation.run_code("color red, chain A")
        assert events[-2].ok
        await conversation.prompt("two")
    told = str(server.requests[-1]["messages"][-1])
    assert "changed by hand: recoloured" in told


async def test_stop_ends_it_and_the_next_turn_goes_on(open_chat, hiv_protease):
    class Waiting(Person):
        async def ask(self, question):
            self.asked.append(question.command)
            await asyncio.Event().wait()

    person = Waiting()
    with ScriptedModel("Here.") as server:
        conversation, events = open_chat(server, person)
        running = asyncio.get_running_loop().create_task(conversation.run_code("delete all"))
        await until(lambda: person.asked)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (events[-1].stop_reason, events[-1].message) == ("stopped", "Stopped.")
        assert (await conversation.prompt("x")).stop_reason == "done"
    assert hiv_protease.get_names() == ["1hpv"]


async def test_a_link_that_was_clicked_does_not_disturb_undo(open_chat, hiv_protease):
    person = Person(answer=False)
    with ScriptedModel("x") as server:
        conversation, _events = open_chat(server, person)
        await conversation.run_code("color red, chain A")
        await conversation.pointing.show("resi 25")
        await conversation.undoing.undo()
    assert person.asked == []
    assert hiv_protease.count_atoms("color red") == 0
