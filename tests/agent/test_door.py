import asyncio
import itertools

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.core.events import StepFinished, StepStarted
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue


class Person:
    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    async def ask(self, question):
        self.asked.append(question.command)
        return Answer(allowed=self.answer)


@pytest.fixture
def person():
    return Person(answer=False)


@pytest.fixture
def events():
    return []


@pytest.fixture
def call(gateway, person, events, tmp_path):
    catalogue = Catalogue(TOOLS)
    policy = Policy(Rules(tmp_path / "rules.yaml"))
    door = Door(catalogue.find, catalogue.names, gateway, gateway, person, policy, working_folder=lambda: str(tmp_path))

    async def run(name, turn="t1", **arguments):
        return await door.call(Turn(turn, events.append), f"c{next(numbers)}", name, arguments)

    async def undo(turn_id=""):
        return await door.undo(events.append, turn_id=turn_id)

    numbers = itertools.count(1)
    run.door, run.undo = door, undo
    return run


async def test_a_change_comes_back_with_what_it_did_and_can_be_undone(call, hiv_protease):
    result = await call("run_pymol", commands="color red, chain A and polymer")
    assert result.ok
    assert result.diff.text == "recoloured 758 atoms of 1hpv"
    assert hiv_protease.count_atoms("color red") >= 758
    await call.undo()
    assert hiv_protease.count_atoms("color red and chain A and elem C") == 0


async def test_undo_reverts_the_whole_turn_and_the_turns_after_it(call, hiv_protease):
    await call("run_pymol", turn="t1", commands="color red, all")
    await call("run_pymol", turn="t1", commands="show spheres, all")
    await call("run_pymol", turn="t2", commands="bg_color white")
    diff = await call.undo("t1")
    assert "recoloured" in diff.text
    assert hiv_protease.count_atoms("rep spheres") == 0
    assert hiv_protease.get_setting_text("bg_rgb") == "0x000000"
    with pytest.raises(SceneError, match="nothing to undo"):
        await call.undo()


async def test_an_unknown_tool_and_malformed_arguments_are_errors_the_model_can_read(call, events):
    unknown = await call("make_coffee", sugar=2)
    assert "There is no tool `make_coffee`" in unknown.error
    assert "run_pymol" in unknown.error
    malformed = await call("query_atoms", what="colour", selections="all")
    assert "selections" in malformed.error
    assert [type(event) for event in events] == [StepStarted, StepFinished] * 2


async def test_code_is_not_run_when_the_person_says_no(call, person, hiv_protease):
    result = await call("run_pymol", commands="delete all")
    assert person.asked == ["delete all"]
    assert "did not allow" in result.error
    assert hiv_protease.get_names() == ["1hpv"]


async def test_what_the_person_allows_runs(call, person, hiv_protease):
    person.answer = True
    result = await call("run_pymol", commands="delete all")
    assert result.diff.removed == ("1hpv",)


async def test_pymols_error_reaches_the_model_with_the_line_that_failed(call, hiv_protease):
    result = await call("run_pymol", commands="show sticks, organic\nzoom nosuch\nbg_color white")
    assert not result.ok
    assert result.error.startswith("`zoom nosuch` failed: ")
    assert "The 1 lines after it did not run" in result.error


async def test_calls_made_at_once_run_one_after_the_other_each_with_its_own_changes(call, hiv_protease):
    results = await asyncio.gather(
        call("run_pymol", commands="color red, chain A and polymer"),
        call("run_pymol", commands="show spheres, organic"),
        call("run_pymol", commands="bg_color white"),
    )
    assert [result.diff.text for result in results] == [
        "recoloured 758 atoms of 1hpv",
        "showed spheres on 35 atoms of 1hpv",
        "set bg_rgb to white (was black)",
    ]


async def test_a_call_that_is_stopped_while_it_asks_is_recorded_as_stopped(call, person, events, hiv_protease):
    asked = asyncio.Event()

    async def never(_question):
        asked.set()
        await asyncio.Event().wait()

    person.ask = never
    waiting = asyncio.ensure_future(call("run_pymol", commands="delete all"))
    await asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert events[-1].kind == "step_finished"
    assert "Stopped" in events[-1].error
    assert hiv_protease.get_names() == ["1hpv"]
    assert (await call("scene_state")).ok, "the door is open for the next call"


async def test_undo_pressed_twice_undoes_once_and_says_that_there_is_nothing_more(call, hiv_protease):
    await call("run_pymol", commands="color red, all")
    first, second = await asyncio.gather(call.undo(), call.undo(), return_exceptions=True)
    assert "recoloured" in first.text
    assert isinstance(second, SceneError)


async def test_megabytes_of_arguments_are_refused_in_few_words(call, events, hiv_protease):
    result = await call("run_pymol", commands="color red\n" * 200_000)
    assert "at most 20000 characters" in result.error
    assert len(events[0].arguments) < 3000
    assert len(result.error) < 500
