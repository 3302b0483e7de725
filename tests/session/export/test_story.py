from pymolcode_plugin.session.export.story import Done, Text, story

from .events import asked, said, step, undone


def ids(requests):
    return [[item.call_id for item in request.items if isinstance(item, Done)] for request in requests]


def test_what_was_said_and_done_stands_with_its_request_in_order():
    events = [asked("One"), said("First "), said("this."), *step("a", "zoom"), said("Done."), asked("Two", "t2")]
    first, second = story(events)
    assert first.items[0] == Text("First this.")
    assert isinstance(first.items[1], Done)
    assert first.items[2] == Text("Done.")
    assert (second.text, second.items) == ("Two", [])


def test_what_was_undone_is_gone_and_what_was_done_again_is_back():
    events = [asked("One"), *step("a", "zoom"), *step("b", "turn x, 1"), undone("a", "b")]
    assert ids(story(events)) == [[]]
    assert ids(story([*events, undone("a", action="redo")])) == [["a"]]
