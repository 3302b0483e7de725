import pytest

from pymolcode_plugin.agent.repetition import Repetition
from pymolcode_plugin.core.errors import ToolFailed


@pytest.fixture
def repetition():
    return Repetition()


def fail(repetition, name="show", turn="t", **arguments):
    repetition.begin(turn, name, arguments)
    repetition.note(name, arguments, ok=False)


def test_the_same_failing_call_is_stopped_the_third_time(repetition):
    fail(repetition, selection="x")
    fail(repetition, selection="x")
    with pytest.raises(ToolFailed, match="exactly this call"):
        repetition.begin("t", "show", {"selection": "x"})
    repetition.begin("t", "show", {"selection": "y"})


def test_repairing_ends_after_a_set_number_of_failures(repetition):
    for number in range(6):
        fail(repetition, selection=str(number))
    with pytest.raises(ToolFailed, match="6 calls in a row"):
        repetition.begin("t", "hide", {})


def test_a_call_that_works_and_a_new_turn_begin_anew(repetition):
    for number in range(5):
        fail(repetition, selection=str(number % 2) + str(number))
    repetition.note("show", {}, ok=True)
    for number in range(6):
        fail(repetition, selection=str(number))
    repetition.begin("next", "show", {"selection": "0"})
