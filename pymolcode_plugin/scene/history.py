"""Keeps states of the whole scene, compares them, and brings one back; on PyMOL's thread only."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import SceneError
from ..core.scene import SceneDiff, SceneMark
from . import digest


class History:
    """Implements the synchronous half of `core.ports.HistoryPort`.

    Args:
        cmd: The `pymol.cmd` module.
    """

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._kept: dict[int, tuple[bytes, digest.Digest]] = {}
        self._last = 0

    def keep(self) -> SceneMark:
        """Keep the scene as it is now."""
        session = self._cmd.get_session(binary=1, cache=0)
        seen = digest.read(self._cmd)
        self._last += 1
        self._kept[self._last] = (zlib.compress(pickle.dumps(session, protocol=4), 1), seen)
        text = repr(replace(seen, view=())).encode()
        return SceneMark(number=self._last, hash=hashlib.blake2b(text, digest_size=8).hexdigest())

    def compare(self, before: int, after: int) -> SceneDiff:
        """What differs between two kept states."""
        return digest.compare(self._kept[before][1], self._kept[after][1])

    def restore(self, number: int, *, keep_view: bool = False) -> SceneDiff:
        """Bring a kept state back exactly."""
        if number not in self._kept:
            raise SceneError("That state of the scene is no longer kept.", hint="Undo a more recent step.")
        before = digest.read(self._cmd)
        view = self._cmd.get_view()
        self._cmd.set_session(pickle.loads(zlib.decompress(self._kept[number][0])), quiet=1)  # noqa: S301  # our own bytes
        if keep_view:
            self._cmd.set_view(view)
        return digest.compare(before, digest.read(self._cmd))

    def forget(self, numbers: Sequence[int]) -> None:
        """Let go of states."""
        for number in numbers:
            self._kept.pop(number, None)
