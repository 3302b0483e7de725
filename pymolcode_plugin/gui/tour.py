"""The guided tour: six clicks on 1HPV, each a real step through the one door, without a model."""

from __future__ import annotations

import textwrap

from ..core.ports import ScenePort
from ..core.tasks import spawn
from ..core.tool import ToolResult
from . import tour_steps
from .controller import Controller
from .dock import AgentDock
from .slash import SlashCommand

_NAME = "1hpv"
_MAX_TROUBLE_CHARS, _MAX_ANSWER_CHARS = 300, 160


class Tour:
    """One tour at a time; it can be left whenever nothing runs.

    Args:
        dock: Shows the steps.
        controller: Runs them.
        scene: Is looked at before anything is loaded.
    """

    def __init__(self, dock: AgentDock, controller: Controller, scene: ScenePort) -> None:
        self._dock, self._controller, self._scene = dock, controller, scene
        self._steps: tuple[tour_steps.TourStep, ...] = ()
        self._number = 0
        self._object = _NAME
        self._names: frozenset[str] = frozenset()
        dock.tour.clicked.connect(self._on_bar_clicked)
        dock.tour.left.connect(self.leave)
        dock.empty.tour_requested.connect(self.start)
        controller.commands.add(SlashCommand("tour", "a tour of one minute, on 1HPV", lambda _rest: self.start()))

    @property
    def running(self) -> bool:
        """Whether a step is shown."""
        return bool(self._steps)

    def start(self) -> None:
        """Begin, or begin anew."""
        if not self._controller.busy:
            spawn(self._begin(), name="begin the tour", on_error=self._controller.tell_failure)

    def leave(self) -> None:
        """End here; what was done stays."""
        self._steps = ()
        self._dock.tour.hide()
        self._dock.focus_composer()

    async def _begin(self) -> None:
        names = await self._scene.names()
        self._names = frozenset(names)
        self._steps, self._number, self._object = tour_steps.read(), 0, _NAME
        first = self._steps[0]
        if names:  # nothing comes into a scene that somebody works on before they agree
            says = f"{first.says} What you have loaded stays as it is, and Undo takes 1HPV away again."
            self._steps = (
                first.model_copy(update={"says": says, "click": "Load 1HPV beside it"}),
                *self._steps[1:],
            )
        self._show()

    def _show(self, answer: str = "") -> None:
        if self._number == len(self._steps):
            self.leave()
            return
        step = self._steps[self._number]
        self._dock.show_panel()
        self._dock.tour.show_step(self._number + 1, len(self._steps), step.says, step.click, answer=answer)

    def _on_bar_clicked(self) -> None:
        if not self.running:
            return
        if self._controller.busy:
            self._dock.tour.show_trouble("Something still runs; try again when it is done.")
            return
        self._dock.tour.set_busy(True)
        step = self._steps[self._number].filled(self._object)
        if step.tool:
            self._controller.run_step(step.tool, dict(step.arguments), said=step.click, told=self._on_step_ended)
        elif step.undo:
            before = self._controller.last_step
            self._controller.undo_step()
            self._controller.when_idle(lambda: self._on_undone(before))
        else:
            self._go_on()  # first: it ends the tour, which puts the cursor where one writes
            self._dock.attach_selection(step.selection, step.label)
            self._dock.propose(step.question)

    def _on_step_ended(self, result: ToolResult | None) -> None:
        if result is None:
            self._dock.tour.show_trouble("Stopped. Click to try again, or leave the tour.")
        elif not result.ok:
            self._dock.tour.show_trouble(f"That did not work: {result.error[:_MAX_TROUBLE_CHARS]}")
        else:
            spawn(self._find_object(result), name="go on with the tour", on_error=self._controller.tell_failure)

    async def _find_object(self, result: ToolResult) -> None:
        """PyMOL gives another name where the wanted one is taken."""
        new = [name for name in await self._scene.names() if name not in self._names and name.startswith(_NAME)]
        if self._number == 0 and new:
            self._object = new[-1]
        found = "" if result.diff else textwrap.shorten(result.text, _MAX_ANSWER_CHARS, placeholder=" …")
        self._go_on(found)

    def _on_undone(self, before: str) -> None:
        if self._controller.last_step == before:
            self._dock.tour.show_trouble("Nothing was undone. Click to try again, or leave the tour.")
        else:
            self._go_on()

    def _go_on(self, answer: str = "") -> None:
        if self.running:
            self._number += 1
            self._show(answer)
