"""Whether what a model was chosen by has changed since: the settings' files, and who signed in to what."""

from __future__ import annotations

from ..auth.store import TokenStore
from ..config import paths
from ..core.errors import AuthError

_FILES = ("config.yaml", "config.json")


class Staleness:
    """Remembers a fingerprint; looks at files only, never at a network. Blocking: use a worker thread."""

    def __init__(self) -> None:
        self._seen: object = None

    def remember(self) -> None:
        """This is what the choice goes by."""
        self._seen = _fingerprint()

    def forget(self) -> None:
        """The next look finds a change."""
        self._seen = None

    def is_stale(self) -> bool:
        """Whether it changed since `remember`. A renewed token is no change."""
        return self._seen != _fingerprint()


def _fingerprint() -> object:
    folder = paths.user_folder()
    times = []
    for name in _FILES:
        try:
            about = (folder / name).stat()
            times.append((about.st_mtime_ns, about.st_size))
        except OSError:
            times.append((0, 0))
    try:
        found = TokenStore().all()
    except AuthError:
        return times, "unreadable"
    signed_in = [
        (name, item.metadata.get("chosen_at"), item.metadata.get("model"), item.metadata.get("base_url"))
        for name, item in sorted(found.items())
    ]
    return times, signed_in
