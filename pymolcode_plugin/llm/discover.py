"""Finds model servers that already run on this machine; blocking, for a worker thread."""

from __future__ import annotations

import json
import os
import time

import httpx2
from pydantic import SecretStr

from ..core.errors import ModelUnavailable
from ..core.scene import Frozen
from .address import on_this_machine

_LIMIT_S = 1.0
_MAX_BYTES = 5_000_000
# Provider, its name for people, and the address where it listens unless told otherwise.
_SERVERS = (
    ("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
    ("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1"),
    ("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1"),
)


class LocalServer(Frozen):
    """A server that answered, with the names of its models, the first being the one to use."""

    provider: str
    name: str
    base_url: str
    models: tuple[str, ...]


def running(
    servers: tuple[tuple[str, str, str], ...] = _SERVERS, *, this_machine_only: bool = False
) -> tuple[LocalServer, ...]:
    """The servers that answer at their usual ports, or where OLLAMA_BASE_URL says, with at least one model for chat.

    Args:
        servers: Provider, name for people, and address of each.
        this_machine_only: Ask nothing elsewhere.
    """
    found = []
    for provider, name, base_url in servers:
        address = os.environ.get("OLLAMA_BASE_URL", base_url) if provider == "ollama" else base_url
        if this_machine_only and not on_this_machine(address):
            continue
        try:
            models = listed(address, None)
        except ModelUnavailable:
            continue
        found.append(LocalServer(provider=provider, name=name, base_url=address, models=models))
    return tuple(found)


def listed(base_url: str, api_key: SecretStr | None) -> tuple[str, ...]:
    """Names of the models at an OpenAI-compatible endpoint, those for embeddings left out.

    Raises:
        ModelUnavailable: Nothing answers there as such an endpoint does, or it lists no model.
    """
    headers = {"Authorization": f"Bearer {api_key.get_secret_value()}"} if api_key else {}
    try:
        # Proxies are for the outside; a connection to this machine never goes through one.
        here = on_this_machine(base_url)
        limit_s = _LIMIT_S if here else 10.0
        with httpx2.stream(
            "GET", f"{base_url.rstrip('/')}/models", headers=headers, timeout=limit_s, trust_env=not here
        ) as response:
            response.raise_for_status()
            answer = json.loads(_read(response, limit_s))
        names = tuple(item["id"] for item in answer["data"] if isinstance(item["id"], str))
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelUnavailable(
            f"No model server answers at {base_url} ({type(error).__name__}).", hint="Start it, or correct the address."
        ) from error
    for_chat = tuple(name for name in names if "embed" not in name.lower())
    if not for_chat:
        raise ModelUnavailable(f"The server at {base_url} lists no model.", hint="Load a model in it.")
    return for_chat


def _read(response: httpx2.Response, limit_s: float) -> bytes:
    """The body, within the limit as a whole: what is no model server may send a byte now and then for ever."""
    body, end = b"", time.monotonic() + limit_s
    for chunk in response.iter_bytes():
        body += chunk
        if time.monotonic() > end or len(body) > _MAX_BYTES:
            raise ValueError("it did not come to an end")
    return body
