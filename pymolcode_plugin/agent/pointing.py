"""What an answer speaks of, in the scene: whether it is there, and showing it; never a step that undo would know."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.ports import ScenePort
from ..core.scene import SceneSnapshot

_AROUND_ANGSTROM = 5.0
_FLIGHT_S = 1.0


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
        """Select atoms and bring them into view; how many they are, 0 where they are no longer there."""
        return await self._scene.point_at(selection, around_angstrom=_AROUND_ANGSTROM, seconds=_FLIGHT_S)
