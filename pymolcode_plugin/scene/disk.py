"""Pieces of states in a private folder: each written once under its digest, whole or not at all; no `cmd`.

Nothing is forced to the disk's surface: it is the death of the process that is survived, not that of the machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from weakref import WeakValueDictionary

from .. import whole_files
from ..core.errors import SceneError
from .leaf import Leaf
from .state import State
from .state_file import Header, leaves, read, write

NEWEST = "newest"


class Disk:
    """A folder of states; not for two threads at once.

    Args:
        folder: Made private to the user.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / "parts"
        self._parts.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sizes = {path.name: path.stat().st_size for path in self._parts.iterdir()}
        self._leaves: WeakValueDictionary[bytes, Leaf] = WeakValueDictionary()
        self._used: dict[str, tuple[int, frozenset[str]]] = {}  # by state: size of its file, the pieces it has

    @property
    def n_bytes(self) -> int:
        """What the folder takes."""
        return sum(self._sizes.values()) + sum(size for size, _ in self._used.values())

    def write(self, name: str, state: State, header: Header) -> None:
        """Write a state and the pieces of it that are not there yet, then remove pieces that no state has."""
        used = set()
        for leaf in leaves(state):
            used.add(leaf.digest.hex())
            self._leaves[leaf.digest] = leaf
            if leaf.digest.hex() not in self._sizes:
                packed = zlib.compress(leaf.data, 1)
                whole_files.put(self._parts / leaf.digest.hex(), packed)
                self._sizes[leaf.digest.hex()] = len(packed)
        data = write(state, header)
        whole_files.put(self._path(name), data)
        self._used[name] = (len(data), frozenset(used))
        self._sweep()

    def read(self, name: str) -> State:
        """Read a state.

        Raises:
            SceneError: It is damaged, or not there.
        """
        return read(read_file(self._path(name)), self._read_leaf)

    def remove(self, names: Iterable[str]) -> None:
        """Let go of states."""
        for name in names:
            if self._used.pop(name, None):
                self._path(name).unlink(missing_ok=True)
        self._sweep()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.state"

    def _sweep(self) -> None:
        live = frozenset[str]().union(*(pieces for _, pieces in self._used.values()))
        for digest in self._sizes.keys() - live:
            (self._parts / digest).unlink(missing_ok=True)
            del self._sizes[digest]

    def _read_leaf(self, digest: bytes) -> Leaf:
        known = self._leaves.get(digest)
        if known is None:
            known = self._leaves[digest] = read_leaf(self._parts, digest)
        return known


def read_leaf(folder: Path, digest: bytes) -> Leaf:
    """Read one piece and see that it is the one.

    Raises:
        SceneError: It is damaged, or not there.
    """
    packed = read_file(folder / digest.hex())
    try:
        leaf = Leaf(zlib.decompress(packed))
    except zlib.error as error:
        raise SceneError("The saved state of the scene is damaged: a piece of it cannot be unpacked.") from error
    if leaf.digest != digest:
        raise SceneError("The saved state of the scene is damaged: a piece of it was changed.")
    return leaf


def read_file(path: Path) -> bytes:
    """The bytes of a file of a state.

    Raises:
        SceneError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SceneError(f"The saved state of the scene cannot be read: {error.strerror or error}.") from error
