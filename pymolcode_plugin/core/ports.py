"""Protocols where rooms that do not know each other meet."""

from __future__ import annotations

from typing import Literal, Protocol

from .risk import Risk
from .scene import AtomRow, CommandOutput, Frozen, SceneDiff, SceneSnapshot, SelectionSummary


class ScenePort(Protocol):
    """PyMOL, as tools see it. Every method goes through the executor's queue; any coroutine may call them.

    Raises:
        GatewayClosed: PyMOL is quitting.
    """

    async def snapshot(self) -> SceneSnapshot:
        """Read the scene, bounded in size."""
        ...

    async def run_commands(self, text: str) -> CommandOutput:
        """Run PyMOL command text as if typed, one line after the other, stopping at the first error."""
        ...

    async def classify(self, text: str) -> Risk:
        """The risk of command text, split and abbreviated as PyMOL would; unknown words are EXEC."""
        ...

    async def summarise(self, selection: str) -> SelectionSummary:
        """Resolve a selection expression. Raises CommandFailed when PyMOL rejects it; 0 atoms is a result."""
        ...

    async def atoms(self, selection: str, *, limit: int = 5000) -> list[AtomRow]:
        """Read the atoms of a selection, in PyMOL's order, coordinates of the current state.

        Raises:
            SelectionEmpty: The expression is valid and matches nothing.
            CommandFailed: PyMOL rejected the expression; carries its message.

        Source: https://pymolwiki.org/index.php/Iterate_state
        """
        ...

    async def sequence(self, selection: str) -> str:
        """One-letter sequence of the polymer in a selection, one line a chain as FASTA."""
        ...

    async def area(self, selection: str, *, solvent: bool) -> float:
        """Molecular (or solvent-accessible) surface area in square Angstrom."""
        ...

    async def image(self, *, max_width_px: int = 1024) -> bytes:
        """PNG of the viewport as it is now; the view and the window stay as they were."""
        ...

    async def help(self, topic: str) -> str:
        """Documentation of a command or setting of the running PyMOL; close names where there is none."""
        ...


class CheckpointPort(Protocol):
    """Saving and restoring the whole scene, and saying what differs."""

    async def checkpoint(self, label: str) -> int:
        """Keep the scene; returns the checkpoint's number."""
        ...

    async def restore(self, number: int) -> SceneDiff:
        """Bring a checkpoint back; returns what that changed."""
        ...

    async def mark(self) -> int:
        """Remember a digest of the scene for `changes_since`; cheap next to a checkpoint."""
        ...

    async def changes_since(self, mark: int) -> SceneDiff:
        """What changed since `mark`, in words and numbers; forgets the mark."""
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


class ApprovalPort(Protocol):
    """Asks the person in front of the screen."""

    async def ask(self, *, call_id: str, question: str, command: str) -> bool:
        """True to allow. A front without a person answers False."""
        ...
