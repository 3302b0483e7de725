"""Keeps states of the whole scene, compares them, and brings one back.

Two of its methods touch `cmd` and belong on PyMOL's thread (`take`, `bring_back`); the others take time and no `cmd`,
and belong in a worker thread. `keep` and `restore` do both in turn, for a PyMOL without an event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog

from ..core.errors import SceneError
from ..core.scene import SceneDiff, SceneMark
from . import diff
from .atom_records import flags_of, is_known
from .scene_hash import NOISY_SETTINGS, scene_hash
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
    """

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._taker = Taker(cmd)
        self._taken: Taken | None = None  # the last one, on PyMOL's thread
        self._settled: tuple[Taken, State] | None = None  # the last one, in worker threads
        self._states: dict[int, State] = {}
        self._hashes: dict[int, str] = {}
        self._last = 0
        self._lock = threading.Lock()

    def take(self) -> Taken:
        """Read the scene; on PyMOL's thread."""
        self._taken = self._taker.take(self._taken)
        return self._taken

    def settle(self, taken: Taken) -> SceneMark:
        """Keep what was taken; in a worker thread."""
        with self._lock:
            state = self._settle(taken)
            self._last += 1
            self._states[self._last] = state
            self._hashes[self._last] = scene_hash(state)
            return SceneMark(number=self._last, hash=self._hashes[self._last])

    def keep(self) -> SceneMark:
        """Keep the scene as it is now."""
        return self.settle(self.take())

    def compare(self, before: int, after: int) -> SceneDiff:
        """What differs between two kept states; in a worker thread."""
        with self._lock:
            return diff.compare(self._state(before), self._state(after))

    def session_of(self, number: int) -> tuple[State, dict[str, Any]]:
        """A kept state and the session to restore it from; in a worker thread.

        Raises:
            SceneError: It is no longer kept.
        """
        with self._lock:
            state = self._state(number)
        return state, state.session()

    def bring_back(self, state: State, session: dict[str, Any], *, keep_view: bool = False) -> Restored:
        """Restore a state from its session; on PyMOL's thread."""
        before = self.take()
        if keep_view:
            session["view"] = before.session["view"]
        session["session"] = self._cmd._pymol.session  # the scripts' own storage, which is not the scene
        self._cmd.set_session(session, quiet=1)
        if not state.movie_locked and self._cmd.get_movie_locked() > 0:
            self._cmd.accept()  # PyMOL locks the commands of every movie it loads; these were the user's own
        for name, text in state.texts.items():
            if name not in _LEAVE and self._cmd.get_setting_text(name) != text:
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

    def forget(self, numbers: Sequence[int]) -> None:
        """Let go of states."""
        with self._lock:
            for number in numbers:
                self._states.pop(number, None)
                self._hashes.pop(number, None)

    def _settle(self, taken: Taken) -> State:
        before = self._settled
        if before is not None and before[0] is taken:
            return before[1]
        state = settle(taken, *(before or (None, None)))
        self._settled = (taken, state)
        return state

    def _state(self, number: int) -> State:
        if number not in self._states:
            raise SceneError("That state of the scene is no longer kept.", hint="Undo a more recent step.")
        return self._states[number]
