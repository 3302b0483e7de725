"""Whether an address is on this machine; the one place that decides it.

The safe answer is no, so only what cannot be elsewhere counts: an IP address of the loopback range in its usual
spelling, and `localhost` where the system resolves it to such addresses. Any other name is elsewhere without being
looked up: a lookup would already tell the name to others, and its answer may be another one when the connection is
made. The host is read by the library that makes the connection, so that both mean the same.
"""

from __future__ import annotations

import functools
import ipaddress
import socket
from collections.abc import Callable

import httpx2

Resolve = Callable[[str], tuple[str, ...]]
_LOCALHOST = "localhost"
# Ollama lists models that run on its makers' computers beside those that run here.
_CLOUD_SUFFIXES = (":cloud", "-cloud")


@functools.cache
def addresses(name: str) -> tuple[str, ...]:
    """The IP addresses of a name as the system resolves it; empty where it has none."""
    try:
        return tuple(str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    except OSError:
        return ()


def on_this_machine(url: str, resolve: Resolve = addresses) -> bool:
    """True only where nothing sent to `url` can leave this machine.

    Args:
        url: A web address; what is none is not on this machine.
        resolve: Used for `localhost` alone.
    """
    host = host_of(url)
    if host == _LOCALHOST:
        found = resolve(host)
        return bool(found) and all(map(_is_loopback, found))
    return _is_loopback(host)


@functools.lru_cache(maxsize=256)  # asked several times for each request, before its first byte goes out
def host_of(url: str) -> str:
    """The host that a connection to `url` would go to, in lower case; empty where there is none."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError, ValueError):
        return ""
    return parsed.raw_host.decode("ascii", "replace").lower() if parsed.scheme in ("http", "https") else ""


def shown(url: str) -> str:
    """The address for people: without the name and password, and the query, that some put into it."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError, ValueError):
        return "this address"
    host = host_of(url)
    host = f"[{host}]" if ":" in host else host
    port = f":{parsed.port}" if parsed.port is not None else ""
    return f"{parsed.scheme}://{host}{port}{parsed.path.rstrip('/')}" if host else "this address"


def runs_elsewhere(model: str) -> bool:
    """True for a model's name that a server on this machine passes on to its makers' computers."""
    return model.lower().endswith(_CLOUD_SUFFIXES)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address.scope_id is None and (address.ipv4_mapped or address).is_loopback
    return address.is_loopback
