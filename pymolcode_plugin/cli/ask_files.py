"""What the command line of `pymolcode ask` itself wants loaded and saved: as the tools do it, without a question."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.events import ApprovalAsked
from ..core.ports import Answer, ScenePort
from ..core.tool import Context
from ..tools.load import LoadArgs
from ..tools.load import load as load_tool
from ..tools.save import SAVE, SaveArgs
from ..tools.save import save as save_tool


async def load(scene: ScenePort, file: str) -> None:
    """Load a file that was named. Raises a PymolcodeError where it does not become something in the scene."""
    await load_tool(LoadArgs(file=file), _context(scene))


async def need_format(scene: ScenePort, file: str) -> None:
    """Raises ToolFailed for what could not be saved in the end."""
    await SAVE.assess(SaveArgs(file=file), scene)


async def save(scene: ScenePort, file: str) -> tuple[str, ...]:
    """Save the session, a structure or a picture; returns what was written."""
    return (await save_tool(SaveArgs(file=file), _context(scene))).files


def _context(scene: ScenePort) -> Context:
    return Context(scene, _Nobody(), _Nobody(), "")


class _Nobody:
    """Neither tool asks, and nothing was done yet that could be undone."""

    async def ask(self, question: ApprovalAsked) -> Answer:  # noqa: ARG002  # the port's
        return Answer(allowed=False)

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:  # noqa: ARG002  # the port's
        return ""

    async def undo_steps(self, n_steps: int) -> str:  # noqa: ARG002  # the port's
        return ""

    async def redo_steps(self, n_steps: int) -> str:  # noqa: ARG002  # the port's
        return ""
