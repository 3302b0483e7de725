"""Assessments that are the same for every call of a tool."""

from __future__ import annotations

from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.tool import ToolArgs


async def read_only(_args: ToolArgs, _scene: ScenePort) -> Assessment:
    """The tool reads the scene and changes nothing."""
    return Assessment()
