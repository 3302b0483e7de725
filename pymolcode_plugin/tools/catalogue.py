"""All tools the model may call; the order is the order the model reads them in."""

from __future__ import annotations

from typing import Any

from ..core.tool import Tool
from .help import HELP
from .look import LOOK
from .query_atoms import QUERY_ATOMS
from .run_pymol import RUN_PYMOL
from .scene_state import SCENE_STATE

TOOLS: tuple[Tool[Any], ...] = (SCENE_STATE, RUN_PYMOL, QUERY_ATOMS, LOOK, HELP)
BY_NAME: dict[str, Tool[Any]] = {tool.name: tool for tool in TOOLS}
