"""Protocols where rooms that do not know each other meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from .events import ApprovalAsked
from .risk import Assessment
from .scene import (
    AtomRow,
    Call,
    CommandOutput,
    Frozen,
    HostFacts,
    LoadedFile,
    SceneDiff,
    SceneFile,
    SceneMark,
    SceneSnapshot,
    SelectionSummary,
)

Vocabulary = Literal["representation", "color", "palette", "setting", "scene"]


class ScenePort(Protocol):
    """PyMOL, as tools see it. Every method goes through the executor's queue; any coroutine may call them.

    Raises:
        GatewayClosed: PyMOL is quitting.
    """

    async def snapshot(self) -> SceneSnapshot:
        """Read the scene, bounded in size."""
        ...

    async def call(self, call: Call, *, in_script: bool = True) -> CommandOutput:
        """Run one PyMOL command by its keyword arguments; `value` is what it returned.

        Args:
            call: The command.
            in_script: Whether a script that does the same would say it; see `take_journal`.
        """
        ...

    async def write_down(self, call: Call) -> None:
        """A script that does what was done says this; see `take_journal`."""
        ...

    async def run_commands(self, text: str) -> CommandOutput:
        """Run PyMOL command text as if typed, one line after the other, stopping at the first error."""
        ...

    async def run_python(self, code: str) -> CommandOutput:
        """Run Python with `cmd` at hand; `value` is that of the last expression, as text."""
        ...

    def take_journal(self) -> tuple[str, ...]:
        """Commands that changed something and ran since this was last asked, as a script would say them."""
        ...

    async def assess(self, what: str | Sequence[Call]) -> Assessment:
        """What command text (split and abbreviated as PyMOL would) or calls would do; unknown words are EXEC."""
        ...

    async def assess_file(self, path: str, *, writes: bool) -> Assessment:
        """What reading or writing a file would do: FILE, and whether it lies outside the working folder."""
        ...

    async def check(self, selection: str) -> SelectionSummary:
        """Resolve a selection and look for known traps; warnings say what was probably meant.

        Raises:
            SelectionEmpty: It is valid and matches nothing; the hint says what is there instead.
            CommandFailed: PyMOL rejects it; carries its message.
        """
        ...

    async def summarise(self, selection: str) -> SelectionSummary:
        """Resolve a selection expression. Raises CommandFailed when PyMOL rejects it; 0 atoms is a result."""
        ...

    async def count_each(self, selections: Sequence[str]) -> tuple[int, ...]:
        """How many atoms each expression matches; 0 where PyMOL rejects it, or for what there was no time for."""
        ...

    async def atoms(self, selection: str, *, limit: int = 5000) -> list[AtomRow]:
        """Read the atoms of a selection, in PyMOL's order, coordinates of the current state.

        Raises:
            SelectionEmpty: The expression is valid and matches nothing.
            CommandFailed: PyMOL rejected the expression; carries its message.

        Source: https://pymolwiki.org/index.php/Iterate_state
        """
        ...

    async def area(self, selection: str, *, solvent: bool) -> float:
        """Molecular (or solvent-accessible) surface area in square Angstrom."""
        ...

    async def image(self, *, max_width_px: int = 1024) -> bytes:
        """PNG of the viewport as it is now; the view and the window stay as they were."""
        ...

    async def ray(self, *, width_px: int, height_px: int, opaque: bool = False) -> bytes:
        """Ray-traced PNG of the scene as it is now, made beside PyMOL so that its window stays alive.

        Args:
            width_px: Of the picture.
            height_px: Of the picture.
            opaque: With the background that the viewport has, whatever the scene's setting for pictures says.

        Raises:
            CommandFailed: The picture could not be made.
        """
        ...

    async def help(self, topic: str) -> str:
        """Documentation of a command or setting of the running PyMOL, found by name or by meaning."""
        ...

    async def load_file(
        self, path: str, *, name: str, entries: tuple[str, ...] = (), possible_atoms: range | None = None
    ) -> LoadedFile:
        """Load a structure, map or drawing as one step: it is in the scene and counted, or nothing has changed.

        Never for sessions and scripts, which do more than add objects.

        Args:
            path: Absolute.
            name: Wanted for the object; another is taken where there is one of that name.
            entries: Names of the entries in a file of several, which become an object each; empty for one object.
            possible_atoms: How many it may have; None for any number but none.

        Raises:
            CommandFailed: PyMOL cannot read it, or made something else of it.
        """
        ...

    async def host(self) -> HostFacts:
        """Version, Qt and graphics of the running PyMOL."""
        ...

    async def names(self) -> dict[str, str]:
        """Objects and named selections in PyMOL's order, with PyMOL's types, e.g. `object:map` or `selection`."""
        ...

    async def legal_name(self, name: str) -> str:
        """What PyMOL would make of a name: reserved words get an underscore, bad characters go."""
        ...

    async def vocabulary(self, kind: Vocabulary) -> tuple[str, ...]:
        """The words of a kind that the running PyMOL knows at this moment."""
        ...

    async def setting(self, name: str, selection: str = "") -> str:
        """Value of a setting as text: global, of an object, or of atoms (each different value once, at most five).

        Raises:
            CommandFailed: PyMOL has no such setting, or cannot read the selection.
        """
        ...

    async def closeup(self, selection: str, *, max_width_px: int = 1024) -> bytes:
        """PNG of a selection filling the viewport; the view is as before when this returns."""
        ...

    async def point_at(self, selection: str, *, around_angstrom: float, seconds: float) -> int:
        """Select atoms as `LINKED` and fly the camera to them; how many they are, and nothing is done where none.

        Whatever looks through the camera next (a state that is kept, a picture, a command) finds it there.
        """
        ...


class HistoryPort(Protocol):
    """Keeping, comparing and restoring states of the whole scene."""

    async def keep(self) -> SceneMark:
        """Keep the scene as it is now."""
        ...

    async def compare(self, before: int, after: int) -> SceneDiff:
        """What differs between two kept states, in words and numbers."""
        ...

    async def restore(self, number: int, *, keep_view: bool = False) -> SceneDiff:
        """Bring a kept state back exactly; returns what that changed.

        Raises:
            SceneError: It is no longer kept.
        """
        ...

    async def forget(self, numbers: Sequence[int]) -> None:
        """Let go of states that can no longer be asked for."""
        ...


class SceneFilesPort(Protocol):
    """States of the scene as files, and back."""

    async def scene_file(self, *, unless: str = "") -> SceneFile | None:
        """The scene as it is now, as files; None where its mark is `unless`.

        Raises:
            SceneError: It is too large to be kept.
        """
        ...

    async def shows(self, mark: str) -> bool:
        """Whether the scene is the one of that mark, seen from the same place."""
        ...

    async def read_scene_file(self, file: SceneFile, *, trusted: bool) -> SceneMark:
        """Make a state that `HistoryPort.restore` takes of a file; nothing in it runs.

        Args:
            file: What was kept.
            trusted: We wrote it.

        Raises:
            SceneError: It is damaged, or holds what would run code.
        """
        ...


class Completion(Frozen):
    """One answer of a local model under a grammar, with what it cost."""

    text: str
    n_prompt: int = 0
    n_cached: int = 0
    n_generated: int = 0
    seconds: float = 0.0
    stop_reason: Literal["stop", "length"] = "stop"


class CompletionPort(Protocol):
    """A llama.cpp server, as the compact profile sees it."""

    async def complete(self, prompt: str, *, grammar: str, max_tokens: int) -> Completion:
        """Continue `prompt` under a GBNF grammar, at temperature 0.

        Raises:
            ModelUnavailable: The server is not there.
            StreamBroken: It died in the middle.
        """
        ...

    async def warm(self, prefix: str) -> float:
        """Make `prefix` the cached beginning, from disk if it was ever evaluated before; seconds it took."""
        ...


class Answer(Frozen):
    """What the person said to a step that waits.

    Attributes:
        allowed: Run it.
        reason: Why not, for the model.
        command: The command as the person edited it; None when it was left as it is.
        always: Do not ask for the like of it again in this working folder.
    """

    allowed: bool
    reason: str = ""
    command: str | None = None
    always: bool = False


class PersonPort(Protocol):
    """The person in front of the screen; a front without one denies and leaves questions unanswered."""

    async def ask(self, question: ApprovalAsked) -> Answer:
        """May this step run?"""
        ...

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:
        """A question of the model; one of the choices or the person's own words, empty when dismissed."""
        ...


class UndoPort(Protocol):
    """Takes steps back, for the tool of that name."""

    async def undo_steps(self, n_steps: int) -> str:
        """Undo the last steps that changed the scene; what that changed, in words.

        Raises:
            SceneError: There is nothing to undo.
        """
        ...

    async def redo_steps(self, n_steps: int) -> str:
        """Do again what was undone last."""
        ...
