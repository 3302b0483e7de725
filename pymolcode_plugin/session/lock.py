"""Says that a session is open: a lock on a file in its folder, which the system takes back when its process dies."""

from __future__ import annotations

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

_NAME = "lock"


def take(folder: Path) -> BaseFileLock | None:
    """Have a session for this process alone; None where another chat has it, of this process or of another one.

    Raises:
        OSError: The folder cannot be written, or its file system has no locks.
    """
    lock = FileLock(folder / _NAME, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    except NotImplementedError as error:
        raise OSError(str(error)) from error
    return lock


def is_open(folder: Path) -> bool:
    """Whether a living process has it."""
    if not (folder / _NAME).exists():
        return False
    try:
        lock = take(folder)
    except OSError:
        return False
    if lock is None:
        return True
    lock.release()
    return False
