"""Says that a session is open: a lock on a file in its folder, which the system takes back when its process dies."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

_NAME = "lock"
_PASSING_S = 0.1  # somebody who only looks whether it is open has it for less


def take(folder: Path) -> BaseFileLock | None:
    """Have a session for this process alone; None where another chat has it, of this process or of another one.

    Raises:
        OSError: The folder cannot be written, or its file system has no locks.
    """
    lock = FileLock(folder / _NAME, thread_local=False)
    try:
        lock.acquire(timeout=_PASSING_S, poll_interval=0.02)
    except Timeout:
        return None
    except NotImplementedError as error:
        raise OSError(str(error)) from error
    return lock


def is_open(folder: Path) -> bool:
    """Whether a living process has it."""
    path = folder / _NAME
    if not path.exists():
        return False
    try:
        if os.name != "nt":
            return _is_held(path)
        lock = take(folder)
    except OSError:
        return False
    if lock is None:
        return True
    lock.release()
    return False


def _is_held(path: Path) -> bool:
    """The same without the library, which takes milliseconds for each of a thousand sessions."""
    import fcntl  # noqa: PLC0415  # not on Windows

    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
