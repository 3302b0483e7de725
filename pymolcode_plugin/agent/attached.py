"""What was attached to a message, as it is when the message is sent, in words for the model."""

from __future__ import annotations

from ..core.errors import CommandFailed
from ..core.ports import ScenePort


async def described(scene: ScenePort, name: str) -> str:
    """A selection with what it matches now; an object without atoms with what it is.

    Raises:
        CommandFailed: It is neither.
    """
    try:
        summary = await scene.summarise(name)
    except CommandFailed:
        kind = (await scene.names()).get(name.removeprefix("%"))
        if kind is None:
            raise
        return f"Attached object `{name}`: a {kind.removeprefix('object:')}, without atoms."
    return f"Attached selection `{name}`: {summary.n_atoms:,} atoms, {summary.n_residues:,} residues."
