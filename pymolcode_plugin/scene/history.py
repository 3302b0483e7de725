"""Keeps states of the whole scene, compares them, and brings one back.

Two of its methods touch `cmd` and belong on PyMOL's thread (`take`, `bring_back`); the others take time and no `cmd`,
and belong in a worker thread. `keep` and `restore` do both in turn, for a PyMOL without an event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymol
import structlog

from ..core.errors import SceneError
from ..core.scene import SceneDiff, SceneFile, SceneMark
from . import diff, session_file
from .atom_records import flags_of, is_known
from .scene_hash import NOISY_SETTINGS, scene_hash
from .shelf import DISK_BYTES, MEMORY_BYTES, Shelf
from .state import MOLECULE, State, Taken, settle
from .taking import Taker

log = structlog.get_logger()
# The window's own; PyMOL writes them itself when a session is restored.
_LEAVE = NOISY_SETTINGS - {"pse_binary_dump"}


@dataclass(frozen=True)
class Restored:
    """What was read around a restore."""

    before: Taken
    after: Taken


class History:
    """Implements `core.ports.HistoryPort` in steps; the gateway puts each on the thread where it belongs.

    Args:
        cmd: The `pymol.cmd` module.
        folder: Of this session's scene, so that the newest state is found after a crash.
        memory_bytes: See Shelf.
        disk_bytes: See Shelf.
    """

    def __init__(
        self,
        cmd: Any,
        folder: Path | None = None,
        *,
        memory_bytes: int = MEMORY_BYTES,
        disk_bytes: int = DISK_BYTES,
    ) -> None:
        self._cmd = cmd
        self._version = str(cmd.get_version()[0])
        self.shelf = Shelf(folder, memory_bytes=memory_bytes, disk_bytes=disk_bytes)
        self._taker = Taker(cmd)
        self._taken: Taken | None = None  # the last one, on PyMOL's thread
        self._settled: tuple[Taken, State] | None = None  # the last one, in worker threads
        self._last = 0
        self._lock = threading.Lock()

    def take(self) -> Taken:
        """Read the scene; on PyMOL's thread."""
        self._taken = self._taker.take(self._taken)
        return self._taken

    def settle(self, taken: Taken) -> SceneMark:
        """Keep what was taken; in a worker thread."""
        with self._lock:
            return self._put(self._settle(taken))

    def adopt(self, state: State) -> SceneMark:
        """Make a state that was recovered one that can be restored."""
        with self._lock:
            return self._put(state)

    def keep(self) -> SceneMark:
        """Keep the scene as it is now."""
        return self.settle(self.take())

    def compare(self, before: int, after: int) -> SceneDiff:
        """What differs between two kept states; in a worker thread."""
        return diff.compare(self.shelf.get(before), self.shelf.get(after))

    def session_of(self, number: int) -> tuple[State, dict[str, Any]]:
        """A kept state and the session to restore it from; in a worker thread.

        Raises:
            SceneError: It is no longer kept.
        """
        state = self.shelf.get(number)
        return state, state.session()

    def bring_back(self, state: State, session: dict[str, Any], *, keep_view: bool = False) -> Restored:
        """Restore a state from its session; on PyMOL's thread.

        Raises:
            SceneError: PyMOL refuses it.
        """
        before = self.take()
        if keep_view:
            session["view"] = before.session["view"]
        if "main" in before.session:
            session["main"] = before.session["main"]  # the size of the window, which is not the scene's
        session["session"] = self._cmd._pymol.session  # the scripts' own storage, which is not the scene
        try:
            self._cmd.set_session(session, quiet=1)
        except pymol.CmdException as error:
            raise SceneError(f"PyMOL could not bring the state back in full: {error}.") from error
        if not state.movie_locked and self._cmd.get_movie_locked() > 0:
            self._cmd.accept()  # PyMOL locks the commands of every movie it loads; these were the user's own
        for name, text in state.texts.items():
            if name in before.texts and name not in _LEAVE and self._cmd.get_setting_text(name) != text:
                self._cmd.set(name, text, quiet=1)
        after = self.take()
        if self._flag_again(session["names"], after.session["names"]):
            after = self.take()
        return Restored(before, after)

    def _flag_again(self, wanted: list[Any], now: list[Any]) -> bool:
        """Give atoms their flags back; PyMOL classifies all anew (polymer, solvent, …) when it restores a session."""
        found = {entry[0]: entry for entry in now if entry and entry[4] == MOLECULE}
        differ = False
        for entry in wanted:
            other = found.get(entry[0]) if entry and entry[4] == MOLECULE else None
            if other is None or not (is_known(entry[5][7]) and is_known(other[5][7])):
                continue
            flags, are = flags_of(entry[5][7][1]), flags_of(other[5][7][1])
            if not np.array_equal(flags, are):
                differ = True
                space = {"wanted": flags.tolist()}
                self._cmd.alter(f"%{entry[0]}", "flags = wanted[index - 1]", space=space, quiet=1)
        return differ

    def confirm(self, wanted: State, restored: Restored) -> SceneDiff:
        """What a restore changed, and whether everything came back; in a worker thread."""
        with self._lock:
            before = self._settle(restored.before)
            after = self._settle(restored.after)
            changed = diff.compare(before, after)
            if not wanted.texts:
                return changed.model_copy(update={"lines": (*changed.lines, *_lost(wanted, after))})
            if scene_hash(after) == scene_hash(wanted):
                return changed
            missing = diff.compare(wanted, after)
            log.warning("history.restored_differently", lines=missing.lines)
            said = [f"not as it was: {line}" for line in missing.lines if line != "moved the view"]
            return changed.model_copy(update={"lines": (*changed.lines, *said)})

    def restore(self, number: int, *, keep_view: bool = False) -> SceneDiff:
        """Bring a kept state back exactly; returns what that changed."""
        state, session = self.session_of(number)
        return self.confirm(state, self.bring_back(state, session, keep_view=keep_view))

    def is_shown(self, now: SceneMark, mark: str) -> bool:
        """Whether a kept state has that mark; in a worker thread."""
        return session_file.mark_of(self.shelf.get(now.number), now.hash) == mark

    def as_file(self, mark: SceneMark, unless: str = "", max_bytes: int | None = None) -> SceneFile | None:
        """A kept state as files, or None where their mark would be `unless`; in a worker thread.

        Raises:
            SceneError: It is no longer kept, or too large.
        """
        if self.is_shown(mark, unless):
            return None
        return session_file.write(self.shelf.get(mark.number), mark.hash, self._version, max_bytes)

    def forget(self, numbers: Sequence[int]) -> None:
        """Let go of states."""
        self.shelf.forget(numbers)

    def close(self) -> None:
        """PyMOL quits as it should: nothing is left to recover."""
        self.shelf.close()

    def _put(self, state: State) -> SceneMark:
        self._last += 1
        mark = SceneMark(number=self._last, hash=scene_hash(state))
        self.shelf.put(mark.number, state, mark.hash)
        return mark

    def _settle(self, taken: Taken) -> State:
        before = self._settled
        if before is not None and before[0] is taken:
            return before[1]
        state = settle(taken, *(before or (None, None)))
        self._settled = (taken, state)
        return state


def _lost(wanted: State, after: State) -> list[str]:
    """What did not come back of a session that another program wrote, which records the same scene in other ways."""
    there = {name: part.n_atoms for name, part in after.objects().items()}
    return [
        f"not as it was: {name}"
        for name, part in wanted.objects().items()
        if name not in there or part.n_atoms not in (None, there[name])
    ]
