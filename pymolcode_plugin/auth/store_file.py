"""The file of a token store: 0600 from its first byte, replaced as a whole, one writer at a time, never lost.

What cannot be read at all is put aside under another name. On Windows modes mean nothing; there the rights of the
user's own folder decide who may read it.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import glob
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from .. import logs, whole_files
from ..core.errors import AuthError

Raw = dict[str, Any]
_WRITE_LIMIT_S = 10.0
_DAMAGED = ".damaged-"
_log = logs.get("auth")
# Where a damaged file was put, for the whole process: whoever finds it is seldom the one that can tell the user.
_aside: dict[Path, Path] = {}


class StoreFile:
    """A JSON object on disk. Blocking."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def set_aside(self) -> Path | None:
        """Where this process put a damaged file, as long as that is there."""
        found = _aside.get(self.path)
        return found if found is not None and found.exists() else None

    def all_set_aside(self) -> tuple[Path, ...]:
        """Where damaged ones were put, by whichever process, that are still there."""
        return tuple(sorted(self.path.parent.glob(f"{glob.escape(self.path.name)}{_DAMAGED}*")))

    def read(self) -> Raw:
        """The content; empty where there is no file, or none that can be understood.

        Raises:
            AuthError: It cannot be read, or not be put aside.
        """
        content = self._content()
        if content is None:
            with self._write_lock():
                content = self._content()
                if content is None:
                    self._put_aside()
        return content or {}

    @contextlib.contextmanager
    def writing(self) -> Iterator[Raw]:
        """The content, to be changed; written when the block ends without an error.

        Raises:
            AuthError: It cannot be read or written; the file is as it was.
        """
        self.make_folder()
        with self._write_lock():
            content = self._content()
            if content is None:
                self._put_aside()
            changed: Raw = content or {}
            yield changed
            self._write(changed)

    def lock(self, name: str) -> FileLock:
        """A lock beside the file; not of a thread: what one worker thread takes, another gives back."""
        return FileLock(self.path.with_name(name), mode=0o600, thread_local=False)

    def make_folder(self) -> None:
        """Make its folder, for the user alone.

        Raises:
            AuthError: It cannot be made.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise AuthError(f"{self.path.parent} cannot be made: {error.strerror or error}.") from error

    def _content(self) -> Raw | None:
        """What the file holds; None where that makes no sense."""
        try:
            self._narrow()
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise AuthError(
                f"{self.path} cannot be read: {error.strerror or error}.", hint="Correct its owner and its rights."
            ) from error
        try:
            content = json.loads(data.decode("utf-8-sig"))  # editors of Windows put a mark at the beginning
        except (ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) else None

    def _write(self, content: Mapping[str, object]) -> None:
        try:
            whole_files.discard_left(self.path)
            # Half a surrogate pair has no UTF-8; with a backslash it is JSON's own escape.
            data = json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")
            whole_files.write(self.path, data, private=True)
        except OSError as error:
            raise AuthError(
                f"{self.path} cannot be written: {error.strerror or error}. It is as it was.",
                hint="Make room on the disk, or correct the rights of its folder, and try again.",
            ) from error

    def _put_aside(self) -> None:
        """Keep what cannot be read; somebody may still get their sign-ins out of it."""
        stamp = datetime.datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
        names = (f"{self.path.name}{_DAMAGED}{stamp}{f'_{number}' if number else ''}" for number in range(1000))
        aside = next(path for path in map(self.path.with_name, names) if not path.exists())
        try:
            _move(self.path.resolve(), aside)
        except OSError as error:
            raise AuthError(
                f"{self.path} is damaged and cannot be moved away: {error.strerror or error}.",
                hint="Move it away by hand, then sign in again.",
            ) from error
        _aside[self.path] = aside
        _log.warning("auth.store_set_aside", path=str(aside))

    def _narrow(self) -> None:
        """Nobody else reads it, whoever made it; where it is not ours to change, it stays."""
        if os.name == "nt":
            return
        with contextlib.suppress(PermissionError):
            if self.path.stat().st_mode & 0o077:
                self.path.chmod(0o600)
        with contextlib.suppress(PermissionError):
            if self.path.parent.stat().st_mode & 0o077 and is_own_folder(self.path.parent):
                self.path.parent.chmod(0o700)

    def _write_lock(self) -> contextlib.AbstractContextManager[None]:
        return holding(self.lock(f"{self.path.name}.lock"), _WRITE_LIMIT_S, str(self.path))


def is_own_folder(folder: Path) -> bool:
    """Whether it is the user's alone; what many share (as /tmp, which is sticky) or another owns is not ours to close.

    Raises:
        OSError: It cannot be looked at.
    """
    about = folder.stat()
    return os.name == "nt" or (about.st_uid == os.geteuid() and not about.st_mode & stat.S_ISVTX)


@contextlib.contextmanager
def holding(lock: FileLock, limit_s: float, what: str) -> Iterator[None]:
    """Hold a lock.

    Raises:
        AuthError: Somebody else holds it for longer than `limit_s`.
    """
    try:
        lock.acquire(timeout=limit_s)
    except Timeout:
        raise AuthError(
            f"Another pymolcode holds {what} for longer than {limit_s:.0f} s.", hint="Try again when it is done."
        ) from None
    except OSError as error:
        raise AuthError(
            f"{what} cannot be locked: {error.strerror or error}.", hint="Correct the rights of its folder."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _move(source: Path, aside: Path) -> None:
    """Also from another disk, which a link may point to; for the user's eyes only."""
    try:
        source.rename(aside)
        aside.chmod(0o600)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        whole_files.write(aside, source.read_bytes(), private=True)
        source.unlink()
