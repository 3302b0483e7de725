import asyncio
import contextlib
import itertools
import random

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.door import Door, Turn
from pymolcode_plugin.core.errors import Denied, GatewayClosed, PymolcodeError, SceneError
from pymolcode_plugin.core.events import StepFinished, StepStarted
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.core.risk import Mode
from pymolcode_plugin.core.scene import CommandOutput
from pymolcode_plugin.core.tasks import spawn
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue


class Person:
    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self.questions = []

    async def ask(self, question):
        self.asked.append(question.command)
        self.questions.append(question)
        return self.answer if isinstance(self.answer, Answer) else Answer(allowed=self.answer)


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


async def test_code_is_not_run_when_the_person_says_no(call, person, hiv_protease, events):
    result = await call("run_pymol", commands="delete all")
    assert person.asked == ["delete all"]
    assert "did not allow" in result.error
    assert next(event for event in events if isinstance(event, StepFinished)).denied
    assert hiv_protease.get_names() == ["1hpv"]


async def test_what_the_person_allows_runs(call, person, hiv_protease):
    person.answer = True
    result = await call("run_pymol", commands="delete all")
    assert result.diff.removed == ("1hpv",)


async def test_pymols_error_reaches_the_model_with_the_line_that_failed(call, hiv_protease):
    result = await call("run_pymol", commands="show sticks, organic\nzoom nosuch\nbg_color white")
    assert not result.ok
    assert result.error.startswith("`zoom nosuch` failed: ")
    assert " 1 line after it did not run" in result.error


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


@pytest.fixture
def held(gateway, monkeypatch):
    """Makes a method of the gateway wait; (it has begun, it may go on)."""

    def hold(name):
        begun, go_on = asyncio.Event(), asyncio.Event()
        method = getattr(gateway, name)

        async def slow(*args, **kwargs):
            begun.set()
            await go_on.wait()
            return await method(*args, **kwargs)

        monkeypatch.setattr(gateway, name, slow)
        return begun, go_on

    return hold


async def stopped_twice(running, begun, go_on):
    """Press Stop, and again, while something waits that must not be left half done."""
    await begun.wait()
    for _ in range(2):
        running.cancel()
        await asyncio.wait({running}, timeout=0.01)
        assert not running.done()
    go_on.set()
    await asyncio.wait({running})
    assert running.cancelled()


async def test_a_step_that_is_stopped_while_its_end_is_kept_is_a_whole_step(call, events, held, hiv_protease):
    running = spawn(call("run_pymol", commands="color red, all"), name="call")
    await stopped_twice(running, *held("compare"))
    assert events[-1].error == "Stopped."
    assert events[-1].undoable
    assert "recoloured" in events[-1].diff
    await call.undo()
    assert hiv_protease.count_atoms("color red") == 0


async def test_an_undo_by_the_model_that_is_stopped_half_way_is_a_whole_one(call, held, hiv_protease):
    await call("run_pymol", commands="color red, all")
    running = spawn(call("undo"), name="undo")
    await stopped_twice(running, *held("restore"))
    assert hiv_protease.count_atoms("color red") == 0
    await call.door.redo(lambda _event: None)
    assert hiv_protease.count_atoms("color red") == 1631


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


async def test_megabytes_of_a_name_or_of_a_result_are_cut(call, events, gateway, monkeypatch, hiv_protease):
    unknown = await call("make_coffee" * 10**6)
    assert len(unknown.error) < 5000
    assert max(len(event.model_dump_json()) for event in events) < 10_000

    async def endless(_text):
        return CommandOutput(lines=("x" * 10**6,), warnings=("y" * 10**6,) * 100)

    monkeypatch.setattr(gateway, "run_commands", endless)
    assert len((await call("run_pymol", commands="zoom")).for_model) < 100_000


async def test_what_the_person_edited_runs_instead(call, person, events, hiv_protease):
    hiv_protease.create("copy", "chain A")
    person.answer = Answer(allowed=True, command="delete copy")
    await call("run_pymol", commands="delete all")
    assert hiv_protease.get_names() == ["1hpv"]
    assert [event.command for event in events if event.kind == "approval_answered"] == ["delete copy"]


async def test_what_the_person_edited_is_judged_again(call, person, hiv_protease):
    call.door.policy.this_machine_only = True
    person.answer = Answer(allowed=True, command="fetch 1abc")
    assert "machine only" in (await call("run_pymol", commands="delete all")).error
    assert hiv_protease.get_names() == ["1hpv"]


async def test_the_reason_of_a_denial_reaches_the_model(call, person, hiv_protease):
    person.answer = Answer(allowed=False, reason="keep the ligand")
    assert "keep the ligand" in (await call("run_pymol", commands="delete all")).error


async def test_always_allowed_is_not_asked_again_here(call, person, hiv_protease):
    person.answer = Answer(allowed=True, always=True)

    async def delete_a_copy():
        hiv_protease.create("copy", "chain A")
        await call("scene_state")
        return await call("run_pymol", commands="delete copy")

    await delete_a_copy()
    assert (await delete_a_copy()).ok
    assert person.asked == ["delete copy"]
    call.door.policy.rules.remove(*call.door.policy.rules.all())
    await delete_a_copy()
    assert len(person.asked) == 2


async def test_a_plan_made_on_another_scene_is_refused_and_says_what_changed(call, hiv_protease):
    await call("scene_state")
    hiv_protease.color("blue", "chain B")
    hiv_protease.delete("nothing")
    refused = await call("run_pymol", commands="color red, chain A")
    assert "the scene changed since you looked at it (recoloured" in refused.error
    assert hiv_protease.count_atoms("color red and chain A and elem C") == 0
    assert (await call("run_pymol", commands="color red, chain A")).ok, "now it knows"


async def test_moving_the_camera_by_hand_refuses_nothing(call, hiv_protease):
    await call("scene_state")
    hiv_protease.turn("x", 30)
    assert (await call("run_pymol", commands="color red, chain A")).ok


async def test_an_outside_caller_gives_the_hash_it_planned_on(call, hiv_protease):
    seen = await call("scene_state")
    door, turn = call.door, Turn("t9", lambda _event: None)
    hiv_protease.color("blue", "chain B")
    arguments = {"commands": "color red, chain A"}
    assert not (await door.call(turn, "x1", "run_pymol", arguments, expect=seen.scene_hash)).ok
    now = await call("scene_state")
    assert now.scene_hash != seen.scene_hash
    assert (await door.call(turn, "x2", "run_pymol", arguments, expect=now.scene_hash)).ok


async def test_undo_says_what_was_changed_by_hand_since_and_asks(call, person, hiv_protease):
    await call("run_pymol", commands="color red, chain A")
    hiv_protease.show("spheres", "organic")
    with pytest.raises(Denied, match="by hand stays"):
        await call.undo()
    assert person.questions[-1].effects == ("would be lost: showed spheres on 35 atoms of 1hpv",)
    assert hiv_protease.count_atoms("rep spheres") == 35
    person.answer = True
    await call.undo()
    assert hiv_protease.count_atoms("rep spheres") == 0


async def test_undo_of_an_earlier_step_says_what_was_changed_by_hand_between(call, person, hiv_protease):
    await call("run_pymol", commands="color red, chain A")
    hiv_protease.show("spheres", "organic")
    await call("scene_state", turn="t2")
    await call("run_pymol", turn="t2", commands="bg_color white")
    await call.undo()
    assert person.questions == []
    assert hiv_protease.count_atoms("rep spheres") == 35
    with pytest.raises(Denied):
        await call.undo()
    assert "spheres" in person.questions[-1].effects[0]


async def test_undo_keeps_the_camera_where_the_user_turned_it_unless_the_step_moved_it(call, hiv_protease):
    await call("run_pymol", commands="color red, chain A")
    hiv_protease.turn("y", 40)
    turned = hiv_protease.get_view()
    await call.undo()
    assert hiv_protease.get_view() == pytest.approx(turned)
    await call("run_pymol", commands="zoom organic")
    await call.undo()
    assert hiv_protease.get_view() == pytest.approx(turned)


async def test_redo_does_it_again_and_ends_where_something_new_was_done(call, events, hiv_protease):
    await call("run_pymol", commands="color red, chain A")
    await call.undo()
    diff = await call.door.redo(events.append)
    assert diff.text == "recoloured 758 atoms of 1hpv"
    assert events[-1].action == "redo"
    await call.undo()
    await call("run_pymol", commands="bg_color white")
    with pytest.raises(SceneError, match="do again"):
        await call.door.redo(events.append)


async def test_a_step_that_fails_half_way_can_be_undone(call, hiv_protease):
    result = await call("run_pymol", commands="color red, chain A\nzoom nosuch")
    assert not result.ok
    assert result.diff.text == "recoloured 758 atoms of 1hpv"
    await call.undo()
    assert hiv_protease.count_atoms("color red and chain A and elem C") == 0


async def test_a_call_that_keeps_failing_is_stopped(call, hiv_protease):
    errors = [(await call("run_pymol", commands="zoom nosuch")).error for _ in range(3)]
    assert "nosuch" in errors[1]
    assert errors[2].startswith("Not run: exactly this call failed")


async def test_an_unknown_tool_shows_a_step(call, events):
    await call("make_coffee")
    assert (events[0].tool, events[1].ok) == ("make_coffee", False)


async def test_what_was_written_and_what_ran_are_told(call, events, hiv_protease, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = await call("run_pymol", commands="count_atoms all\ncolor red, chain A; save a.pdb, chain A")
    assert result.files == (str(tmp_path / "a.pdb"),)
    assert result.commands == ("color red, chain A", "save a.pdb, chain A")
    assert events[-1].files == result.files
    result = await call("show", representation="sticks", selection="organic or resn 'A,B'")
    assert result.commands == ("""/cmd.show(representation='sticks', selection="organic or resn 'A,B'")""",)


@pytest.fixture
def while_asked(person):
    """Does something while the question stands, then answers."""

    def then(do, answer=True):
        async def ask(question):
            person.questions.append(question)
            if len(person.questions) == 1:
                do()
            return Answer(allowed=answer)

        person.ask = ask

    return then


async def test_a_mode_that_is_switched_while_the_question_stands_holds(call, while_asked, hiv_protease):
    while_asked(lambda: setattr(call.door.policy, "mode", Mode.PLAN))
    assert "mode is plan" in (await call("run_pymol", commands="delete all")).error
    assert hiv_protease.get_names() == ["1hpv"]


async def test_a_file_that_comes_while_the_question_stands_is_not_overwritten(
    call, while_asked, hiv_protease, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    while_asked(lambda: (tmp_path / "a.pdb").write_text("precious"))
    result = await call("run_pymol", commands="delete 1hpv\nsave a.pdb")
    assert "while the user was asked, what this would do changed" in result.error
    assert "replaces a.pdb" in result.error
    assert (tmp_path / "a.pdb").read_text() == "precious"
    assert hiv_protease.get_names() == ["1hpv"]


async def test_what_is_changed_by_hand_while_undo_asks_is_asked_about_too(call, person, while_asked, hiv_protease):
    await call("run_pymol", commands="color red, chain A")
    hiv_protease.show("spheres", "organic")
    while_asked(lambda: hiv_protease.label("name CA and resi 25", "resn"))
    await call.undo()
    assert [len(question.effects) for question in person.questions] == [1, 3]
    assert hiv_protease.count_atoms("rep spheres") == 0


async def test_a_call_that_is_stopped_says_what_ran_until_then(call, events, gateway, monkeypatch, hiv_protease):
    run, begun = gateway.run_commands, asyncio.Event()

    async def slow(text):
        await run(text)
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(gateway, "run_commands", slow)
    running = spawn(call("run_pymol", commands="color red, all"), name="call")
    await begun.wait()
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert (events[-1].error, events[-1].commands) == ("Stopped.", ("color red, all",))
    assert events[-1].undoable


async def test_a_change_that_cannot_be_read_back_is_still_one_that_ran(call, gateway, monkeypatch, hiv_protease):
    async def full(*_marks):
        raise MemoryError("no room")

    await call("scene_state")
    with monkeypatch.context() as patch:
        patch.setattr(gateway, "compare", full)
        result = await call("run_pymol", commands="color red, all")
    assert result.ok
    assert result.commands == ("color red, all",)
    assert "could not be read, and Undo does not know it: no room" in result.warnings[0]
    assert "the scene changed since you looked" in (await call("run_pymol", commands="bg_color white")).error
    assert (await call("run_pymol", commands="bg_color white")).ok, "the door is open"


async def test_a_stop_stays_one_where_what_was_done_cannot_be_read(call, gateway, monkeypatch, hiv_protease):
    begun = asyncio.Event()

    async def slow(_text):
        begun.set()
        await asyncio.Event().wait()

    async def closed():
        raise GatewayClosed("PyMOL is closing; nothing more can run in it.")

    running = spawn(call("run_pymol", commands="color red, all"), name="call")
    monkeypatch.setattr(gateway, "run_commands", slow)
    await begun.wait()
    monkeypatch.setattr(gateway, "keep", closed)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()


async def test_a_state_that_the_disk_had_no_room_for_stops_nothing(call, gateway, hiv_protease):
    await call("scene_state")
    hiv_protease.color("blue", "chain B")
    await gateway.forget([call.door._past._seen.number])
    assert "how it was before is no longer kept" in (await call("run_pymol", commands="color red")).error
    assert (await call("run_pymol", commands="color red")).ok


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "BaseException('x')", "SystemExit(3)", "GeneratorExit"])
async def test_code_that_raises_what_ends_programs_ends_nothing(call, person, events, hiv_protease, error):
    person.answer = True
    result = await call("run_python", code=f"cmd.color('red', 'all')\nraise {error}")
    assert not result.ok
    assert result.diff.text == "recoloured 1,631 atoms of 1hpv"
    assert events[-1].undoable
    assert (await call("scene_state")).ok


async def test_exactly_the_states_that_undo_and_redo_need_are_kept(call, gateway, person, hiv_protease):
    chance = random.Random(7)
    hiv_protease.remove("not chain A")
    door = call.door

    async def one():
        kind = chance.choice(("run", "run", "run", "tool", "undo", "redo", "look", "hand", "crash"))
        residue = chance.randint(20, 30)
        person.answer = chance.random() < 0.7
        if kind == "run":
            text = chance.choice(
                ("color red, resi {}", "show spheres, resi {}", "zoom resi {}", "color no", "delete x{}")
            )
            await call("run_pymol", turn=f"t{chance.randint(0, 99)}", commands=text.format(residue))
        elif kind == "tool":
            await call("undo", turn=f"t{chance.random()}", steps=chance.randint(1, 3), redo=chance.random() < 0.5)
        elif kind == "undo":
            await call.undo()
        elif kind == "redo":
            await door.redo(lambda _event: None)
        elif kind == "look":
            await door.look_again()
        elif kind == "hand":
            hiv_protease.color("blue", f"resi {residue}")
        else:
            await door.bring_back(await gateway.keep(), "after a crash")

    for _ in range(300):
        with contextlib.suppress(PymolcodeError):
            await one()
        seen = door._past._seen
        needed = door._past.timeline.marks() | ({seen.number} if seen else set())
        assert set(gateway._history.shelf._hashes) == needed
    assert len(needed) > 20
