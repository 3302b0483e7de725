"""The steps that changed the scene, in order: which were undone, and what undoing each brings back."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.errors import SceneError
from ..core.scene import SceneDiff, SceneMark

_MAX_STEPS = 200


@dataclass(frozen=True)
class Step:
    """One call that changed the scene, with the states around it."""

    turn_id: str
    call_id: str
    title: str
    before: SceneMark
    after: SceneMark
    diff: SceneDiff


@dataclass
class Timeline:
    """Undo takes steps off the end, redo puts them back; a new step ends what could be redone."""

    steps: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def record(self, step: Step) -> tuple[int, ...]:
        """Add a step; returns the kept states that nothing leads to any more."""
        before = self.marks()
        self.undone.clear()
        self.steps.append(step)
        del self.steps[:-_MAX_STEPS]
        return tuple(before - self.marks())

    def from_call(self, call_id: str) -> list[Step]:
        """The step of a call and every later one.

        Raises:
            SceneError: It changed nothing, or was undone already.
        """
        for number, step in enumerate(self.steps):
            if step.call_id == call_id:
                return self.steps[number:]
        raise SceneError("There is nothing to undo in this step: it changed nothing, or it is undone already.")

    def from_turn(self, turn_id: str = "") -> list[Step]:
        """The steps of a turn and every later one; of the last turn that changed something by default."""
        if not self.steps:
            raise SceneError("There is nothing to undo.")
        wanted = turn_id or self.steps[-1].turn_id
        for number, step in enumerate(self.steps):
            if step.turn_id == wanted:
                return self.steps[number:]
        raise SceneError("There is nothing to undo.")

    def last(self, n_steps: int) -> list[Step]:
        """The last steps, as many as there are up to `n_steps`."""
        if not self.steps:
            raise SceneError("There is nothing to undo.")
        return self.steps[-max(1, n_steps) :]

    def to_redo(self, n_steps: int = 0) -> list[Step]:
        """What was undone last: the whole turn, or `n_steps` steps of it."""
        if not self.undone:
            raise SceneError("There is nothing to do again.")
        if n_steps:
            return self.undone[:n_steps]
        turn_id = self.undone[0].turn_id
        rest = next((number for number, step in enumerate(self.undone) if step.turn_id != turn_id), len(self.undone))
        return self.undone[:rest]

    def undo(self, steps: list[Step]) -> None:
        """They are undone."""
        del self.steps[len(self.steps) - len(steps) :]
        self.undone = [*steps, *self.undone]

    def redo(self, steps: list[Step]) -> None:
        """They are done again."""
        del self.undone[: len(steps)]
        self.steps += steps

    def marks(self) -> set[int]:
        """The states that undo or redo can lead to."""
        return {mark.number for step in (*self.steps, *self.undone) for mark in (step.before, step.after)}
