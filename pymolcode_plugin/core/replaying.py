"""What a script of a chat is made of, and the port through which it is captured and replayed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from .scene import Frozen, SceneMark

ScriptKind = Literal["pml", "py", "ipynb"]
BESIDE = "_beside"  # the function of a script that gives the path of a file beside it


class ScriptLine(Frozen):
    """One thing to run, as PyMOL's command language says it and as Python does; either may have several lines."""

    pml: str
    python: str


class Captured(Frozen):
    """What leads from one kept scene to another, where nobody wrote down how.

    Attributes:
        lines: What a script runs for it.
        words: The changes, one a line.
        not_said: Those of them that no command says.
        files: Full paths of what was written for it.
    """

    lines: tuple[ScriptLine, ...] = ()
    words: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Proof(Frozen):
    """What came of running a script in a fresh PyMOL.

    Attributes:
        exact: The scene and the camera are those that were wanted.
        differences: What is otherwise, one a line.
        errors: What PyMOL reported meanwhile.
    """

    exact: bool
    differences: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class KeptStep(Frozen):
    """A step that changed the scene and was not undone, with the states around it; see `HistoryPort`."""

    call_id: str
    before: SceneMark
    after: SceneMark


class SettingNow(Frozen):
    """A setting that has not PyMOL's own default."""

    name: str
    value: str
    default: str


class ReplayPort(Protocol):
    """Captures kept scenes for a script, and runs scripts in a fresh PyMOL beside this one.

    Cancelling any of it ends the PyMOL beside.
    """

    async def lines(self, commands: Sequence[str], *, copies_to: Path, copies_from: Path) -> Captured:
        """Journal lines (see `ScenePort.take_journal`) as lines of a script.

        Args:
            commands: The journal's lines.
            copies_to: Where the script will be; files from `copies_from` that it loads are copied there.
            copies_from: A cache, which is emptied some day.
        """
        ...

    async def begin(self, mark: int, *, path: Path) -> Captured:
        """From a PyMOL that was just started to a kept scene; what it holds is written to `path`.

        Raises:
            SceneError: It is no longer kept, or PyMOL beside could not be started.
        """
        ...

    async def between(self, before: int, after: int, *, path: Path) -> Captured:
        """From one kept scene to another; objects that no command makes are written to `path`.

        Raises:
            SceneError: One of them is no longer kept.
        """
        ...

    async def prove(self, script: Path, kind: ScriptKind, wanted: int) -> Proof:
        """Run a script in a fresh PyMOL and compare with a kept scene.

        Raises:
            SceneError: It could not be run to its end.
        """
        ...

    async def settings_now(self, mark: int) -> tuple[SettingNow, ...]:
        """What of a kept scene's settings is not as in a PyMOL that was just started."""
        ...

    async def pymol_version(self) -> str:
        """As PyMOL says it."""
        ...
