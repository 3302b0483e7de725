import pytest

from pymolcode_plugin.core.attachments import Message
from pymolcode_plugin.gui.outbox import MAX_WAITING, Outbox


@pytest.fixture
def outbox():
    box = Outbox()
    for text in ("one", "two", "three"):
        box.add(Message(text=text))
    return box


def texts(outbox):
    return [item.message.text for item in outbox.waiting]


def test_they_are_sent_one_after_the_other_when_a_turn_went_well(outbox):
    outbox.turn_over(well=True)
    assert outbox.next().message.text == "one"
    outbox.turn_over(well=True)
    assert outbox.next().message.text == "two"
    assert texts(outbox) == ["three"]


def test_after_a_failure_or_stop_they_are_kept_and_not_sent_until_the_user_says_so(outbox):
    outbox.turn_over(well=False)
    assert outbox.next() is None
    outbox.turn_over(well=True)
    assert outbox.next() is None, "another turn that went well does not send them either"
    outbox.release()
    assert outbox.next().message.text == "one"


def test_what_is_written_after_a_stop_is_sent_though_what_waited_before_is_held(outbox):
    outbox.turn_over(well=False)
    outbox.add(Message(text="after"))
    outbox.turn_over(well=True)
    assert outbox.next().message.text == "after"
    assert outbox.next() is None
    assert texts(outbox) == ["one", "two", "three"]
    outbox.steer(outbox.waiting[1].number)
    outbox.turn_over(well=True)
    assert outbox.next().message.text == "two", "who wants it said now wants it sent"


def test_an_empty_one_holds_nothing(outbox):
    for item in outbox.waiting:
        outbox.remove(item.number)
    outbox.turn_over(well=False)
    assert not outbox.held
    outbox.add(Message(text="later"))
    outbox.turn_over(well=False)
    outbox.remove(outbox.waiting[0].number)
    assert not outbox.held


def test_what_the_turn_was_told_is_gone_and_what_it_was_not_is_next(outbox):
    two, three = outbox.waiting[1:]
    outbox.steer(two.number)
    outbox.steer(three.number)
    outbox.heard("three")
    assert texts(outbox) == ["one", "two"]
    outbox.turn_over(well=True)
    assert outbox.next().message.text == "two"
    assert not any(item.steering for item in outbox.waiting)


def test_what_was_heard_without_its_key_is_the_first_that_was_to_be_heard(outbox):
    outbox.steer(outbox.waiting[1].number)
    outbox.heard("********")
    assert texts(outbox) == ["one", "three"]
    outbox.heard("nobody said this")
    assert texts(outbox) == ["one", "three"]


def test_one_that_was_sent_meanwhile_cannot_be_removed(outbox):
    number = outbox.waiting[0].number
    outbox.next()
    assert outbox.remove(number) is None


def test_no_more_than_some_can_wait():
    outbox = Outbox()
    for number in range(MAX_WAITING):
        assert not outbox.full
        outbox.add(Message(text=str(number)))
    assert outbox.full
