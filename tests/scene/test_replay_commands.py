"""What changed between two scenes, as commands: run on the first, they make the second."""

import pytest

from pymolcode_plugin.scene import diff
from pymolcode_plugin.scene.history import History
from pymolcode_plugin.scene.replay import _objects
from pymolcode_plugin.scene.replay_commands import said, view_call
from pymolcode_plugin.scene.scene_hash import scene_hash

from .test_diff import CHANGES

ONLY_THE_WHOLE_SCENE = ("scene ", "mset ", "mview ", "madd ", "mdo ", "mmatrix ")


@pytest.fixture
def history(cmd):
    history = History(cmd)
    yield history
    history.close()


def ran(cmd, call):
    name = "show_as" if call.command == "as" else call.command
    getattr(cmd, name)(**call.arguments)


@pytest.mark.parametrize("command", [command for command, _ in CHANGES])
def test_the_commands_make_the_second_scene_of_the_first(hiv_protease, history, command):
    cmd = hiv_protease
    first = history.keep()
    cmd.do(command)
    second = history.keep()
    one, other = history.shelf.get(first.number), history.shelf.get(second.number)
    found = said(one, other)
    assert found
    if found.not_said:
        assert command.startswith(ONLY_THE_WHOLE_SCENE)
        return
    history.restore(first.number)
    for call in found.before:
        ran(cmd, call)
    if found.copies:
        cmd.set_session(_objects(other, found.copies), partial=1, quiet=1)
    for call in (*found.after, *([view_call(other)] if found.copies else ())):
        ran(cmd, call)
    came = history.shelf.get(history.keep().number)
    assert (scene_hash(came), diff.view_of(came)) == (scene_hash(other), diff.view_of(other)), diff.compare(other, came)


def test_nothing_is_said_where_nothing_changed(hiv_protease, history):
    one, other = history.keep(), history.keep()
    assert not said(history.shelf.get(one.number), history.shelf.get(other.number))


def test_a_few_atoms_are_said_by_their_numbers_and_no_object_is_copied(hiv_protease, history):
    first = history.keep()
    hiv_protease.color("red", "index 1-5+9")
    second = history.keep()
    found = said(history.shelf.get(first.number), history.shelf.get(second.number))
    assert [call.text for call in found.after] == ["color red, selection=%1hpv and index 1-5+9"]
    assert found.copies == []
