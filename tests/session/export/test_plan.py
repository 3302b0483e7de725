"""Where in a script what was changed by hand stands."""

from pathlib import Path

from pymolcode_plugin.core.replaying import Captured, KeptStep, ScriptLine
from pymolcode_plugin.core.scene import SceneMark
from pymolcode_plugin.session.export.plan import Place, plan
from pymolcode_plugin.session.export.story import story

from .events import asked, step


def mark(number):
    return SceneMark(number=number, hash=f"{number:016x}")


class Port:
    """Scenes are numbers; odd to even is a change by hand."""

    def __init__(self, *by_hand):
        self.by_hand = set(by_hand)

    async def lines(self, commands, *, copies_to, copies_from):
        return Captured(lines=tuple(ScriptLine(pml=text, python=text) for text in commands))

    async def begin(self, mark, *, path):
        return Captured(lines=(ScriptLine(pml=f"begin {mark}", python=""),), files=(str(path),))

    async def between(self, before, after, *, path):
        if (before, after) not in self.by_hand:
            return Captured()
        return Captured(lines=(ScriptLine(pml=f"hand {before}", python=""),), words=(f"hand {before}",))


async def order(events, kept, now, port):
    place = Place(Path("/out"), "x", Path("/cache"))
    found = await plan(
        story(events), [KeptStep(call_id=i, before=mark(b), after=mark(a)) for i, b, a in kept], now, port, place
    )
    return [block.lines[0].pml if block.lines else f"# {block.words}" for block in found.blocks]


async def test_between_requests_it_stands_before_the_next_one_so_that_a_picture_shows_it():
    events = [
        asked("One"),
        *step("a", "A"),
        asked("Two", "t2"),
        *step("p", "png", undoable=False),
        asked("Three", "t3"),
        *step("b", "B"),
    ]
    found = await order(events, [("a", 1, 2), ("b", 3, 4)], mark(4), Port((2, 3)))
    assert found == ["begin 1", "# One", "A", "hand 2", "# Two", "png", "# Three", "B"]


async def test_within_a_request_it_stands_before_the_step_that_came_next():
    events = [asked("One"), *step("a", "A"), *step("p", "png", undoable=False), *step("b", "B")]
    found = await order(events, [("a", 1, 2), ("b", 3, 4)], mark(5), Port((2, 3), (4, 5)))
    assert found == ["begin 1", "# One", "A", "png", "hand 2", "B", "hand 4"]


async def test_where_nothing_changed_the_scene_it_begins_and_ends_with_what_is_there():
    found = await order([asked("One"), *step("p", "png", undoable=False)], [], mark(7), Port())
    assert found == ["begin 7", "# One", "png"]


async def test_steps_of_another_chat_are_not_in_it():
    events = [asked("One"), *step("b", "B")]
    found = await order(events, [("a", 1, 2), ("b", 3, 4)], mark(4), Port((2, 3)))
    assert found == ["begin 3", "# One", "B"]
