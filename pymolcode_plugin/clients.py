"""Makes every HTTP client: with the user's proxies and certificates, and never while PyMOL ends.

PyMOL ends through C's exit(), which takes OpenSSL down; a worker thread that is reading certificates then, as each new
client does, crashes the process on its way out.

Proxies come from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` or the system's settings; certificates from
the system, from `SSL_CERT_FILE`, and from the `ca_file` of the settings.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable
from typing import Any

import httpx2

from .config import settings
from .core.errors import ConfigError

_making = threading.Lock()


def new_client(
    kind: Callable[..., httpx2.AsyncClient] | None = None,
    **options: Any,  # noqa: ANN401  # httpx2's own options, passed on
) -> httpx2.AsyncClient:
    """An `httpx2.AsyncClient`; from any thread, best a worker: reading certificates takes a tenth of a second.

    Args:
        kind: Makes it in place of that, of the same options.
        options: Its own.

    Raises:
        ConfigError: The certificates of `ca_file` cannot be read.
    """
    with _making:
        verify = certificates(trust_env=options.get("trust_env", True))
        return (kind or httpx2.AsyncClient)(**{"verify": verify} | options)


def certificates(*, trust_env: bool = True) -> ssl.SSLContext | bool:
    """What httpx2 takes as `verify`, so that `ca_file` is trusted as well; True where none is set.

    Raises:
        ConfigError: They cannot be read.
    """
    ca_file = ""
    with contextlib.suppress(ConfigError):  # whoever chooses the model tells it
        ca_file = settings.load().ca_file
    if not ca_file:
        return True
    context = httpx2.create_ssl_context(trust_env=trust_env)
    try:
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"The certificates in {ca_file} cannot be read: {type(error).__name__}.",
            hint="`ca_file` (or PYMOLCODE_CA_FILE) names a file of certificates in PEM form.",
        ) from error
    return context


def make_no_more(*, limit_s: float = 2.0) -> None:
    """Wait until none is being made, and let no other begin; only where the process ends next."""
    _making.acquire(timeout=limit_s)
