"""Keeps whole scenes so that they can come back; PyMOL's own undo restores neither colours nor deletions."""

from __future__ import annotations

import pickle
import zlib
from collections import OrderedDict
from typing import Any

from ..core.errors import SceneError

_MAX_BYTES = 256 * 1024 * 1024


class Checkpoints:
    """Compressed sessions in memory, oldest forgotten first; on PyMOL's thread only.

    The sessions are this process's own and never touch a file, so unpickling them is safe.
    """

    def __init__(self, cmd: Any) -> None:
        self._cmd = cmd
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._last = 0

    def keep(self) -> int:
        """Store the scene as it is; returns its number."""
        session = self._cmd.get_session(binary=1, cache=0)
        self._last += 1
        self._kept[self._last] = zlib.compress(pickle.dumps(session, protocol=4), 1)
        while sum(map(len, self._kept.values())) > _MAX_BYTES and len(self._kept) > 1:
            self._kept.popitem(last=False)
        return self._last

    def restore(self, number: int) -> None:
        """Bring a scene back, exactly.

        Raises:
            SceneError: It was forgotten to bound memory, or never existed.
        """
        packed = self._kept.get(number)
        if packed is None:
            raise SceneError("That state of the scene is no longer kept.", hint="Undo a more recent turn.")
        self._cmd.set_session(pickle.loads(zlib.decompress(packed)), quiet=1)  # noqa: S301  # our own bytes
