"""Makes a pydantic-ai model of a choice; importing this module is heavy (seconds), so do it in a worker thread."""

from __future__ import annotations

import httpx2
from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from ..clients import new_client
from ..core.outgoing import Wire
from .address import on_this_machine
from .choice import Choice

_NO_KEY = "none"  # servers on this machine want none, but the SDK refuses to start without
_CONNECT_LIMIT_S = 10.0
_SILENCE_LIMIT_S = 300.0  # a local server may read a long prompt for minutes before its first word


def build(choice: Choice, wire: Wire) -> OpenAIChatModel:
    """A model for chat completions at the choice's base URL; whoever is done with it closes its `client`."""
    key = choice.key.get_secret_value() if choice.key else _NO_KEY
    http_client = watched_client(choice.base_url, wire)
    client = AsyncOpenAI(base_url=choice.base_url, api_key=key, http_client=http_client, max_retries=2)
    return OpenAIChatModel(choice.name, provider=OpenAIProvider(openai_client=client))


def watched_client(base_url: str, wire: Wire) -> httpx2.AsyncClient:
    """The HTTP client for a vendor's SDK, whose every request `wire` sees and may refuse.

    A redirect is never followed, because it may lead away from this machine; nor does what is meant for this machine
    go through a proxy.
    """

    async def before_request(request: httpx2.Request) -> None:
        wire.check_address(str(request.url))
        wire.sent(request.method, str(request.url), request.headers, await request.aread())

    return new_client(
        timeout=httpx2.Timeout(_SILENCE_LIMIT_S, connect=_CONNECT_LIMIT_S),
        trust_env=not on_this_machine(base_url),
        follow_redirects=False,
        event_hooks={"request": [before_request]},
    )
