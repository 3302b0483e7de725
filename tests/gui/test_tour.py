import asyncio
from pathlib import Path

import pytest

from pymolcode_plugin.core.scene import SceneDiff
from pymolcode_plugin.core.tool import ToolResult
from pymolcode_plugin.gui import tour_steps
from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue

from .test_sign_in_dialog import heard

pytestmark = pytest.mark.usefixtures("qt_application")


def test_every_step_is_a_sentence_and_a_click_that_does_one_thing_a_tool_would_accept():
    steps = tour_steps.read()
    assert 5 <= len(steps) <= 6
    catalogue = Catalogue(TOOLS)
    for step in (each.filled("1hpv_1") for each in steps):
        assert step.says
        assert len(step.click) < 24
        assert [bool(step.tool), step.undo, bool(step.question)].count(True) == 1
        assert "{" not in step.model_dump_json().replace('"arguments":{', "").lstrip("{")
        if step.tool:
            found = catalogue.find(step.tool, step.arguments)
            assert found is not None
            found[0].args.model_validate(dict(step.arguments))
    assert steps[0].tool == "load"
    assert any(step.undo for step in steps), "Undo is a step of its own"


def test_the_structure_comes_with_pymol(shipped):
    assert tour_steps.structure() == shipped / "tut" / "1hpv.pdb"
    assert Path(tour_steps.read()[0].filled("x").arguments["file"]).is_file()


class Dock:
    """What the tour needs of the panel."""

    def __init__(self):
        from pymolcode_plugin.gui.empty_state import EmptyState
        from pymolcode_plugin.gui.tour_bar import TourBar

        self.tour, self.empty = TourBar(), EmptyState()
        self.attached, self.proposed, self.n_focused = [], [], 0

    def show_panel(self):
        pass

    def focus_composer(self):
        self.n_focused += 1

    def attach_selection(self, name, label=""):
        self.attached.append((name, label))

    def propose(self, text):
        self.proposed.append(text)


class Controller:
    """Runs steps as a test says."""

    def __init__(self):
        from pymolcode_plugin.gui.slash import SlashCommands

        self.commands = SlashCommands()
        self.busy, self.ran, self.failures, self.last_step = False, [], [], "direct4"
        self.result = ToolResult()
        self.undoes = True

    def run_step(self, tool, arguments, *, said, told):
        self.ran.append((tool, arguments))
        told(self.result)

    def undo_step(self):
        self.ran.append(("undo", {}))
        if self.undoes:
            self.last_step = "direct3"

    def when_idle(self, then):
        then()

    def tell_failure(self, error):
        self.failures.append(error)


class Scene:
    def __init__(self, *names):
        self.loaded = names

    async def names(self):
        return dict.fromkeys(self.loaded, "object:molecule")


async def settle():
    from pymolcode_plugin.core import tasks

    while tasks._running:  # noqa: ASYNC110  # it has no event to wait for
        await asyncio.sleep(0)


@pytest.fixture
def made():
    from pymolcode_plugin.gui.tour import Tour

    def make(*names):
        dock, controller, scene = Dock(), Controller(), Scene(*names)
        return Tour(dock, controller, scene), dock, controller, scene

    return make


async def begin(tour):
    tour.start()
    await settle()


async def click(dock):
    dock.tour.go.click()
    await settle()


async def test_the_whole_tour_runs_each_step_once_and_ends_where_one_writes(made):
    tour, dock, controller, scene = made()
    await begin(tour)
    scene.loaded = ("1hpv",)
    for _ in tour_steps.read():
        assert not dock.tour.isHidden()
        await click(dock)
    assert [tool for tool, _ in controller.ran] == ["load", "run_pymol", "query_atoms", "color", "undo"]
    assert dock.attached == [("%1hpv and organic", "the drug")]
    assert dock.proposed == ["Which hydrogen bonds does the drug make?"]
    assert dock.tour.isHidden()
    assert not tour.running
    assert controller.failures == []


async def test_a_scene_in_use_is_left_alone_until_the_person_agrees_in_place(made):
    tour, dock, controller, _scene = made("mine", "1hpv")
    await begin(tour)
    assert "What you have loaded stays as it is" in dock.tour.says.text()
    assert dock.tour.go.text() == "Load 1HPV beside it"
    assert controller.ran == []


async def test_where_the_name_is_taken_the_steps_are_about_the_object_that_was_loaded(made):
    tour, dock, controller, scene = made("1hpv")
    await begin(tour)
    scene.loaded = ("1hpv", "1hpv_2", "somebody_elses")
    await click(dock)
    await click(dock)
    assert "%1hpv_2 and polymer" in controller.ran[1][1]["commands"]
    assert "%1hpv and" not in controller.ran[1][1]["commands"]


async def test_a_step_that_fails_says_why_and_can_be_tried_again(made):
    tour, dock, controller, _scene = made()
    await begin(tour)
    controller.result = ToolResult(ok=False, error="The mode is plan.")
    await click(dock)
    assert dock.tour.trouble.text() == "That did not work: The mode is plan."
    assert dock.tour.go.isEnabled()
    controller.result = ToolResult()
    await click(dock)
    assert dock.tour.trouble.isHidden()
    assert dock.tour.go.text() == "Show them"


async def test_what_a_step_found_without_changing_anything_is_said_with_the_next(made):
    tour, dock, controller, _scene = made()
    await begin(tour)
    controller.result = ToolResult(text="25 residues: " + "LEU A/23, " * 60)
    await click(dock)
    assert dock.tour.answer.text().startswith("25 residues: LEU A/23,")
    assert len(dock.tour.answer.text()) <= 160
    controller.result = ToolResult(text="x", diff=SceneDiff(lines=("recoloured 5 atoms",)))
    await click(dock)
    assert dock.tour.answer.isHidden()


async def test_a_step_that_was_stopped_stays_the_same(made):
    tour, dock, controller, _scene = made()
    await begin(tour)
    controller.result = None
    await click(dock)
    assert dock.tour.go.text() == "Load 1HPV"
    assert "Stopped" in dock.tour.trouble.text()


async def test_an_undo_that_the_person_refused_stays_at_its_step(made):
    tour, dock, controller, _scene = made()
    await begin(tour)
    for _ in range(4):
        await click(dock)
    controller.undoes = False
    await click(dock)
    assert dock.tour.go.text() == "Undo the colours"
    assert "Nothing was undone" in dock.tour.trouble.text()


async def test_nothing_is_clicked_while_the_agent_works_and_the_tour_can_be_left_at_any_time(made):
    tour, dock, controller, _scene = made()
    await begin(tour)
    controller.busy = True
    await click(dock)
    assert controller.ran == []
    assert "Something still runs" in dock.tour.trouble.text()
    dock.tour.leave.click()
    assert dock.tour.isHidden()
    assert dock.n_focused == 1
    controller.busy = False
    await begin(tour)
    assert not dock.tour.isHidden()


async def test_a_step_that_ends_after_the_tour_was_left_brings_it_not_back(made):
    tour, dock, _controller, _scene = made()
    await begin(tour)
    tour.leave()
    tour._on_step_ended(ToolResult())
    await settle()
    assert dock.tour.isHidden()


def test_escape_leaves_and_every_other_key_is_left_to_the_panel(qt_application):
    from PyQt5.QtTest import QTest

    from pymolcode_plugin.gui.qt import QtCore
    from pymolcode_plugin.gui.tour_bar import TourBar

    bar = TourBar()
    left, clicked = heard(bar.left), heard(bar.clicked)
    bar.show_step(1, 6, "Look.", "Do it")
    QTest.keyClick(bar.go, QtCore.Qt.Key.Key_Return)
    assert clicked == [()]
    QTest.keyClick(bar.go, QtCore.Qt.Key.Key_Escape)
    assert left == [()]
    assert bar.go.accessibleDescription() == "Look."


async def test_the_tour_has_a_command(made):
    tour, dock, controller, _scene = made()
    controller.commands.find("tour").run("")
    await settle()
    assert tour.running
    assert not dock.tour.isHidden()
