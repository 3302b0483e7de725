import itertools

import pytest

from pymolcode_plugin.agent.timeline import Step, Timeline
from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.core.scene import SceneDiff, SceneMark


@pytest.fixture
def timeline():
    """Turn a: c1, c2; turn b: c3."""
    made, numbers = Timeline(), itertools.count(1)
    for turn_id, call_id in (("a", "c1"), ("a", "c2"), ("b", "c3")):
        made.record(step(turn_id, call_id, next(numbers), next(numbers)))
    return made


def step(turn_id, call_id, before, after):
    marks = [SceneMark(number=number, hash=str(number)) for number in (before, after)]
    return Step(turn_id, call_id, call_id, *marks, SceneDiff(lines=("x",)))


def ids(steps):
    return [item.call_id for item in steps]


def test_a_step_takes_every_later_one_with_it(timeline):
    assert ids(timeline.from_call("c2")) == ["c2", "c3"]
    assert ids(timeline.from_turn("a")) == ["c1", "c2", "c3"]
    assert ids(timeline.from_turn()) == ["c3"]
    assert ids(timeline.last(2)) == ["c2", "c3"]
    assert ids(timeline.last(99)) == ["c1", "c2", "c3"]


def test_redo_goes_forward_turn_by_turn_or_step_by_step(timeline):
    timeline.undo(timeline.from_turn("a"))
    assert timeline.steps == []
    assert ids(timeline.to_redo(1)) == ["c1"]
    timeline.redo(timeline.to_redo())
    assert ids(timeline.steps) == ["c1", "c2"]
    timeline.redo(timeline.to_redo())
    assert ids(timeline.steps) == ["c1", "c2", "c3"]
    with pytest.raises(SceneError, match="do again"):
        timeline.to_redo()


def test_a_new_step_ends_what_could_be_redone_and_lets_go_of_its_states(timeline):
    timeline.undo(timeline.from_call("c2"))
    gone = timeline.record(step("c", "c4", 2, 7))
    assert set(gone) == {3, 4, 5, 6}
    assert ids(timeline.steps) == ["c1", "c4"]
    with pytest.raises(SceneError):
        timeline.to_redo()


def test_what_is_not_there_is_said(timeline):
    with pytest.raises(SceneError, match="changed nothing"):
        timeline.from_call("c9")
    with pytest.raises(SceneError):
        timeline.from_turn("z")
    with pytest.raises(SceneError):
        Timeline().last(1)
    with pytest.raises(SceneError):
        Timeline().from_turn()


def test_old_steps_are_let_go_in_the_end(timeline):
    gone = {number for at in range(400) for number in timeline.record(step("t", f"n{at}", 1000 + at, 1001 + at))}
    assert len(timeline.steps) == 200
    assert {1, 2, 3, 1000} <= gone
    assert 1399 not in gone
