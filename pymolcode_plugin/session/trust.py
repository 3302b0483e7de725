"""Says which kept sessions this installation wrote: a signature with a key that never leaves the user folder."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from filelock import FileLock

from .. import whole_files

_N_BYTES = 32


class Signer:
    """Signs and recognises manifests with HMAC-SHA256.

    Args:
        key_file: Holds 32 random bytes, for its user's eyes only; made when something is signed first.
    """

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        self._key: bytes | None = None

    def sign(self, data: bytes) -> str:
        """The signature, 64 hex digits; blocking.

        Raises:
            OSError: There is no key, and none can be made.
        """
        return hmac.new(self._made(), data, hashlib.sha256).hexdigest()

    def wrote(self, data: bytes, signature: str) -> bool:
        """Whether this installation signed it; blocking."""
        key = self._key or self._read()
        if key is None:
            return False
        wanted = hmac.new(key, data, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))

    def _made(self) -> bytes:
        """The key; one process makes it where two want to at once."""
        key = self._key or self._read()
        if key is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(f"{self._file}.lock", timeout=10):
                key = self._read()
                if key is None:
                    key = secrets.token_bytes(_N_BYTES)
                    whole_files.write(self._file, key, private=True)
        self._key = key
        return key

    def _read(self) -> bytes | None:
        """None where it is none of ours: too short, or somebody else could have read or written it."""
        try:
            state = self._file.stat()
            data = self._file.read_bytes()
        except OSError:
            return None
        if os.name != "nt" and (state.st_mode & 0o077 or state.st_uid != os.getuid()):
            return None
        return data if len(data) == _N_BYTES else None
