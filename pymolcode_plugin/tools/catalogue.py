"""All tools the model may call; the order is the order the model reads them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.tool import Tool
from .aliases import translated
from .align import ALIGN
from .alter import ALTER
from .ask_user import ASK_USER
from .color import COLOR
from .delete import DELETE
from .fetch import FETCH
from .help import HELP
from .label import LABEL
from .load import LOAD
from .look import LOOK
from .maps import MAP
from .measure import MEASURE
from .movie import MOVIE
from .objects import OBJECTS
from .query_atoms import QUERY_ATOMS
from .run_pymol import RUN_PYMOL
from .run_python import RUN_PYTHON
from .save import SAVE
from .scene_state import SCENE_STATE
from .scripts import EDIT_SCRIPT, READ_SCRIPT
from .select import SELECT
from .settings import SET
from .show import SHOW
from .symmetry import SYMMETRY
from .undo import UNDO
from .view import VIEW


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
        if name not in self._by_name:
            name, arguments = translated(name, arguments)
        tool = self._by_name.get(name)
        return (tool, arguments) if tool is not None else None


TOOLS: tuple[Tool[Any], ...] = (
    SCENE_STATE, LOAD, FETCH, SAVE, QUERY_ATOMS, MEASURE, SHOW, COLOR, LABEL, SET, SELECT, VIEW, LOOK, ALIGN, OBJECTS,
    DELETE, ALTER, SYMMETRY, MAP, MOVIE, RUN_PYMOL, RUN_PYTHON, READ_SCRIPT,
    EDIT_SCRIPT, HELP, ASK_USER, UNDO,
)  # fmt: skip
