"""What an answer speaks of, in the scene: whether it is there, and showing it; never a step that undo would know."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.ports import ScenePort
from ..core.scene import LINKED, Call, SceneSnapshot

_AROUND_ANGSTROM = 5.0


class Pointing:
    """Asks the scene about atoms, and shows them.

    Args:
        scene: The scene door.
    """

    def __init__(self, scene: ScenePort) -> None:
        self._scene = scene

    async def snapshot(self) -> SceneSnapshot:
        """What is in the scene, by name."""
        return await self._scene.snapshot()

    async def count_each(self, selections: Sequence[str]) -> tuple[int, ...]:
        """See ScenePort."""
        return await self._scene.count_each(selections)

    async def show(self, selection: str) -> int:
        """Select atoms as `LINKED` and bring them into view; how many they are, 0 where they are no longer there."""
        (n_atoms,) = await self._scene.count_each((selection,))
        if n_atoms:
            select = {"name": LINKED, "selection": selection, "enable": 1, "quiet": 1}
            zoom = {"selection": f"%{LINKED}", "buffer": _AROUND_ANGSTROM, "animate": 1.0}
            await self._scene.call(Call(command="select", arguments=select), in_script=False)
            await self._scene.call(Call(command="zoom", arguments=zoom), in_script=False)
        return n_atoms
