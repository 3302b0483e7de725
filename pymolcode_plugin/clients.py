"""Makes every HTTP client, and keeps PyMOL from ending in the middle of one.

PyMOL ends through C's exit(), which takes OpenSSL down; a worker thread that is reading certificates then, as each new
client does, crashes the process on its way out.
"""

from __future__ import annotations

import threading
from typing import Any

import httpx2

_making = threading.Lock()


def new_client(**options: Any) -> httpx2.AsyncClient:  # noqa: ANN401  # httpx2's own options, passed on
    """An `httpx2.AsyncClient`; from any thread."""
    with _making:
        return httpx2.AsyncClient(**options)


def make_no_more(*, limit_s: float = 2.0) -> None:
    """Wait until none is being made, and let no other begin; only where the process ends next."""
    _making.acquire(timeout=limit_s)
