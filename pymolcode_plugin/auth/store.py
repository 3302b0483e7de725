"""`auth.json`: 0600 from its first byte, replaced as a whole, one writer at a time, never overwritten when corrupt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from .credentials import Credential


class TokenStore:
    """Read anew at every use, so that a sign-in elsewhere counts at the next request. Blocking: use a worker thread.

    Args:
        path: The file; `~/.pymolcode/auth.json` by default.
    """

    def __init__(self, path: Path | None = None) -> None:
        raise NotImplementedError

    @property
    def set_aside(self) -> Path | None:
        """Where a corrupt file was put, when this store found one; to be said to the user."""
        raise NotImplementedError

    def all(self) -> dict[str, Credential]:
        """Every entry by provider; empty where there is no file.

        Raises:
            AuthError: It cannot be read (rights, disk).
        """
        raise NotImplementedError

    def get(self, provider_id: str) -> Credential | None:
        """The entry of a provider."""
        raise NotImplementedError

    def put(self, credential: Credential) -> None:
        """Add or replace an entry, all others as they are.

        Raises:
            AuthError: It cannot be written; the file is as it was.
        """
        raise NotImplementedError

    def remove(self, provider_id: str) -> Credential | None:
        """Take an entry out; what it was."""
        raise NotImplementedError

    def choose(self, provider_id: str, model: str = "") -> None:
        """This is the provider to use from now on (`metadata.chosen_at`); makes an entry where there is none."""
        raise NotImplementedError

    def chosen(self) -> Credential | None:
        """The entry with the newest `metadata.chosen_at`."""
        raise NotImplementedError

    @contextlib.contextmanager
    def locked(self, provider_id: str) -> Iterator[None]:
        """Hold what refreshes and sign-ins of one provider wait for, across processes; `put` may be called inside."""
        raise NotImplementedError
