"""All tools the model may call; the order is the order the model reads them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.tool import Tool
from .color import COLOR
from .fetch import FETCH
from .help import HELP
from .load import LOAD
from .look import LOOK
from .query_atoms import QUERY_ATOMS
from .run_pymol import RUN_PYMOL
from .save import SAVE
from .scene_state import SCENE_STATE
from .scripts import EDIT_SCRIPT, READ_SCRIPT
from .select import SELECT
from .settings import SET
from .show import SHOW


class Catalogue:
    """Tools by name, and the older names that still work.

    Args:
        tools: In the order the model reads them in.
    """

    def __init__(self, tools: tuple[Tool[Any], ...]) -> None:
        self.tools = tools
        self.names = tuple(tool.name for tool in tools)
        self._by_name = {tool.name: tool for tool in tools}

    def find(self, name: str, arguments: Mapping[str, object]) -> tuple[Tool[Any], Mapping[str, object]] | None:
        """The tool that a call means, with the arguments in its own terms; None for an unknown name."""
        tool = self._by_name.get(name)
        return (tool, arguments) if tool is not None else None


TOOLS: tuple[Tool[Any], ...] = (
    SCENE_STATE, QUERY_ATOMS, SHOW, COLOR, SELECT, SET, RUN_PYMOL, LOOK, HELP, LOAD, FETCH, SAVE,
    READ_SCRIPT, EDIT_SCRIPT,
)  # fmt: skip
