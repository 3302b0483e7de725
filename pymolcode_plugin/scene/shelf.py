"""Where kept states stand: in memory up to a budget, the oldest on disk, the newest there as well for after a crash.

Writing is done by one thread of the shelf's own, so neither PyMOL nor whoever keeps a state waits for the disk.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog
from filelock import FileLock

from ..core.errors import SceneError
from .disk import NEWEST, Disk
from .leaf import leaves_of, n_bytes_plain
from .state import State
from .state_file import Header, only_memory, part_leaves, with_memory

log = structlog.get_logger()
_MB = 2**20
MEMORY_BYTES = 256 * _MB
DISK_BYTES = 2048 * _MB
LOCK = "lock"


class Shelf:
    """States by number; every method may be called from any thread.

    Args:
        folder: For this session alone; its newest state is found there after a crash. A passing one without it.
        memory_bytes: States beyond are written and let go of, the oldest first; the newest stays.
        disk_bytes: States beyond are forgotten, the oldest first.
    """

    def __init__(
        self, folder: Path | None = None, *, memory_bytes: int = MEMORY_BYTES, disk_bytes: int = DISK_BYTES
    ) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._disk_bytes = disk_bytes
        self._lock = threading.RLock()
        self._states: dict[int, State] = {}
        self._spilled: dict[int, State] = {}  # what is never written of them
        self._hashes: dict[int, str] = {}
        self._ledger = _Ledger()
        self._disk: Disk | None = None
        self._disk_lock = threading.Lock()
        self._file_lock: Any = None
        self._temporary: Any = None
        self._writer = ThreadPoolExecutor(1, "scene states")
        self._waiting = False
        self._on_disk: tuple[str, Any] | None = None  # hash and view of the newest there
        self._closed = False

    def put(self, number: int, state: State, scene_hash: str) -> None:
        """Keep a state; numbers rise."""
        with self._lock:
            self._states[number] = state
            self._hashes[number] = scene_hash
            self._ledger.add(state)
            if not self._waiting and not self._closed and (self._over() or self._newest_to_write() is not None):
                self._waiting = True
                self._writer.submit(self._write_all)

    def get(self, number: int) -> State:
        """A kept state, read back where it is on disk.

        Raises:
            SceneError: It is no longer kept, or the disk lost it.
        """
        with self._lock:
            if number in self._states:
                return self._states[number]
            memory = self._spilled.get(number)
        if memory is None:
            raise SceneError("That state of the scene is no longer kept.", hint="Undo a more recent step.")
        with self._disk_lock:
            return with_memory(self._opened().read(str(number)), memory)

    def forget(self, numbers: Any) -> None:
        """Let go of states."""
        gone = []
        with self._lock:
            for number in numbers:
                self._hashes.pop(number, None)
                state = self._states.pop(number, None)
                if state is not None:
                    self._ledger.remove(state)
                if self._spilled.pop(number, None) is not None:
                    gone.append(str(number))
        if gone:
            with self._disk_lock:
                self._opened().remove(gone)

    @property
    def n_bytes(self) -> int:
        """What the states in memory take, what they share counted once."""
        return self._ledger.n_bytes

    @property
    def n_bytes_on_disk(self) -> int:
        """What the folder takes."""
        return self._disk.n_bytes if self._disk else 0

    def wait(self) -> None:
        """Until everything that is to be written is; for tests and benchmarks."""
        self._writer.submit(lambda: None).result()

    def close(self) -> None:
        """A clean end: nothing is left to recover."""
        self._closed = True
        self._writer.shutdown(wait=False, cancel_futures=True)
        with self._disk_lock:
            if self._disk is None:
                return
            (self._disk.folder / f"{NEWEST}.state").unlink(missing_ok=True)
            self._file_lock.release()
            shutil.rmtree(self._disk.folder, ignore_errors=True)
            if self._temporary is not None:
                self._temporary.cleanup()

    def _write_all(self) -> None:
        try:
            while self._write_one():
                pass
        except Exception as error:  # noqa: BLE001  # border: a full disk must not stop the agent; it stays in memory
            log.warning("scene.not_written", error=str(error))
            self._waiting = False

    def _write_one(self) -> bool:
        """Write what is most urgent; False when there is nothing, and then the next state wakes the writer again."""
        with self._lock:
            number = min(self._states) if self._over() else self._newest_to_write()
            spills = self._over()
            if number is None or self._closed:
                self._waiting = False
                return False
            state, header = self._states[number], self._header(number)
        with self._disk_lock:
            if not self._closed:
                self._opened().write(str(number) if spills else NEWEST, state, header)
        with self._lock:
            if not spills:
                self._on_disk = (header.hash, state.rest.get("view"))
            elif self._states.pop(number, None) is not None:
                self._ledger.remove(state)
                self._spilled[number] = only_memory(state)
        while self._disk and self._disk.n_bytes > self._disk_bytes and self._spilled:
            self.forget([min(self._spilled)])
        return True

    def _over(self) -> bool:
        return self._ledger.n_bytes > self._memory_bytes and len(self._states) > 1

    def _newest_to_write(self) -> int | None:
        if self._folder is None or not self._states:
            return None
        number = max(self._states)
        on_disk = self._on_disk == (self._hashes[number], self._states[number].rest.get("view"))
        return None if on_disk else number

    def _header(self, number: int) -> Header:
        objects = self._states[number].objects().values()
        n_atoms = sum(part.atoms.n_atoms for part in objects if part.atoms)
        return Header(time.time(), len(objects), n_atoms, self._hashes[number])

    def _opened(self) -> Disk:
        if self._disk is None:
            folder = self._folder
            if folder is None:
                self._temporary = tempfile.TemporaryDirectory(prefix="pymolcode", ignore_cleanup_errors=True)
                folder = Path(self._temporary.name)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Taken by the writer's thread and let go by the one that closes.
            self._file_lock = FileLock(folder / LOCK, thread_local=False)
            self._file_lock.acquire(timeout=0)
            self._disk = Disk(folder)
        return self._disk


class _Ledger:
    """What states take, each shared piece counted once."""

    def __init__(self) -> None:
        self.n_bytes = 0
        self._counts: Counter[int] = Counter()

    def add(self, state: State) -> None:
        """Count what no other state has."""
        for key, pieces in self._of(state):
            self._counts[key] += 1
            if self._counts[key] == 1:
                self.n_bytes += self._change(pieces, 1)

    def remove(self, state: State) -> None:
        """No longer count what no other state has."""
        for key, pieces in self._of(state):
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]
                self.n_bytes += self._change(pieces, -1)

    @staticmethod
    def _of(state: State) -> list[tuple[int, Any]]:
        values = [*state.parts, *(value for value in state.rest.values() if isinstance(value, list)), state.texts]
        return [(id(value), value) for value in values]

    def _change(self, value: Any, sign: int) -> int:
        if isinstance(value, dict):
            return sign * 120 * len(value)
        frame = value if isinstance(value, list) else value.frame
        changed = sign * n_bytes_plain(frame)
        for leaf in leaves_of(frame) if isinstance(value, list) else part_leaves(value):
            self._counts[id(leaf)] += sign
            if self._counts[id(leaf)] == (1 if sign > 0 else 0):
                changed += sign * len(leaf.data)
        return changed
